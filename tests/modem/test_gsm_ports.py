"""Promises on several modems: each is known by its IMEI, whatever its port is called.

A folder of links to pseudo-terminals stands for /dev; what is not the right modem is
told by its own number and given nothing, least of all a PIN.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import serial

from modem.errors import LinkDown
from modem.gsm import ports
from modem.gsm.ports import Search, candidates
from modem.gsm.settings import GsmSettings
from modem.link import LinkStatus
from modem.simulator import EmulatedModem
from tests.modem.rig import FAST, PATIENCE_S, Rig, delivered, elapsed_since, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ONE, OTHER = "111111111111119", "222222222222228"
#: How fast a modem that is back must be used again.
BACK_S = 5.0


@asynccontextmanager
async def two_links(folder: Path) -> AsyncIterator[tuple[Rig, Rig]]:
    """Run two links over one folder of ports, each with an IMEI of its own."""
    async with AsyncExitStack() as stack:
        rigs = []
        for place, imei in enumerate((ONE, OTHER)):
            modem = EmulatedModem(link=folder / f"ttyUSB{place}", imei=imei)
            stack.enter_context(modem)
            rigs.append((modem, imei))
        both = [
            await stack.enter_async_context(
                running(modem, port=str(folder / "ttyUSB*"), imei=imei)
            )
            for modem, imei in rigs
        ]
        yield both[0], both[1]


async def test_each_link_finds_its_own_modem(tmp_path: Path) -> None:
    """Two sticks behind one pattern: each link has the one that its IMEI names."""
    async with two_links(tmp_path) as (one, other):
        await one.send("from one")
        await other.send("from the other")

        assert (one.link.state.imei, other.link.state.imei) == (ONE, OTHER)
        assert [text.text for text in one.modem.wait_texts(1)] == ["from one"]
        assert [text.text for text in other.modem.wait_texts(1)] == ["from the other"]
        assert one.link.state.port == str(tmp_path / "ttyUSB0")


async def test_sticks_that_change_places_keep_their_links(tmp_path: Path) -> None:
    """Both pulled out and put back the other way round, each link is itself again."""
    async with two_links(tmp_path) as (one, other):
        one.modem.unplug()
        other.modem.unplug()
        for rig in (one, other):
            await rig.house.until_state(LinkStatus.down)
        other.modem.replug(tmp_path / "ttyUSB0")
        one.modem.replug(tmp_path / "ttyUSB1")
        for rig in (one, other):
            await rig.up()
        one.modem.deliver_pdu(delivered("to one")[0])
        other.modem.deliver_pdu(delivered("to the other")[0])
        for rig in (one, other):
            await rig.emptied()

        assert one.house.texts == ["to one"]
        assert other.house.texts == ["to the other"]
        assert one.link.state.port == str(tmp_path / "ttyUSB1")


async def test_a_stick_that_comes_back_elsewhere_is_used_in_seconds(
    tmp_path: Path,
) -> None:
    """With nothing made faster for the test, and beside a modem that stays."""
    with (
        EmulatedModem(link=tmp_path / "ttyUSB0", imei=OTHER),
        EmulatedModem(link=tmp_path / "ttyUSB1", imei=ONE) as modem,
    ):
        pattern = str(tmp_path / "tty*")
        async with running(modem, GsmSettings(imei=ONE), port=pattern) as rig:
            modem.unplug()
            await rig.house.until_state(LinkStatus.down)
            start_s = time.monotonic()
            modem.replug(tmp_path / "ttyUSB7")
            await rig.up()
            took_s = elapsed_since(start_s)
            await rig.send()

    assert took_s < BACK_S


async def test_without_a_port_the_usual_places_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An IMEI is enough: names that stay are tried first, each device once."""
    places = (str(tmp_path / "by-id-*"), str(tmp_path / "ttyUSB*"))
    monkeypatch.setattr(ports, "EVERYWHERE", places)
    with (
        EmulatedModem(link=tmp_path / "ttyUSB0", imei=OTHER),
        EmulatedModem(link=tmp_path / "ttyUSB1", imei=ONE) as modem,
    ):
        by_id = tmp_path / "by-id-1"
        by_id.symlink_to(tmp_path / "ttyUSB1")
        assert candidates("") == [str(by_id), str(tmp_path / "ttyUSB0")]
        async with running(modem, port="", imei=ONE) as rig:
            await rig.send()

            assert rig.link.state.port == str(by_id)


