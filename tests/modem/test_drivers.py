"""Promises on building links: from the keys of a configuration, or a clear refusal."""

from __future__ import annotations

import asyncio

import pytest

from modem.drivers import BadDriver, build
from modem.fakesmsc import FakesmscLink
from modem.gsm import GsmLink
from modem.link import LinkStatus
from modem.simulator.link import SimulatorLink
from tests.modem.rig import MARIA, PEDRO, RecordingHouse, StoppedClock, delivered


def test_a_modem_is_built_from_its_keys() -> None:
    """A port is enough; the rest has values that work."""
    link = build("gsm", "movistar", {"port": "/dev/ttyUSB0"}, clock=StoppedClock())

    assert isinstance(link, GsmLink)
    assert (link.name, link.state.status) == ("movistar", LinkStatus.starting)
    assert link.capabilities.report
    assert link.capabilities.trusted
    assert link.capabilities.sent_times


def test_what_all_links_have_reaches_the_driver() -> None:
    """Trust and the zone of the network are no keys of one driver."""
    link = build(
        "gsm",
        "m",
        {"port": "/dev/ttyUSB0", "sim_pin": "1234", "reports": False},
        clock=StoppedClock(),
        trusted=False,
        time_offset_minutes=-360,
    )

    assert isinstance(link, GsmLink)
    assert not link.capabilities.trusted
    assert not link.capabilities.report
    assert link._settings.time_offset_minutes == -360
    assert "1234" not in repr(link._settings)


def test_a_test_wire_is_built_from_its_keys() -> None:
    """Where it listens is what the configuration says."""
    link = build("fakesmsc", "f", {"listen": "127.0.0.1:0"}, clock=StoppedClock())

    assert isinstance(link, FakesmscLink)
    assert link.address == ("127.0.0.1", 0)


async def test_a_simulator_is_a_whole_modem() -> None:
    """It is plugged in while the link runs: texts go both ways through the driver."""
    link = build("simulator", "gsm", {"slots": 5}, clock=StoppedClock())
    assert isinstance(link, SimulatorLink)
    house = RecordingHouse()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(link.run(house))
        await house.until_state(LinkStatus.up)
        link.modem.deliver_pdu(delivered("BAL")[0])
        await house.until(lambda: house.kept)
        link.modem.deliver(PEDRO, "SALDO")
        await house.until(lambda: len(house.kept) == 2)
        task.cancel()

    assert [(i.sender, i.text) for i in house.kept] == [
        (MARIA, "BAL"),
        (PEDRO, "SALDO"),
    ]
    assert link.state.status is LinkStatus.down


@pytest.mark.parametrize(
    ("driver", "options", "words"),
    [
        ("smpp", {}, "use one of fakesmsc, gsm, http, simulator"),
        ("gsm", {}, "link m needs a port"),
        ("gsm", {"port": ""}, "link m needs a port"),
        ("gsm", {"port": 1}, "key port of link m must be a text"),
        (
            "gsm",
            {"prot": "/dev/x"},
            "key prot of link m is not known; there are airtime",
        ),
        ("gsm", {"port": "/dev/x", "baud": "fast"}, "baud of link m must be a whole"),
        ("gsm", {"port": "/dev/x", "baud": 0}, "baud of link m must be above zero"),
        ("gsm", {"port": "/dev/x", "baud": True}, "baud of link m must be a whole"),
        ("gsm", {"port": "/dev/x", "poll_s": -1}, "poll_s of link m must be above"),
        ("gsm", {"port": "/dev/x", "reports": 1}, "reports of link m must be true"),
        (
            "gsm",
            {"port": "/dev/x", "sim_pin": 1234},
            "sim_pin of link m must be a text",
        ),
        (
            "gsm",
            {"port": "/dev/x", "sim_pin": "12x4"},
            "sim_pin of link m must be 4 to",
        ),
        ("gsm", {"port": "/dev/x", "imei": "12"}, "imei of link m must be the 15"),
        ("fakesmsc", {"listen": "0.0.0.0:1"}, "link m: 0.0.0.0 is not a loopback"),
        ("fakesmsc", {"port": "/dev/x"}, "key port of link m is not known"),
    ],
)
def test_a_mistake_is_named(
    driver: str, options: dict[str, object], words: str
) -> None:
    """The sentence has the key and what it must be, and never a PIN."""
    with pytest.raises(BadDriver) as raised:
        build(driver, "m", options, clock=StoppedClock())

    assert words in str(raised.value)
    assert "12x4" not in str(raised.value)


def test_a_zone_that_cannot_be_is_refused() -> None:
    """No zone is 15 hours from where it should be."""
    with pytest.raises(BadDriver, match="more than 14 hours"):
        build(
            "gsm",
            "m",
            {"port": "/dev/x"},
            clock=StoppedClock(),
            time_offset_minutes=900,
        )
