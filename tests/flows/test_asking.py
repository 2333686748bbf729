"""Flow 34: a seller asks by text; the buyer pays, refuses, forgets or pays twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

_SENT = (
    "Cobro enviado: 12.50 PT a Juan ({any}). Vence {time}. Le avisaremos. "
    "Para anularlo: ANULAR {tk}"
)
_ASKED = (
    "Rosa ({any}) le cobra 12.50 PT. Por: almuerzo. Para pagar: SI {tk} y su PIN. "
    "Para negar: NO {tk}. Vence {time}"
)


def _charges(town: Town) -> tuple[str, str]:
    """Have Rosa ask Juan for 12.50; her token and his."""
    mine = read(_SENT, town.asks("Rosa", "COBRAR 7234-5678 12.50 POR almuerzo"))
    return mine["tk"], read(_ASKED, town.hears("Juan"))["tk"]


def test_a_request_is_paid_with_token_and_pin(town: Town) -> None:
    """Flow 34: SI with the token and the PIN pays; both hold the usual receipts."""
    _, token = _charges(town)
    assert town.balance("Rosa") == "0.00"
    paid = town.asks("Juan", f"SI {token} {CANARY}")
    assert paid.startswith("PAGO OK 12.50 PT a Rosa")
    assert town.hears("Rosa").startswith("Red: RECIBIO 12.50 PT de Juan")
    assert town.balance("Rosa") == "12.50"


def test_a_request_is_paid_once(town: Town) -> None:
    """The same SI again is told what was paid, and by ANULAR the seller is too.

    Flow 34.
    """
    mine, token = _charges(town)
    town.asks("Juan", f"SI {token} {CANARY}")
    town.hears("Rosa")
    town.clock.forward(minutes=30)
    again = town.asks("Juan", f"SI {token} {CANARY}")
    read(
        "Ya hecho: 12.50 PT a Rosa el {time}. Ref {ref}. No se cobro de nuevo. "
        "Saldo -12.50",
        again,
    )
    copy = town.asks("Rosa", f"ANULAR {mine}")
    assert copy.startswith("Red: COPIA. RECIBIO 12.50 PT de Juan (7234-5678)")
    assert town.nothing_for("Rosa")
    assert town.balance("Rosa") == "12.50"


def test_a_request_that_was_paid_by_hand_is_paid(town: Town) -> None:
    """PAGAR of the amount that is asked for meets the request; SI pays no second.

    Flow 34.
    """
    _, token = _charges(town)
    rosa = town.people["Rosa"]
    assert town.asks("Juan", f"PAGAR {rosa.code} 12.50 {CANARY}").startswith("PAGO OK")
    town.clock.forward(minutes=30)
    assert town.asks("Juan", f"SI {token} {CANARY}").startswith("Ya hecho: 12.50 PT")
    assert town.balance("Rosa") == "12.50"


def test_a_bare_pin_never_pays_a_request(town: Town) -> None:
    """What somebody else asked for needs its token, even where it is the only one.

    Flow 34.
    """
    _, token = _charges(town)
    answer = town.asks("Juan", CANARY)
    assert answer == (
        "NO se pago todavia. "
        f"Responda en un mensaje: SI {token} y su PIN, que tiene 6 numeros. "
        f"Para no pagar: NO {token}"
    )
    assert town.balance("Rosa") == "0.00"


def test_a_bare_pin_answers_the_payer_s_own_question_beside_a_request(
    town: Town,
) -> None:
    """Flow 34: Nobody can keep a member from paying by asking them for something."""
    _charges(town)
    asked = town.asks("Juan", "PAGAR 7345-6789 3.00")
    assert asked.startswith("Pagar 3.00 PT a Luis")
    assert town.asks("Juan", CANARY).startswith("PAGO OK 3.00 PT a Luis")
    assert town.balance("Rosa") == "0.00"


def test_a_request_is_denied_and_the_seller_told(town: Town) -> None:
    """Flow 34: NO with the token pays nothing; a late SI is told that it is over."""
    _, token = _charges(town)
    juan = town.people["Juan"]
    assert town.asks("Juan", f"NO {token}").startswith("NO se pago 12.50 PT a Rosa")
    assert town.hears("Rosa") == (
        f"COBRO NEGADO: Juan ({juan.code}) no acepto pagarle 12.50 PT. "
        "No se pago nada. Ayuda: 2222-0000"
    )
    assert town.asks("Juan", f"SI {token} {CANARY}").startswith("NO se pago")
    assert town.balance("Rosa") == "0.00"


def test_a_request_expires_after_three_days_and_both_are_told(town: Town) -> None:
    """Flow 34: Nobody waits for what cannot come any more."""
    _, token = _charges(town)
    rosa, juan = town.people["Rosa"], town.people["Juan"]
    town.clock.forward(minutes=72 * 60 + 1)
    assert town.hears("Juan") == (
        f"Vencio el cobro de Rosa ({rosa.code}) por 12.50 PT. "
        "No se pago y ya no tiene que responder."
    )
    assert town.hears("Rosa") == (
        f"COBRO VENCIDO: Juan ({juan.code}) no respondio y no le pago 12.50 PT. "
        "Puede cobrar de nuevo. Ayuda: 2222-0000"
    )
    assert town.asks("Juan", f"SI {token} {CANARY}").startswith("NO se pago")
    assert town.balance("Rosa") == "0.00"


@pytest.mark.parametrize("words", ["ANULAR {}", "CANCELAR {}", "CANCEL {}", "ANULAR"])
def test_a_request_is_called_off_by_who_asked(town: Town, words: str) -> None:
    """Flow 34: ANULAR closes both halves and tells the payer; the token is dead."""
    mine, token = _charges(town)
    stopped = town.asks("Rosa", words.format(mine))
    assert stopped.startswith("Cobro anulado: 12.50 PT a Juan")
    assert town.hears("Juan").startswith("Rosa (")
    assert town.asks("Juan", f"SI {token} {CANARY}").startswith("NO se pago")
    nothing = town.asks("Rosa", f"ANULAR {mine}")
    assert nothing.startswith("No hay nada abierto que anular.")
    assert town.balance("Rosa") == "0.00"


def test_the_same_request_is_not_sent_twice(town: Town) -> None:
    """Asking again in doubt tells the seller that it waits, and the payer nothing.

    Flow 34.
    """
    mine, _ = _charges(town)
    again = town.asks("Rosa", "COBRAR 7234-5678 12.50")
    assert again.startswith("Ese cobro ya espera respuesta: 12.50 PT a Juan")
    assert again.endswith(f"ANULAR {mine}")
    assert town.nothing_for("Juan")


def test_a_request_that_cannot_be_paid_yet_stays_open(town: Town) -> None:
    """With too little on the account nothing is paid, and later the token still is.

    Flow 34.
    """
    _, token = _charges(town)
    town.limit("Juan", "10")
    refused = town.asks("Juan", f"SI {token} {CANARY}")
    assert refused.startswith("NO se pago 12.50 PT a Rosa")
    town.limit("Juan", "100")
    assert town.asks("Juan", f"SI {token} {CANARY}").startswith("PAGO OK 12.50")


def test_a_request_for_what_was_just_paid_is_asked_about(town: Town) -> None:
    """Flow 34: A second request for the same may be the same: SI is asked once more."""
    _, token = _charges(town)
    town.asks("Juan", f"SI {token} {CANARY}")
    town.hears("Rosa")
    mine, token = _charges(town)
    asked = read(
        "POSIBLE DOBLE: el {time} ya pago 12.50 PT a Rosa (Ref {ref}). "
        "No se repitio. Para pagar OTRA vez: SI {tk} y su PIN",
        town.asks("Juan", f"SI {token} {CANARY}"),
    )
    assert town.asks("Juan", f"NO {asked['tk']}").startswith("NO se pago 12.50")
    assert town.hears("Rosa").startswith("COBRO NEGADO: Juan")
    assert town.asks("Rosa", f"ANULAR {mine}").startswith("No hay nada abierto")
    assert town.balance("Rosa") == "12.50"


def test_cancelar_stops_a_payment_that_waits(town: Town) -> None:
    """Flow 34: CANCELAR alone is ANULAR while a question about money is open."""
    asked = town.asks("Juan", "PAGAR panaderialuz 25")
    assert asked.startswith("Pagar 25.00 PT a Rosa")
    assert town.asks("Juan", "CANCELAR").startswith("NO se pago 25.00 PT a Rosa")
    assert town.asks("Juan", CANARY).startswith("NO se pago")
    assert town.balance("Rosa") == "0.00"


def test_requests_that_cannot_be_are_refused(town: Town) -> None:
    """Flow 34: Nobody, oneself, too much: one sentence each, and nobody is asked."""
    for words, told in (
        ("COBRAR 7999-9999 5.00", "Cobro NO enviado: nadie en Red tiene"),
        ("COBRAR panaderialuz 5.00", "Cobro NO enviado: esa es su propia cuenta."),
        ("COBRAR 7234-5678 500.01", "Cobro NO enviado: por mensaje se pagan hasta"),
        ("COBRAR 7234-5678 1.500", "Monto no claro. Escriba 1500.00 o 1.50"),
    ):
        assert town.asks("Rosa", words).startswith(told)
    assert town.nothing_for("Juan")


def test_a_pin_is_never_sent_to_the_other_as_an_amount(town: Town) -> None:
    """A seller who writes the PIN where none belongs is told so, and nobody else.

    Flow 34.
    """
    assert town.asks("Rosa", f"COBRAR 7234-5678 {CANARY}").startswith("Monto no claro")
    wrong = town.asks("Rosa", f"COBRAR 7234-5678 12.50 {CANARY}")
    assert wrong.startswith("No entendi. Escriba: COBRAR codigo monto.")
    assert town.nothing_for("Juan")


def test_ten_requests_a_day_reach_one_member(town: Town) -> None:
    """Flow 34: A member cannot be flooded, nor run out of tokens, by another."""
    for tenths in range(10):
        sent = town.asks("Rosa", f"COBRAR 7234-5678 1.{tenths}0")
        assert sent.startswith("Cobro enviado")
        town.hears("Juan")
    refused = town.asks("Rosa", "COBRAR 7234-5678 2.00")
    assert refused.startswith("Cobro NO enviado: hoy esa persona ya recibio muchos")
    assert town.nothing_for("Juan")


def test_an_open_request_survives_a_restart(town: Town) -> None:
    """Flow 34: What was asked before a restart is paid after it."""
    _, token = _charges(town)
    town.stop()
    town.start()
    assert town.asks("Juan", f"SI {token} {CANARY}").startswith("PAGO OK 12.50")


def test_a_request_in_english(town: Town) -> None:
    """Flow 34: Each side is written to in their own language."""
    town.asks("Juan", "LANG EN")
    town.asks("Rosa", "CHARGE 7234-5678 12.50 FOR lunch")
    rosa = town.people["Rosa"]
    asked = read(
        f"Rosa ({rosa.code}) asks you for 12.50 PT. For: lunch. "
        "To pay: YES {tk} and your PIN. To refuse: NO {tk}. Expires {time}",
        town.hears("Juan"),
    )
    paid = town.asks("Juan", f"YES {asked['tk']} {CANARY}")
    assert paid.startswith("PAID 12.50 PT to Rosa")
    assert town.hears("Rosa").startswith("Red: RECIBIO 12.50")
