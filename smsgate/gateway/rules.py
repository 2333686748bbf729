"""What the configuration says, as the values that texts are read and answered by.

What comes in: a `Config`. What goes out: the `Grammar` that `commands.parse` reads
with, and the `Policy` that every handler is given. Put together in `smsgate.daemon`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands.parse import Grammar
from commands.vocabulary import Vocabulary
from smsgate import market
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.handlers import Policy
from smsgate.members.pins import PinPolicy
from smsgate.phone import calling_code, subscriber_digits

if TYPE_CHECKING:
    from smsgate.config import Config


def policy_of(config: Config) -> Policy:
    """Return the network's rules that handlers apply."""
    limits, sms = config.limits, config.sms
    return Policy(
        timezone=ZoneInfo(config.network.timezone),
        one_step=limits.one_step,
        two_step=limits.two_step,
        day=limits.day,
        day_count=limits.day_count,
        week=limits.week,
        low=limits.low,
        loose=limits.low if limits.loose is None else limits.loose,
        low_ms=limits.low_hours * HOUR_MS,
        dormant_ms=config.security.dormant_days * DAY_MS,
        late_ms=sms.late_minutes * MINUTE_MS,
        repeat_ms=sms.repeat_minutes * MINUTE_MS,
        question_ms=sms.question_minutes * MINUTE_MS,
        pin_length=config.security.pin_length,
        balance_needs_pin=config.security.balance_needs_pin,
        network=config.network.name,
        cool_off_ms=limits.cool_off * SECOND_MS,
        cool_off_above=limits.cool_off_above,
        card_step=limits.day if limits.payment is None else limits.payment,
        pins=PinPolicy.of(config.security),
        info={
            info.word: {"es": info.text_es, "en": info.text_en or info.text_es}
            for info in config.info
        },
        market=_market(config),
    )


def _market(config: Config) -> market.Rules:
    return market.Rules(
        most=config.market.ads,
        offer_ms=config.market.offer_days * DAY_MS,
        need_ms=config.market.need_days * DAY_MS,
    )


def grammar_of(config: Config) -> Grammar:
    """Return how the network's texts are read."""
    network = config.network
    return Grammar(
        country_code=calling_code(network.country),
        # Elsewhere than in El Salvador: anything but 0 and 1.
        phone_first="2567" if network.country == "SV" else "23456789",
        phone_digits=subscriber_digits(network.country),
        pin_length=config.security.pin_length,
        decimals=network.decimals,
        unit=network.unit,
        vocabulary=Vocabulary(config.words, [info.word for info in config.info]),
    )
