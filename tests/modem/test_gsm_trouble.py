"""Promises on modems in trouble: the link says what is wrong and comes back by itself.

Unplugged, silent, noisy, locked, without a network, used by another program; and a run
that is cancelled at any moment.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
import serial

from modem.errors import LinkDown, LinkError, Unsure
from modem.gsm.settings import GsmSettings
from modem.gsm.watch import Watch
from modem.link import LinkState, LinkStatus
from modem.simulator import EmulatedModem
from tests.modem.rig import (
    MARIA,
    OFTEN,
    PATIENCE_S,
    Rig,
    delivered,
    elapsed_since,
    running,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

#: How fast a modem that is back must be used again.
BACK_S = 5.0
FILES = "/proc/self/fd"


async def test_it_tells_what_it_knows_of_the_modem() -> None:
    """IMEI and signal are in the state once the link is up."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            state = rig.link.state

    assert (state.status, state.reason) == (LinkStatus.up, "")
    assert (state.imei, state.signal_dbm) == ("490154203237518", -71)
    assert rig.link.state.status is LinkStatus.down
    assert rig.house.states[-1].reason == "The link was stopped."


# Unplugged


async def test_unplugged_while_idle_it_is_back_in_seconds(tmp_path: Path) -> None:
    """The house is told, and a text that came meanwhile is received."""
    with EmulatedModem(link=tmp_path / "modem") as modem:
        # As an operator has it: nothing here is made faster for the test.
        async with running(modem, GsmSettings(port="")) as rig:
            modem.unplug()
            down = await rig.house.until_state(LinkStatus.down)
            modem.deliver_pdu(delivered("BAL")[0])
            with pytest.raises(LinkDown):
                await rig.send()
            start_s = time.monotonic()
            modem.replug()
            await rig.up()
            took_s = elapsed_since(start_s)
            await rig.emptied()
            await rig.send()

    assert took_s < BACK_S
    assert "plug it in" in down.reason
    assert rig.house.texts == ["BAL"]


@pytest.mark.parametrize("command", ["AT+CMGL", "AT+CMGD", "AT+CPMS", "AT+CREG"])
async def test_unplugged_in_the_middle_nothing_is_lost(
    tmp_path: Path, command: str
) -> None:
    """Pulled during any exchange, the texts are there again under the same keys."""
    with EmulatedModem(link=tmp_path / "modem") as modem:
        async with running(modem, OFTEN) as rig:
            modem.faults.unplug(command)
            for n in range(5):
                modem.deliver_pdu(delivered("BAL", f"+5037000{n:04}")[0])
            await rig.house.until_state(LinkStatus.down)
            modem.replug()
            await rig.up()
            await rig.emptied()

    assert len({incoming.key for incoming in rig.house.kept}) == 5
    assert {i.sender for i in rig.house.kept} == {f"+5037000{n:04}" for n in range(5)}


async def test_unplugged_while_connecting_it_tries_again(tmp_path: Path) -> None:
    """At whatever command of the connect sequence."""
    with EmulatedModem(link=tmp_path / "modem") as modem:
        async with running(modem) as rig:
            for command in ("AT+CMEE?", "ATZ", "AT+CLAC", "AT+CPMS=?", "AT+CGSN"):
                modem.faults.unplug(command)
                known = len(rig.house.states)
                modem.replug()
                await asyncio.to_thread(modem.wait_unplugged)
                modem.replug()
                await rig.house.until(partial(_down, rig, known))
                await rig.up()


def _down(rig: Rig, known: int) -> bool:
    """Whether the link was down since so many states were known."""
    statuses = [state.status for state in rig.house.states[known:]]
    return LinkStatus.down in statuses


async def test_it_is_found_again_at_another_port(tmp_path: Path) -> None:
    """With a pattern for its port, a stick may come back under another name."""
    with EmulatedModem(link=tmp_path / "ttyUSB0") as modem:
        async with running(
            modem, port=str(tmp_path / "ttyUSB*"), imei="490154203237518"
        ) as rig:
            modem.unplug()
            await rig.house.until_state(LinkStatus.down)
            modem.replug(tmp_path / "ttyUSB3")
            await rig.up()
            await rig.send()


