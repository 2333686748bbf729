"""The links of a configuration: built, paced, and told how their texts are judged.

What comes in: the `[[link]]` tables. What goes out: links as `modem.drivers` builds
them, secrets read, none running; how fast each may send; and the rules by which what
comes over it is read. Used by `smsgate.daemon`, and by whoever only looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modem import drivers
from smsgate.clock import MINUTE_MS
from smsgate.config import BadConfig, BadSecret, HttpLink, Mistake, SecretRef
from smsgate.config.ways import Routed
from smsgate.gateway import LinkRules
from smsgate.messages.pacing import Pacing
from smsgate.operations.texts import hooks

if TYPE_CHECKING:
    from modem.link import Link
    from smsgate.clock import Clock
    from smsgate.config import Config, LinkConfig

#: Keys that every link has, and which the driver does not see as its own.
_COMMON = {
    *("name", "driver", "trusted", "time_offset_minutes", "max_delay_minutes"),
    "country",
    *Routed.model_fields,
}


def links_of(config: Config, clock: Clock) -> list[Link]:
    """Build every link of a configuration, not running.

    Raises:
        BadSecret: what one of them needs cannot be read.
        BadConfig: a driver does not take what is said of its link; all is told at once.
    """
    links, mistakes = [], []
    for place, link in enumerate(config.links, 1):
        try:
            links.append(_link(config, clock, link))
        except drivers.BadDriver as error:
            mistakes.append(_mistake(place, link, error))
    if mistakes:
        raise BadConfig("the configuration", tuple(mistakes))
    return links


def link_mistakes(config: Config, clock: Clock) -> list[str]:
    """Return what drivers do not take; a link that lacks a secret is left out."""
    mistakes = []
    for place, link in enumerate(config.links, 1):
        try:
            _link(config, clock, link)
        except BadSecret:
            continue
        except drivers.BadDriver as error:
            mistakes.append(str(_mistake(place, link, error)))
    return mistakes


def _mistake(place: int, link: LinkConfig, error: drivers.BadDriver) -> Mistake:
    text = str(error).removeprefix(f"link {link.name}: ")
    return Mistake(path=f"link[{place}]", text=text)


def _link(config: Config, clock: Clock, link: LinkConfig) -> Link:
    return drivers.build(
        link.driver,
        link.name,
        _options(config, link),
        clock=clock,
        trusted=link.trusted,
        time_offset_minutes=link.time_offset_minutes,
    )


def _options(config: Config, link: LinkConfig) -> dict[str, object]:
    """Return the driver's own keys, secrets read."""
    options = {
        key: value.read_text() if isinstance(value, SecretRef) else value
        for key, value in link
        if key not in _COMMON and value not in (None, "")
    }
    if isinstance(link, HttpLink) and link.hook_secret and config.http.address:
        # Some vendors are told with each text where its reports go.
        secret = str(options["hook_secret"])
        options["report_url"] = hooks.url(config, link.name, secret, "report")
    return options


def pacing_of(config: Config, name: str) -> Pacing:
    """Return how fast a link may send: its own figures, or those of all."""
    own = next((link for link in config.links if link.name == name), None)
    return Pacing(
        per_minute=(own and own.per_minute) or config.sms.per_minute,
        per_hour=(own and own.per_hour) or config.sms.per_hour,
    )


def rules_of(link: LinkConfig) -> LinkRules:
    """Return how what comes over a link is read."""
    delay = link.max_delay_minutes
    return LinkRules(
        max_delay_ms=None if delay is None else delay * MINUTE_MS,
        time_offset_ms=link.time_offset_minutes * MINUTE_MS,
        country=link.country if isinstance(link, HttpLink) else "",
    )
