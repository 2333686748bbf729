"""Promises on airtime: read by the operator's code, told, and warned of in time."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from modem.errors import LinkDown
from modem.gsm import airtime, ussd
from modem.gsm.notices import Notices
from modem.link import LinkStatus
from modem.simulator import EmulatedModem, Shown
from tests.modem.rig import OFTEN, Rig, delivered, running

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "*567#"
PATTERN = r"saldo\D*(?P<amount>[\d.,]+)"
RULE: dict[str, Any] = {
    "airtime_code": CODE,
    "airtime_pattern": PATTERN,
    "airtime_floor": "1.00",
}


def told(amount: str) -> Callable[[Rig], bool]:
    """Whether the link tells this credit."""
    return lambda rig: rig.link.state.airtime == amount


def asked(rig: Rig) -> bool:
    """Whether an answer is still waited for."""
    owner = rig.link._owner
    return owner is not None and owner._airtime._asked


async def read(rig: Rig, amount: str, *, after_s: float = 6.0) -> None:
    """Let time pass, and wait until the link tells this credit."""
    rig.clock.advance(after_s)
    await rig.until_told(told(amount))


@pytest.mark.parametrize("shown", list(Shown))
async def test_the_credit_is_read_however_the_modem_shows_it(shown: Shown) -> None:
    """Plain, as hex of UCS-2, and as hex of packed septets."""
    with EmulatedModem() as modem:
        modem.codes.shown = shown
        modem.top_up(Decimal("4.25"))
        async with running(modem, OFTEN, **RULE) as rig:
            await read(rig, "4.25")

            assert modem.codes.dialled == [CODE]
            assert rig.link.state.status is LinkStatus.up
            assert not rig.link.state.airtime_low


async def test_below_the_floor_an_alarm_stands_until_it_is_topped_up() -> None:
    """Texts go on meanwhile, and it is asked each hour instead of each day."""
    with EmulatedModem() as modem:
        modem.top_up(Decimal("0.80"), price=Decimal("0.10"))
        async with running(modem, OFTEN, **RULE) as rig:
            rig.clock.advance(6)
            state = await rig.house.until_state(LinkStatus.degraded)
            await rig.send()
            modem.top_up(Decimal("5.00"))
            await read(rig, "5.00", after_s=3_601)
            await rig.up()

    assert (state.airtime, state.airtime_low) == ("0.80", True)
    assert state.reason == ("The airtime of the SIM is 0.80, below 1.00; top it up.")


async def test_the_schedule_is_kept_over_connections() -> None:
    """It is asked after a start and then as often as was said, not at each connect."""
    with EmulatedModem() as modem:
        modem.top_up(Decimal("5.00"))
        async with running(
            modem, OFTEN, answer_s=0.1, airtime_every_hours=12, **RULE
        ) as rig:
            await read(rig, "5.00")
            modem.faults.deaf = True
            await rig.house.until_state(LinkStatus.down)
            modem.faults.clear()
            modem.top_up(Decimal("3.00"))
            await rig.up()
            rig.clock.advance(11 * 3_600)
            modem.deliver_pdu(delivered("BAL")[0])
            await rig.emptied()
            assert modem.codes.dialled == [CODE]
            await read(rig, "3.00", after_s=3_700)

    assert modem.codes.dialled == [CODE, CODE]


async def test_a_character_set_left_behind_does_not_garble_the_code() -> None:
    """Another program left UCS-2; the code is dialled and the answer is read."""
    with EmulatedModem() as modem:
        modem.top_up(Decimal("2.00"))
        # The set cannot be changed back, so the code is written in it.
        modem.faults.fail('AT+CSCS="GSM"', "ERROR", times=1_000)
        async with running(modem, OFTEN, **RULE) as rig:
            modem._general.settings["+CSCS"] = '"UCS2"'
            await read(rig, "2.00")

    assert modem.codes.dialled == [CODE]


async def test_a_menu_of_the_network_is_closed() -> None:
    """Where the network waits for a choice, the session is ended at once."""
    with EmulatedModem() as modem:
        modem.top_up(Decimal("2.00"))
        modem.codes.asks_on = True
        async with running(modem, OFTEN, **RULE) as rig:
            await read(rig, "2.00")
            await rig.until_told(lambda _: modem.codes.hung_up == 1)


async def test_a_text_does_not_wait_for_the_network_s_answer() -> None:
    """The code is dialled and its answer awaited beside everything else."""
    with EmulatedModem() as modem:
        modem.faults.lose_answer("AT+CUSD=1", taken=False)
        async with running(modem, OFTEN, answer_s=0.1, **RULE) as rig:
            rig.clock.advance(6)
            await rig.until_told(lambda _: not modem.faults._rules)
            await rig.send()
            assert rig.link.state.airtime == ""
            # It never came; another try is made before long.
            modem.top_up(Decimal("2.00"))
            rig.clock.advance(61)
            await rig.until_told(lambda rig: not asked(rig))
            await read(rig, "2.00", after_s=901)


async def test_a_sim_without_credit_says_so_when_it_sends() -> None:
    """The network refuses; the sentence says where to look, and it is tried again."""
    with EmulatedModem() as modem:
        modem.top_up(Decimal("0.05"), price=Decimal("0.10"))
        async with running(modem) as rig:
            with pytest.raises(LinkDown, match="see whether the SIM has credit"):
                await rig.send()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('+CUSD: 0,"Saldo $1.00",15', "Saldo $1.00"),
        ('+CUSD:0,"Saldo $1.00"', "Saldo $1.00"),
        ('+CUSD: 1,"Saldo: 1,00 \n1 Mas",15', "Saldo: 1,00 \n1 Mas"),
        ('+CUSD: 0,"00530061006C0064006F",72', "Saldo"),
        ('+CUSD: 0,"00530061006C0064006F",15', "Saldo"),
        ('+CUSD: 0,"D3309B0C",15', "Sal"),
        ('+CUSD: 0,"12345678",15', "12345678"),
        ('+CUSD: 2,"Adios",15', "Adios"),
    ],
)
def test_answers_are_read(line: str, text: str) -> None:
    """The reading that makes sense is the first, whatever the coding claims."""
    assert ussd.read(line).readings[0].startswith(text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("+CUSD: 4", "the network does not know the code"),
        ("+CUSD: 2", "the network ended the session without an answer"),
        ("+CUSD: 5", "the network did not answer in time"),
        ('+CUSD: 0,"",15', "the answer is empty"),
        ("+CUSD: x", "the answer has an unknown form"),
    ],
)
def test_no_answer_has_a_reason(line: str, reason: str) -> None:
    """What is not there is said, for the log."""
    assert (ussd.read(line).readings, ussd.read(line).reason) == ((), reason)


def test_an_answer_of_several_lines_is_one() -> None:
    """It ends with its quotation mark; what is clearly another notice is not eaten."""
    notices = Notices()
    for line in ('+CUSD: 0,"Saldo', "$1.00", 'Vence hoy",15', "+CREG: 1"):
        assert notices.heard(line)
    assert list(notices.ussd) == ['+CUSD: 0,"Saldo\n$1.00\nVence hoy",15']
    assert notices.registration == 1

    cut_off = Notices()
    assert cut_off.heard('+CUSD: 0,"Saldo')
    assert cut_off.heard('+CMTI: "SM",3')
    assert (cut_off.memories, list(cut_off.ussd)) == ({"SM"}, [])
    assert not cut_off.heard("+CMGL: 1,0,,20", "+CMGL")
    assert not cut_off.heard("0011223344", "+CMGL")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Su saldo es $4.25", "4.25"),
        ("Su saldo es 4,25 USD", "4.25"),
        ("saldo: 1,234.50", "1234.50"),
        ("saldo 12", "12"),
        ("saldo .", None),
        ("nada", None),
    ],
)
def test_amounts_are_found(text: str, amount: str | None) -> None:
    """With a point or a comma; what is no amount is none."""
    found = airtime.amount_in(text, re.compile(PATTERN))
    assert found == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "no regular expression"),
        (r"\d+", "needs a group (?P<amount>"),
        (PATTERN, ""),
    ],
)
def test_a_pattern_is_checked_before_it_is_used(pattern: str, words: str) -> None:
    """Its group is what the amount is read from."""
    assert words in airtime.bad_pattern(pattern)
    assert bool(airtime.bad_pattern(pattern)) is bool(words)
