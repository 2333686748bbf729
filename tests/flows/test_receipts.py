"""Flows 32 and 33: a receipt can be checked by whoever holds it, and has a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.reading import digits, read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

STRANGER = "+50374567890"


def _paid(town: Town, amount: str = "25.50") -> str:
    """Have Juan pay Rosa; return the reference as it is typed."""
    answer = town.asks("Juan", f"PAGAR {town.people['Rosa'].code} {amount} {CANARY}")
    got = read(f"PAGO OK {amount} PT a {{any}} Ref {{ref}}. {{any2}}", answer)
    town.hears("Rosa")
    return digits(got["ref"])


def test_both_sides_see_that_a_receipt_is_real(town: Town) -> None:
    """Flow 32: Payer and payee are told the names."""
    ref = _paid(town)
    for name in ("Rosa", "Juan"):
        read(
            "REAL. 25.50 PT de Juan a Rosa {time}. Pagado, no devuelto. Ref {ref}",
            town.asks(name, f"VER {ref}"),
        )


def test_another_merchant_is_told_that_it_was_not_them(town: Town) -> None:
    """A receipt shown at the wrong till is real but useless there; names are masked.

    Flow 32.
    """
    ref = _paid(town)
    read(
        "REAL pero NO se pago a usted. 25.50 PT de Juxx a Roxx {time}."
        " No devuelto. Ref {ref}",
        town.asks("Luis", f"VER {ref[:6]}-{ref[6:]}"),
    )


def test_mistyped_and_invented_are_told_apart(town: Town) -> None:
    """Flow 32: One wrong digit is a slip or a forgery; a right check digit is none."""
    ref = _paid(town)
    wrong = ref[:-1] + str((int(ref[-1]) + 1) % 10)
    assert town.asks("Rosa", f"VER {wrong}").startswith("FALSO o mal escrito")
    assert town.asks("Rosa", "VER 4812057735").startswith("FALSO: 481205-7735 no")


def test_an_old_receipt_says_so(town: Town) -> None:
    """Flow 32: Yesterday's receipt does not buy today's bread."""
    ref = _paid(town)
    town.clock.forward(minutes=60 * 49)
    read(
        "REAL pero VIEJO, dias: 2. 25.50 PT de Juan a Rosa {time}."
        " Pagado, no devuelto. Ref {ref}",
        town.asks("Rosa", f"VER {ref}"),
    )


def test_a_stranger_may_check_a_receipt(town: Town) -> None:
    """Flow 32: Who holds a genuine receipt is told so twice a day, names masked."""
    ref = _paid(town)
    for _ in range(2):
        read(
            "REAL. 25.50 PT de Juxx a Roxx {time}. Pagado, no devuelto. Ref {ref}",
            town.asks(STRANGER, f"VERIFY {ref}"),
        )
    town.says(STRANGER, f"VERIFY {ref}")
    assert town.nothing_for(STRANGER)
    town.clock.forward(minutes=60 * 24)
    assert town.asks(STRANGER, f"VER {ref}").startswith("REAL")


def test_a_stranger_who_guesses_is_answered_twice_a_day(town: Town) -> None:
    """Whatever a stranger asks, genuine or not: two answers a day in all.

    Flow 32.
    """
    ref = _paid(town)
    assert town.asks(STRANGER, "VER 4812057735").startswith("FALSO")
    assert town.asks(STRANGER, f"VER {ref}").startswith("REAL")
    for asked in ("VER 4812057735", f"VER {ref}"):
        town.says(STRANGER, asked)
        assert town.nothing_for(STRANGER)


def test_twenty_receipts_an_hour(town: Town) -> None:
    """Flow 32: The 21st is not looked up, which is said once; an hour later it is."""
    ref = _paid(town)
    for _ in range(20):
        assert town.asks("Rosa", f"VER {ref}").startswith("REAL")
    assert town.asks("Rosa", f"VER {ref}").startswith("Ya reviso 20 recibos")
    town.says("Rosa", f"VER {ref}")
    assert town.nothing_for("Rosa")
    town.clock.forward(minutes=61)
    assert town.asks("Rosa", f"VER {ref}").startswith("REAL")


def test_the_word_opens_genuine_receipts(town: Town) -> None:
    """Until there is a word the network's name opens them; changing needs the PIN.

    Flow 33.
    """
    code = town.people["Rosa"].code
    town.asks("Juan", f"PAGAR {code} 1.00 {CANARY}")
    assert town.hears("Rosa").startswith("Red: RECIBIO 1.00")
    assert town.asks("Rosa", "PALABRA mango") == (
        "Falta su PIN. Escriba: PALABRA, una palabra de 3 a 12 letras y su PIN."
        " Ej: PALABRA mango ****"
    )
    assert town.asks("Rosa", "PALABRA mango 111222").startswith("PIN incorrecto.")
    town.asks("Juan", f"PAGAR {code} 2.00 {CANARY}")
    assert town.hears("Rosa").startswith("Red: RECIBIO 2.00")
    assert town.asks("Rosa", f"PALABRA mango {CANARY}") == (
        "Listo: cuando le paguen, el recibo empieza con MANGO. Si no, es FALSO."
        " No la diga a nadie y borre su mensaje."
    )
    town.asks("Juan", f"PAGAR {code} 3.00 {CANARY}")
    assert town.hears("Rosa").startswith("MANGO: RECIBIO 3.00")


def test_a_word_that_anybody_knows_is_refused(town: Town) -> None:
    """Flow 33: A command, the network's name or one's own is no secret."""
    for word in ("pago", "Red", "rosa", "panaderialuz"):
        assert town.asks("Rosa", f"PALABRA {word} {CANARY}").startswith("Palabra NO")


def test_receipts_and_word_in_english(town: Town) -> None:
    """Flows 32, 33: The same, said in English."""
    town.asks("Rosa", "LANG EN")
    ref = _paid(town)
    assert town.asks("Rosa", f"WORD mango {CANARY}").startswith(
        "Done: when you are paid the receipt begins with MANGO."
    )
    read(
        "REAL. 25.50 PT from Juan to Rosa {time}. Paid, not returned. Ref {ref}",
        town.asks("Rosa", f"CHECK {ref}"),
    )
    town.asks("Luis", "LANG EN")
    read(
        "REAL but NOT paid to you. 25.50 PT from Juxx to Roxx {time}."
        " Not returned. Ref {ref}",
        town.asks("Luis", f"VERIFY {ref}"),
    )
    invented = town.asks("Luis", "VERIFY 4812057735")
    assert invented.startswith("FALSE: 481205-7735 does not exist in Red.")
    mistyped = town.asks("Luis", "VERIFY 4812057736")
    assert mistyped.startswith("FALSE or mistyped: 481205-7736 does not exist.")
    town.clock.forward(minutes=60 * 49)
    read(
        "REAL but OLD, days: 2. 25.50 PT from Juan to Rosa {time}."
        " Paid, not returned. Ref {ref}",
        town.asks("Rosa", f"VERIFY {ref}"),
    )
