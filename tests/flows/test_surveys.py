"""Flows 24 and 52 in part: one digit answers a survey, and a PIN never does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from smsgate import members
from smsgate.clock import DAY_MS
from smsgate.messages import questions
from smsgate.messages.questions import Kind
from smsgate.store import Store
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from smsgate.store import Tx
    from tests.flows.town import Town


def surveyed(town: Town, name: str, count: int = 5) -> None:
    """Ask somebody a survey's question while the house is closed."""
    town.stop()

    def ask(tx: Tx) -> None:
        member = members.by_phone(tx, town.people[name].phone)
        assert member is not None
        asked = questions.ask(
            tx,
            account=member.account,
            kind=Kind.survey,
            money=False,
            own=False,
            link="",
            sent_ms=tx.now_ms,
            lives_ms=7 * DAY_MS,
            detail={"count": count},
        )
        assert asked is not None

    async def write() -> None:
        path = town.folder / "ledger.sqlite"
        async with await Store.open(path, town.clock) as store:
            await store.write(ask)

    asyncio.run(write())
    town.start()


def test_a_pin_sent_to_a_survey_is_stray(town: Town) -> None:
    """Flow 24: it is hidden, no try is lost, and the digit is still awaited."""
    surveyed(town, "Juan")
    assert town.asks("Juan", CANARY).startswith("NO se pago nada: llego un PIN solo")
    assert "de 1 a 5" in town.asks("Juan", "7")
    assert town.asks("Juan", "4") == "Gracias: anotamos su respuesta 4."
    bodies = [row["body"] for row in town.told("inbox", "list")["inbox"]]
    assert bodies[:3] == ["4", "7", "****"]
    # Now 2 is SALDO again.
    assert town.asks("Juan", "2").startswith("Falta su PIN. Escriba: SALDO")


def test_a_payment_in_between_comes_first(town: Town) -> None:
    """Flow 52: while money waits no digit is an answer; it is in English too."""
    town.asks("Juan", "LANG EN")
    surveyed(town, "Juan", 3)
    asked = town.asks("Juan", f"PAY {town.people['Rosa'].code} 25.50")
    assert asked.startswith("Pay 25.50 PT to Rosa")
    assert town.asks("Juan", "3").startswith("Your PIN is missing. Write: HIST")
    assert town.asks("Juan", CANARY).startswith("PAID 25.50 PT to Rosa")
    assert town.asks("Juan", "4").startswith("That question is answered with a number")
    assert town.asks("Juan", "3") == "Thank you: your answer 3 was noted."


def test_a_screen_opened_later_has_the_digit(town: Town) -> None:
    """MENU, then a digit: the screen's; after it the survey's, past a restart.

    Flow 24.
    """
    surveyed(town, "Juan")
    assert town.asks("Juan", "MENU").startswith("MENU Red. Responda un numero:")
    assert town.asks("Juan", "6").startswith("Verificar:")
    assert "MENU" in town.asks("Juan", "00")
    town.stop()
    town.start()
    assert town.asks("Juan", "5") == "Gracias: anotamos su respuesta 5."


def test_a_survey_can_be_left(town: Town) -> None:
    """Flow 24: BAJA ends it with the promotions; receipts go on."""
    surveyed(town, "Juan")
    assert town.asks("Juan", "BAJA").startswith("Listo: ya no le mandamos promociones.")
    assert town.asks("Juan", "2").startswith("Falta su PIN. Escriba: SALDO")
