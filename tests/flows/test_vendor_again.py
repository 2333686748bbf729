"""Flow 61: what is sent once, and what is meant to be sent again, at a vendor with ids.

Such a vendor sends what has the same id once. That must hold for what is asked of it
again in doubt, and must not swallow what is another text.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from smsgate.store import create_ledger
from tests.flows.test_vendor import settled
from tests.flows.web import WebTown
from tests.modem.aggregators.fakes import Mood

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELP = {"ES": ("IDIOMA ES", "AYUDA", "PAGAR"), "EN": ("IDIOMA EN", "HELP", "PAY")}


@pytest.fixture(params=["sms-gate", "infobip"])
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[WebTown]:
    """Return a town over a vendor that knows ids, with its modem away."""
    town = WebTown(folder=tmp_path / "house", kind=request.param)
    try:
        town.start()
        joins(town)
        yield town
    finally:
        town.close()


def joins(town: WebTown) -> None:
    """Make Juan a member, whom nothing but the vendor reaches from now on."""
    town.joins("Juan", "72345678", pin=None)
    town.modem.unplug()
    town.link_is("gsm", "down")


@pytest.mark.parametrize("language", ["ES", "EN"])
def test_staff_send_again_what_the_network_gave_up(
    town: WebTown, language: str
) -> None:
    """The vendor took it once; the phone gets it now, and its report counts."""
    switch, ask, word = HELP[language]
    assert town.texts("Juan", switch) == 200
    town.rings("Juan")
    assert settled(town, ["sent"])
    assert town.reports(0, "delivered") == 200
    assert town.texts("Juan", ask) == 200
    assert word in town.rings("Juan")
    assert settled(town, ["delivered", "sent"])
    assert town.reports(1, "failed") == 200
    assert settled(town, ["delivered", "failed"])
    # Whether it was asked for once or twice.
    for place in (2, 3):
        newest = town.told("outbox", "list")["outbox"][0]["id"]
        assert town.shell("outbox", "retry", str(newest))[0] == 0
        assert word in town.rings("Juan")
        assert settled(town, ["delivered", "sent"])
        # What is still told of the first send is not about this one.
        assert town.reports(1, "failed") == 200
        assert town.reports(place, "trying") == 200
        assert settled(town, ["delivered", "sent"])
        if place == 2:
            assert town.reports(place, "failed") == 200
            assert settled(town, ["delivered", "failed"])
    assert town.reports(3, "delivered") == 200
    assert settled(town, ["delivered", "delivered"])
    assert town.rang("Juan") == 4


def test_cut_off_and_restarted_it_is_asked_for_under_the_same_id(
    town: WebTown,
) -> None:
    """The vendor has it, the house does not know, and stops: the phone rings once."""
    town.vendor.moods += [Mood(cut=True) for _ in range(3)]
    assert town.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in town.rings("Juan")
    assert settled(town, ["queued"])
    town.stop()
    town.clock.forward(minutes=11)
    town.start()
    assert settled(town, ["sent"])
    assert (town.rang("Juan"), len(town.vendor.taken)) == (1, 1)
    assert len(town.vendor.requests) >= 4


def test_another_ledger_on_the_same_account_is_heard(town: WebTown) -> None:
    """Its first text to a phone is not taken for the first one of the other ledger."""
    assert town.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in town.rings("Juan")
    assert settled(town, ["sent"])
    town.stop()
    for file in town.folder.glob("ledger.sqlite*"):
        file.unlink()
    create_ledger(town.folder / "ledger.sqlite")
    town.start()
    town.modem.replug(town.folder / "modem")
    town.link_is("gsm", "up")
    joins(town)
    assert town.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in town.rings("Juan")
    assert settled(town, ["sent"])
    assert len({taken.id for taken in town.vendor.taken}) == 2


def test_a_ledger_that_was_put_back_is_heard(town: WebTown) -> None:
    """After a restore new texts have numbers that were given before; none is lost."""
    copy = town.folder / "copy.sqlite"
    assert town.shell("backup", str(copy))[0] == 0
    assert town.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in town.rings("Juan")
    assert settled(town, ["sent"])
    town.stop()
    for file in town.folder.glob("ledger.sqlite*"):
        file.unlink()
    shutil.copy(copy, town.folder / "ledger.sqlite")
    town.start()
    assert town.shell("resume")[0] == 0
    assert town.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in town.rings("Juan")
    assert settled(town, ["sent"])
    assert len({taken.id for taken in town.vendor.taken}) == 2
