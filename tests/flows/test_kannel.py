"""The Kannel preset against Kannel itself, as Debian has it: both ways and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.kannel import KannelTown
from tests.flows.test_vendor import outbox_states, settled
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def town(tmp_path: Path) -> Iterator[KannelTown]:
    """Return a town whose modem is pulled out, so that all goes over Kannel."""
    town = KannelTown(folder=tmp_path / "house")
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        assert settled(town, ["delivered"] * len(outbox_states(town, "gsm")), "gsm")
        town.modem.unplug()
        town.link_is("gsm", "down")
        yield town
    finally:
        town.close()


def test_a_payment_over_kannel_is_asked_paid_and_reported(town: KannelTown) -> None:
    """smsbox brings the text, takes the answers and reports on each by our name."""
    town.texts("Juan", f"PAGAR {town.people['Rosa'].code} 15.00 {CANARY}")
    question = town.rings("Juan")
    assert question.startswith("Pagar 15.00 PT a Rosa")
    token = question.split("Responda ")[1][:2]
    town.texts("Juan", f"SI {token} {CANARY}")
    assert town.rings("Juan").startswith("PAGO OK 15.00 PT a Rosa")
    assert town.rings("Rosa").startswith("Red: RECIBIO 15.00 PT de Juan")
    assert town.balance("Rosa") == "15.00"
    assert settled(town, ["delivered"] * 3)


@pytest.mark.parametrize("words", ["Pan, 5.00 & Ñoño: 3 €?", "Más pan ✓ 5+5"])
def test_words_go_through_kannel_as_they_are(town: KannelTown, words: str) -> None:
    """In the GSM alphabet or outside of it; `link test` waits for Kannel's report."""
    told = town.told("link", "test", "web", "--to", "72345678", "--text", words)
    assert told["state"] == "delivered"
    assert told["told"].startswith("It arrived at +50372345678 after ")
    assert town.rings("Juan") == words
    town.long_texts.add(words)
