"""The same house over other vendors: each speaks in bytes of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.flows.test_vendor import outbox_states, pay, settled
from tests.flows.town import CANARY
from tests.flows.web import WebTown
from tests.modem.aggregators.fakes import Mood, forged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.modem.aggregators.spoken import Post


@contextmanager
def over(folder: Path, kind: str) -> Iterator[WebTown]:
    """Run a town whose second way in is this vendor; nobody trusts its numbers."""
    town = WebTown(folder=folder / "house", kind=kind)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def away(town: WebTown) -> None:
    """Pull the modem out, so that answers take the vendor's way."""
    # What it is just sending would be unsure, and go once more over the vendor.
    assert settled(town, ["delivered"] * len(outbox_states(town, "gsm")), "gsm")
    town.modem.unplug()
    town.link_is("gsm", "down")


@pytest.mark.parametrize("kind", ["twilio", "vonage", "infobip", "telnyx"])
def test_a_payment_over_a_vendor_is_asked_paid_and_reported(
    tmp_path: Path, kind: str
) -> None:
    """The question rings, its answer pays, both receipts ring, reports come back."""
    with over(tmp_path, kind) as town:
        away(town)
        assert town.texts("Juan", pay(town, "15.00")) in (200, 204)
        question = town.rings("Juan")
        assert question.startswith("Red: Pagar 15.00 PT a Rosa")
        token = question.split("Responda ")[1][:2]
        assert town.texts("Juan", f"SI {token} {CANARY}") == 200
        assert town.rings("Juan").startswith("Red: PAGO OK 15.00 PT a Rosa")
        assert town.rings("Rosa").startswith("Red: RECIBIO 15.00 PT de Juan")
        assert town.balance("Rosa") == "15.00"
        assert settled(town, ["sent"] * 3)
        assert [town.reports(place, "delivered") for place in range(3)] == [200] * 3
        assert settled(town, ["delivered"] * 3)


@pytest.mark.parametrize("kind", ["twilio", "infobip", "telnyx"])
def test_what_a_vendor_did_not_sign_is_refused(tmp_path: Path, kind: str) -> None:
    """A spoilt signature or password is answered 401 and does nothing."""
    with over(tmp_path, kind) as town:
        post = town.written("Juan", "AYUDA")
        assert post.signature
        assert town.post(forged(post)) == 401
        assert town.told("inbox", "list")["inbox"][0]["command"] != "AYUDA"


@pytest.mark.parametrize(("reported", "times"), [(True, 1), (False, 2)])
def test_cut_off_by_a_vendor_that_knows_no_ids(
    tmp_path: Path, reported: bool, times: int
) -> None:
    """An answer of which nobody knows goes once more after a minute.

    A report that it arrived settles it, and then it does not.
    """
    with over(tmp_path, "twilio") as town:
        away(town)
        town.vendor.moods.append(Mood(cut=True))
        assert town.texts("Juan", "AYUDA") == 200
        assert "PAGAR" in town.rings("Juan")
        assert settled(town, ["unsure"])
        if reported:
            assert town.reports(0, "delivered") == 200
            assert settled(town, ["delivered"])
        town.clock.forward(seconds=61)
        if not reported:
            assert "PAGAR" in town.rings("Juan")
            assert settled(town, ["sent"])
        assert town.texts("Rosa", "AYUDA") == 200
        assert "PAGAR" in town.rings("Rosa")
        assert town.rang("Juan") == times


def test_who_left_at_the_vendor_gets_no_promotions(tmp_path: Path) -> None:
    """A number that texted STOP to Twilio is refused there, and known to have left."""
    with over(tmp_path, "twilio") as town:
        town.joins("Luis", "73456789", "--promos", "yes")
        away(town)
        said = b'{"code": 21610, "message": "unsubscribed", "status": 400}'
        town.vendor.moods.append(Mood(status=400, body=said))
        assert town.texts("Luis", "AYUDA") == 200
        assert settled(town, ["failed"])
        row = town.told("outbox", "list", "--state", "failed")["outbox"][0]
        assert "STOP" in row["error"]
        assert town.told("member", "show", "73456789")["promos"] is False


# ---- long texts in parts (Vonage)


def parts(town: WebTown) -> list[Post]:
    """Return the webhooks of a payment in two parts."""
    words = (f"PAGAR {town.people['Rosa'].code} 5.00 ", CANARY)
    return [
        town.written("Juan", said, part=("7", number, 2))
        for number, said in enumerate(words, 1)
    ]


def test_a_text_in_parts_is_one_text(tmp_path: Path) -> None:
    """In the wrong order, and with a part that comes twice, it is asked once."""
    with over(tmp_path, "vonage") as town:
        one, two = parts(town)
        assert [town.post(post) for post in (two, two, one, one, two)] == [200] * 5
        assert town.hears("Juan").startswith("Pagar 5.00 PT a Rosa")
        assert town.nothing_for("Juan")


def test_a_part_whose_other_was_lost_by_a_restart_is_told(tmp_path: Path) -> None:
    """Acknowledged parts do not vanish: their sender hears that nothing was paid."""
    with over(tmp_path, "vonage") as town:
        one, two = parts(town)
        assert town.post(one) == 200
        town.stop()
        town.start()
        answer = town.hears("Juan")
        assert "incompleto" in answer
        assert "NO se pago" in answer
        # What comes after is known to belong to it, and is not told again.
        assert [town.post(post) for post in (one, two)] == [200, 200]
        assert town.nothing_for("Juan")
        assert town.balance("Rosa") == "0.00"


def test_a_part_whose_other_never_comes_is_told(tmp_path: Path) -> None:
    """After half an hour its sender hears that nothing was paid."""
    with over(tmp_path, "vonage") as town:
        assert town.post(parts(town)[0]) == 200
        town.clock.forward(minutes=31)
        assert "incompleto" in town.hears("Juan")
        assert town.balance("Rosa") == "0.00"