async def test_another_modem_is_not_used(tmp_path: Path) -> None:
    """With an IMEI in the settings, the modem that has it is looked for."""
    with (
        EmulatedModem(link=tmp_path / "ttyUSB0", imei="111111111111119"),
        EmulatedModem(link=tmp_path / "ttyUSB1", imei="222222222222228") as wanted,
    ):
        async with running(
            wanted, port=str(tmp_path / "ttyUSB*"), imei="222222222222228"
        ) as rig:
            await rig.send()

    assert len(wanted.sent) == 1


async def test_a_port_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The sentence says which port, and that a modem is to be plugged in."""
    with EmulatedModem() as modem:
        port = str(tmp_path / "missing")
        async with running(modem, port=port, up=False) as rig:
            state = await rig.house.until_state(LinkStatus.down)

    assert state.reason == (
        "There is no modem at this port; plug it in, or correct port "
        f"({tmp_path / 'missing'})."
    )


async def test_a_port_that_another_program_uses_is_not_fought_over() -> None:
    """It says so, and goes on once the other program has ended."""
    with EmulatedModem() as modem:
        other = serial.Serial(modem.path, exclusive=True)
        async with running(modem, up=False) as rig:
            state = await rig.house.until_state(LinkStatus.down)
            other.close()
            await rig.up()

    assert state.reason.startswith("Another program uses the port; stop it")


# Silent and noisy


async def test_a_modem_that_falls_silent_is_connected_anew() -> None:
    """Its silence is noticed by itself, and texts are not taken meanwhile."""
    with EmulatedModem() as modem:
        async with running(modem, OFTEN, answer_s=0.1) as rig:
            modem.faults.deaf = True
            state = await rig.house.until_state(LinkStatus.down)
            with pytest.raises(LinkDown):
                await rig.send()
            modem.faults.clear()
            await rig.up()
            await rig.send()

    assert state.reason.startswith("The modem does not answer; pull it out")


async def test_one_lost_answer_is_no_trouble() -> None:
    """The question is asked again, and the link stays up."""
    with EmulatedModem() as modem:
        async with running(modem, OFTEN, answer_s=0.1) as rig:
            modem.faults.lose_answer("AT+CMGL")
            modem.faults.lose_answer("AT+CSQ")
            modem.deliver_pdu(delivered("BAL")[0])
            await rig.emptied()

    assert [state.status for state in rig.house.states[:-1]] == [LinkStatus.up]


async def test_a_modem_that_is_slow_to_wake_keeps_step() -> None:
    """Asked several times before it answers once, no answer is taken for another."""
    with EmulatedModem() as modem:
        modem.faults.delay("AT+CMEE?", 0.6)
        async with running(modem) as rig:
            await rig.send()

    assert [state.status for state in rig.house.states[:-1]] == [LinkStatus.up]


async def test_a_modem_left_at_a_prompt_is_led_out_of_it() -> None:
    """A program that died while sending leaves the modem waiting for a text."""
    with EmulatedModem() as modem:
        with serial.Serial(modem.path, timeout=PATIENCE_S) as other:
            other.write(b"AT+CMGS=20\r")
            other.read_until(b"> ")
        async with running(modem) as rig:
            await rig.send()

    assert len(modem.sent) == 1


@pytest.mark.parametrize("kind", ["random", "endless line", "not UTF-8"])
async def test_garbage_is_passed_over(kind: str) -> None:
    """Fifty thousand bytes of it, while idle and while sending; nothing is lost."""
    garbage = {
        "random": os.urandom(50_000).replace(b"\n>", b"\n<"),
        "endless line": b"x" * 50_000,
        "not UTF-8": b"\xff\xfe\xe9\r\n" * 10_000,
    }[kind]
    with EmulatedModem(report_status=None) as modem:
        async with running(modem, answer_s=0.5) as rig:
            modem.garbage(garbage)
            modem.deliver_pdu(delivered("BAL")[0])
            await rig.emptied()
            for _ in range(3):
                modem.garbage(garbage)
                await rig.send()
            # A line of hex alone behind a heading would be the PDU it announces.
            between = re.sub("[0-9A-Fa-f]", "x", garbage.decode("latin-1")[:999])
            modem.faults.interject("AT+CMGL", between)
            modem.deliver_pdu(delivered("BAL", MARIA)[0])
            await rig.emptied()

    assert set(rig.house.texts) == {"BAL"}
    assert len(modem.sent) == 3


# The SIM


async def locked(rig: Rig) -> LinkState:
    """Have the driver look at the SIM a few times; return what it says then."""
    await rig.house.until_state(LinkStatus.degraded)
    owner = rig.link._owner
    assert owner is not None
    looked = owner._search._attempts
    await asyncio.to_thread(_wait, lambda: owner._search._attempts > looked + 3)
    state = await rig.house.until_state(LinkStatus.degraded)
    with pytest.raises(LinkDown) as raised:
        await rig.send()
    assert str(raised.value).lower() in state.reason.lower()
    return state


def _wait(true: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    nothing = threading.Event()
    while not true():
        assert time.monotonic() < until_s
        nothing.wait(0.005)


async def test_the_right_pin_unlocks_the_sim_each_time(tmp_path: Path) -> None:
    """At start and after every unplugging."""
    with EmulatedModem(link=tmp_path / "modem", sim_pin="1234") as modem:
        async with running(modem, sim_pin="1234") as rig:
            await rig.send()
            modem.replug()
            await rig.house.until_state(LinkStatus.down)
            await rig.up()
            await rig.send()

    assert modem.card.tries_left == 3


async def test_a_wrong_pin_is_tried_once(tmp_path: Path) -> None:
    """Not when it reconnects, not when it is plugged in anew, not in another run."""
    with EmulatedModem(link=tmp_path / "modem", sim_pin="1234") as modem:
        async with running(modem, sim_pin="9999", up=False) as rig:
            state = await locked(rig)
            modem.replug()
            await locked(rig)
            await rig.stop()
            async with asyncio.TaskGroup() as group:
                again = group.create_task(rig.link.run(rig.house))
                await locked(rig)
                again.cancel()

    assert modem.card.tries_left == 2
    assert state.reason == "The SIM PIN is wrong; correct sim_pin and restart."
    assert "9999" not in repr(rig.link._settings)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("AT+CPINR", "+CPINR: SIM PIN,1,3"),
        ("AT^CPIN?", "^CPIN: SIM PIN,1,10,1,10,3"),
        ("AT^CPIN?", "^CPIN: SIM PIN,,10,1,10,3"),
        ("AT+SPIC", "+SPIC: 1,3,10,10"),
    ],
)
async def test_a_sim_with_one_try_left_is_not_tried(command: str, told: str) -> None:
    """The last try is a person's: a daemon that restarts in a loop locks no SIM.

    Makes tell it each in their own way.
    """
    with EmulatedModem(sim_pin="1234") as modem:
        modem.card.tries_left = 1
        modem.faults.fail(command, f"{told}\r\nOK", times=1_000)
        modem.faults.fail("AT+CPINR", "ERROR", times=1_000)
        async with running(modem, sim_pin="9999", up=False) as rig:
            state = await locked(rig)

    assert modem.card.tries_left == 1
    assert state.reason.startswith("The SIM has one try left for its PIN")


async def test_a_pin_whose_answer_is_lost_is_not_burnt() -> None:
    """Where the SIM shows that the try cost nothing it is made again, else never."""
    with EmulatedModem(sim_pin="1234") as modem:
        modem.faults.lose_answer('AT+CPIN="', taken=False)
        async with running(modem, sim_pin="1234", answer_s=0.1):
            pass
    with EmulatedModem(sim_pin="1234") as modem:
        modem.faults.lose_answer('AT+CPIN="')
        async with running(modem, sim_pin="9999", answer_s=0.1, up=False) as rig:
            state = await locked(rig)

    assert modem.card.tries_left == 2
    assert state.reason.startswith("The SIM did not say whether its PIN is right")


async def test_a_sim_that_wants_a_pin_says_so() -> None:
    """Without a PIN in the settings nothing is tried."""
    with EmulatedModem(sim_pin="1234") as modem:
        async with running(modem, up=False) as rig:
            state = await locked(rig)
            modem.card.unlocked = True
            await rig.up()

    assert modem.card.tries_left == 3
    assert state.reason == "The SIM asks for its PIN; set sim_pin."


async def test_a_sim_that_wants_its_puk_says_so() -> None:
    """No PIN is given to a SIM that asks for the PUK."""
    with EmulatedModem(sim_pin="1234") as modem:
        modem.card.tries_left = 0
        async with running(modem, sim_pin="1234", up=False) as rig:
            state = await locked(rig)

    assert modem.card.tries_left == 0
    assert state.reason == "The SIM asks for its PUK; unlock it in a phone."


async def test_a_sim_that_was_lost_is_looked_for() -> None:
    """A modem that restarted inside asks for its PIN again and gets it."""
    with EmulatedModem(sim_pin="1234") as modem:
        async with running(modem, OFTEN, sim_pin="1234") as rig:
            modem.card.unlocked = False
            await rig.house.until_state(LinkStatus.down)
            await rig.up()

    assert modem.card.tries_left == 3


async def test_a_busy_sim_is_waited_for() -> None:
    """A SIM that is not ready yet is asked again, and no try is lost."""
    with EmulatedModem(sim_pin="1234") as modem:
        modem.faults.fail("AT+CPIN?", "+CME ERROR: 14")
        async with running(modem, sim_pin="1234"):
            pass


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "looks for no network"), (2, "looks for a network"), (3, "refuses this SIM")],
)
async def test_a_network_that_is_not_there_is_told(status: int, words: str) -> None:
    """The modem answers, so the link is degraded and not down; then it is up again."""
    with EmulatedModem() as modem:
        modem.register(status)
        async with running(modem, up=False) as rig:
            state = await rig.house.until_state(LinkStatus.degraded)
            modem.register(1)
            await rig.up()

    assert words in state.reason


# Cancelled


async def _connecting(rig: Rig) -> None:
    rig.modem.faults.deaf = True


async def _missing(rig: Rig) -> None:
    rig.modem.unplug()
    await rig.house.until_state(LinkStatus.down)


async def _idle(rig: Rig) -> None:
    await rig.up()


async def _receiving(rig: Rig) -> None:
    rig.house.hold(MARIA)
    rig.modem.deliver_pdu(delivered("BAL")[0])
    await rig.house.until(lambda: rig.house.offered)


async def _locked(rig: Rig) -> None:
    rig.modem.card.pin = "1234"
    await rig.house.until_state(LinkStatus.degraded)


@pytest.mark.parametrize("moment", [_connecting, _missing, _idle, _receiving, _locked])
async def test_it_stops_at_once_at_any_moment(
    moment: Callable[[Rig], Awaitable[None]], tmp_path: Path
) -> None:
    """Cancelled, the run ends promptly: no thread and no file is left behind."""
    files = len(os.listdir(FILES))  # noqa: PTH208 - a count is wanted
    with EmulatedModem(link=tmp_path / "modem") as modem:
        async with running(modem, up=False, locked_s=60.0) as rig:
            await moment(rig)
            start_s = time.monotonic()
            await rig.stop()
            took_s = elapsed_since(start_s)
        # The port is free again.
        modem.replug()
        with serial.Serial(modem.path, exclusive=True):
            pass

    assert took_s < 1.0
    assert _links() == []
    assert len(os.listdir(FILES)) == files  # noqa: PTH208 - a count is wanted


def _links() -> list[str]:
    """Threads of links that are alive."""
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith(("link ", "modem "))]


async def test_stopped_while_sending_the_text_is_unsure() -> None:
    """The one under way; the one that waits behind it was not sent."""
    with EmulatedModem(radio_s=60.0) as modem:
        async with running(modem) as rig:
            async with asyncio.TaskGroup() as group:
                sending = [group.create_task(_outcome(rig)) for _ in range(2)]
                await asyncio.to_thread(_wait, lambda: modem._talk._due is not None)
                await rig.stop()
            kinds = [task.result() for task in sending]

    assert kinds == [Unsure, LinkDown]


async def _outcome(rig: Rig) -> type[LinkError]:
    with pytest.raises(LinkError) as raised:
        await rig.send()
    return raised.type


# The watchdog


async def test_a_modem_without_a_network_is_restarted() -> None:
    """A radio that hangs comes back with a restart; texts go out again."""
    with EmulatedModem() as modem:
        modem.on_restart(lambda: modem.register(1))
        async with running(modem, OFTEN, restart_s=0.1) as rig:
            modem.register(0)
            await rig.house.until(lambda: modem.restarts == 1)
            await rig.up()
            await rig.send()
            downs = [s for s in rig.house.states if s.status is LinkStatus.down]

    assert "the modem was restarted, because it has had no network" in (
        downs[0].reason.lower()
    )


async def test_a_mast_that_is_down_does_not_have_it_restarted_all_the_time() -> None:
    """Each restart waits twice as long as the one before."""
    watch = Watch(replace(OFTEN, restart_s=0.0, restart_max_s=3_600.0))
    watch.network(there=False)
    assert watch.wants_restart
    watch = Watch(replace(OFTEN, restart_s=60.0))
    watch.network(there=False)
    assert not watch.wants_restart
    watch.restarted()
    assert watch._wait_s == 120.0
    watch.network(there=True)
    assert watch._wait_s == 60.0


@pytest.mark.parametrize("what", ["prompt", "answer"])
async def test_a_modem_that_answers_no_text_is_restarted(what: str) -> None:
    """Three in a row without a prompt, or without an answer; then it sends again."""
    with EmulatedModem() as modem:
        if what == "prompt":
            modem.faults.no_prompt("AT+CMGS", times=3)
        else:
            modem.faults.lose_answer("AT+CMGS", times=3, taken=False)
        async with running(modem, OFTEN) as rig:
            # Short only where nothing comes: what does come may take its time.
            rig.waits(prompt_s=0.1) if what == "prompt" else rig.waits(submit_s=0.1)
            for _ in range(3):
                with pytest.raises((LinkDown, Unsure)):
                    await rig.send()
            rig.waits(prompt_s=PATIENCE_S, submit_s=PATIENCE_S)
            state = await rig.house.until_state(LinkStatus.down)
            await rig.up()
            await rig.send()

        assert modem.restarts == 1
        assert "did not answer 3 texts in a row" in state.reason
        assert len(modem.sent) == 1


async def test_one_answer_in_between_keeps_it_running() -> None:
    """Only texts in a row count."""
    with EmulatedModem() as modem:
        async with running(modem, OFTEN) as rig:
            for _ in range(3):
                modem.faults.lose_answer("AT+CMGS", taken=False)
                rig.waits(submit_s=0.1)
                with pytest.raises(Unsure):
                    await rig.send()
                rig.waits(submit_s=PATIENCE_S)
                await rig.send()

        assert modem.restarts == 0


async def test_a_sim_without_a_service_centre_says_so() -> None:
    """Nothing can be sent without its number, so the sentence says what to set."""
    with EmulatedModem() as modem:
        modem.faults.fail("AT+CSCA?", '+CSCA: "",129\r\nOK', times=9)
        async with running(modem, up=False) as rig:
            state = await rig.house.until_state(LinkStatus.degraded)

    assert state.reason.startswith("The SIM has no number of a service centre")