async def test_where_no_modem_is_plugged_in_the_sentence_names_what_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told to correct a port that was never configured."""
    monkeypatch.setattr(ports, "EVERYWHERE", (str(tmp_path / "ttyUSB*"),))
    said = []
    for port in ("", str(tmp_path / "ttyACM*")):
        with pytest.raises(LinkDown) as raised:
            Search(port, ONE, 115_200, 0).next()
        said.append(str(raised.value))
    assert said == [
        "there is no modem at any USB port; plug it in",
        f"there is no modem at {tmp_path}/ttyACM*; plug it in, or correct port",
    ]


async def test_the_wrong_stick_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """What is there is named, and what to do; the right one is used once it is in."""
    port = tmp_path / "modem"
    with EmulatedModem(link=port, imei=OTHER) as wrong:
        right = EmulatedModem(imei=ONE)
        async with running(right, port=str(port), imei=ONE, up=False) as rig:
            state = await rig.house.until_state(LinkStatus.down)
            assert wrong.sent == []
            wrong.unplug()
            right.replug(port)
            await rig.up()
        right.close()

    assert state.reason == (
        f"The modem at this port has the IMEI {OTHER}, and imei says {ONE}; plug the "
        f"right one in, or correct imei ({port})."
    )


async def test_what_was_found_instead_is_told(tmp_path: Path) -> None:
    """Where a pattern has other modems, and ports in use, the sentence lists them."""
    with (
        EmulatedModem(link=tmp_path / "tty0", imei=OTHER) as other,
        EmulatedModem(link=tmp_path / "tty1") as busy,
        serial.Serial(busy.path, exclusive=True),
    ):
        pattern = str(tmp_path / "tty*")
        async with running(other, port=pattern, imei=ONE, up=False) as rig:
            state = await rig.house.until_state(LinkStatus.down)

    assert state.reason == (
        f"No modem here has the IMEI {ONE} (found {OTHER} at {tmp_path / 'tty0'}; "
        f"{tmp_path / 'tty1'} cannot be opened or is in use); plug the right one in, "
        "or correct imei."
    )


async def test_another_sim_is_never_given_the_pin(tmp_path: Path) -> None:
    """A stick that took the place of ours keeps all the tries of its own SIM."""
    port = tmp_path / "modem"
    with EmulatedModem(link=port, imei=OTHER, sim_pin="1234") as wrong:
        async with running(
            wrong, port=str(port), imei=ONE, sim_pin="5678", up=False
        ) as rig:
            await rig.house.until_state(LinkStatus.down)

        assert wrong.card.tries_left == 3


async def test_a_modem_that_hides_its_imei_is_not_unlocked() -> None:
    """The PIN may be another SIM's, so it is not risked; without imei it would be."""
    with EmulatedModem(sim_pin="1234") as modem:
        modem.faults.fail("AT+CGSN", "+CME ERROR: 11", times=1_000)
        async with running(modem, imei=ONE, sim_pin="1234", up=False) as rig:
            state = await rig.house.until_state(LinkStatus.down)
        assert modem.card.tries_left == 3

        async with running(modem, sim_pin="1234") as rig:
            await rig.send()

    assert state.reason.startswith("The modem at this port does not tell its IMEI, and")


async def test_a_silent_port_beside_the_modem_costs_little(tmp_path: Path) -> None:
    """Most ports of a stick say nothing; the search passes over them."""
    with (
        EmulatedModem(link=tmp_path / "tty0") as dumb,
        EmulatedModem(link=tmp_path / "tty1", imei=ONE) as modem,
    ):
        dumb.faults.deaf = True
        async with running(modem, port=str(tmp_path / "tty*"), imei=ONE) as rig:
            await rig.send()


async def test_a_search_ends_when_the_link_is_stopped(tmp_path: Path) -> None:
    """Also while a port is being waited for that says nothing."""
    with EmulatedModem(link=tmp_path / "tty0") as dumb:
        (tmp_path / "tty1").symlink_to(dumb.path)
        dumb.faults.deaf = True
        async with running(
            dumb, FAST, port=str(tmp_path / "tty*"), imei=ONE, up=False
        ) as rig:
            await asyncio.sleep(0)
            start_s = time.monotonic()
            await rig.stop()

    assert elapsed_since(start_s) < PATIENCE_S / 4


def test_a_fixed_port_is_opened_without_a_search(tmp_path: Path) -> None:
    """Only what was named is touched; opening it tells what is wrong with it."""
    port = str(tmp_path / "modem")
    search = Search(port, ONE, 115_200, stop=0)
    (tmp_path / "modem").touch()

    assert search.next() == port
