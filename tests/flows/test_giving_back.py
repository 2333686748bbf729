"""Flows 22, 28 and 37: a receipt that was lost, a wrong recipient, goods returned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import digits, read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def _pays(town: Town, amount: str = "25.50") -> str:
    """Have Juan pay Rosa; the reference as it is typed."""
    rosa = town.people["Rosa"]
    receipt = town.asks("Juan", f"PAGAR {rosa.code} {amount} {CANARY}")
    ref = read("PAGO OK {any}. Ref {ref}. {any2}", receipt)["ref"]
    town.hears("Rosa")
    return digits(ref)


def _has_a_ticket(town: Town, ref: str, number: str, words: str) -> None:
    """Hold that staff find exactly this dispute, as if Juan had opened it."""
    (ticket,) = town.told("ticket", "list")["ticket"]
    assert str(ticket["id"]) == number
    assert (ticket["topic"], ticket["ref"], ticket["words"]) == ("dispute", ref, words)
    assert ticket["code"] == town.people["Juan"].code


def _shown(ref: str) -> str:
    return f"{ref[:6]}-{ref[6:]}"


# ---- by the receiver


def test_a_payment_is_given_back_in_full(town: Town) -> None:
    """Flow 37: DEVOLVER with the reference and the PIN gives all back; VER says so."""
    ref = _pays(town)
    juan = town.people["Juan"]
    read(
        f"DEVUELTO 25.50 PT a Juan ({juan.code}). Pago {_shown(ref)}. "
        "Saldo 0.00 Disp 0.00. {time}",
        town.asks("Rosa", f"DEVOLVER {ref} {CANARY}"),
    )
    read(
        f"Red: LE DEVOLVIERON 25.50 PT de Rosa (7123-4567). Pago {_shown(ref)}. "
        "Saldo 0.00. {time}",
        town.hears("Juan"),
    )
    assert (town.balance("Rosa"), town.balance("Juan")) == ("0.00", "0.00")
    assert town.asks("Luis", f"VER {ref}").startswith(
        f"OJO: {_shown(ref)} fue DEVUELTO"
    )


def test_parts_are_given_back_up_to_the_amount(town: Town) -> None:
    """Flow 37: 10.00 and then the rest; a cent more than what is left is refused."""
    ref = _pays(town)
    part = town.asks("Rosa", f"DEVOLVER {_shown(ref)} 10.00 {CANARY}")
    assert part.startswith("DEVUELTO 10.00 PT a Juan")
    assert town.hears("Juan").startswith("Red: LE DEVOLVIERON 10.00 PT")
    over = town.asks("Rosa", f"DEVOLVER {ref} 15.51 {CANARY}")
    assert over.startswith("NO se pago: de ese pago solo queda por devolver 15.50 PT.")
    assert town.nothing_for("Juan")
    rest = town.asks("Rosa", f"DEVOLVER {ref} {CANARY}")
    assert rest.startswith("DEVUELTO 15.50 PT a Juan")
    done = town.asks("Rosa", f"DEVOLVER {ref} {CANARY}")
    assert done.startswith("NO se pago: ese pago ya se devolvio todo.")
    assert (town.balance("Rosa"), town.balance("Juan")) == ("0.00", "0.00")


def test_the_same_part_twice_is_asked_about(town: Town) -> None:
    """Flow 37: A second text in doubt gives nothing back unless it is confirmed."""
    ref = _pays(town)
    town.asks("Rosa", f"DEVOLVER {ref} 5.00 {CANARY}")
    asked = read(
        f"POSIBLE DOBLE: el {{time}} ya pago 5.00 PT a Juan (Ref {_shown(ref)}). "
        "No se repitio. Para pagar OTRA vez: SI {tk} y su PIN",
        town.asks("Rosa", f"DEVOLVER {ref} 5.00 {CANARY}"),
    )
    assert town.balance("Rosa") == "20.50"
    again = town.asks("Rosa", f"SI {asked['tk']} {CANARY}")
    assert again.startswith("DEVUELTO 5.00 PT a Juan")
    assert town.balance("Rosa") == "15.50"


def test_what_cannot_be_given_back_is_said_first(town: Town) -> None:
    """Unknown, without a PIN, with a wrong one, by another, too old, nothing there.

    Flow 37.
    """
    ref = _pays(town)
    unknown = "NO se pago: esa referencia no es de un pago suyo."
    assert town.asks("Rosa", f"DEVOLVER 4812057735 {CANARY}").startswith(unknown)
    assert town.asks("Luis", f"DEVOLVER {ref} {CANARY}").startswith(unknown)
    assert town.asks("Rosa", f"DEVOLVER {ref}").startswith("NO se pago: falta su PIN.")
    wrong = town.asks("Rosa", f"DEVOLVER {ref} 111222")
    assert wrong.startswith("NO se pago: PIN incorrecto. Le quedan 2 intentos.")
    luis = town.people["Luis"]
    town.asks("Rosa", f"PAGAR {luis.code} 25.00 {CANARY}")
    short = town.asks("Rosa", f"DEVOLVER {ref} {CANARY}")
    assert short.startswith("NO se pago 25.50 PT a Juan")
    town.clock.forward(minutes=30 * 24 * 60 + 1)
    old = town.asks("Rosa", f"DEVOLVER {ref} 0.50 {CANARY}")
    assert old.startswith("NO se pago: ese pago es muy viejo")
    assert town.balance("Juan") == "-25.50"


# ---- asked for by the payer


@pytest.mark.parametrize("words", ["DEVOLVER {ref}", "ANULAR {ref} {pin}"])
def test_a_wrong_recipient_agrees_to_give_back(town: Town, words: str) -> None:
    """Flow 28: The receiver is asked, and pays back with the token and the PIN."""
    ref = _pays(town)
    rosa = town.people["Rosa"]
    read(
        f"Pedimos a Rosa ({rosa.code}) que le devuelva 25.50 PT. Pago {_shown(ref)}. "
        "Puede responder hasta {time}. Le avisaremos.",
        town.asks("Juan", words.format(ref=ref, pin=CANARY)),
    )
    asked = read(
        f"Juan pide devolver 25.50 PT (Ref {_shown(ref)}). Si acepta: SI {{tk}} y su "
        "PIN. Si no: NO {tk}. Vence {time}",
        town.hears("Rosa"),
    )
    assert town.balance("Juan") == "-25.50"
    alone = town.asks("Rosa", CANARY)
    assert alone.startswith("NO se pago todavia. Responda en un mensaje: SI ")
    agreed = town.asks("Rosa", f"SI {asked['tk']} {CANARY}")
    assert agreed.startswith("DEVUELTO 25.50 PT a Juan")
    assert town.hears("Juan").startswith("Red: LE DEVOLVIERON 25.50 PT de Rosa")
    again = town.asks("Rosa", f"SI {asked['tk']} {CANARY}")
    assert again.startswith("Ya hecho: 25.50 PT a Juan")
    assert f"Ref {_shown(ref)}" in again
    assert (town.balance("Rosa"), town.balance("Juan")) == ("0.00", "0.00")


def test_the_receiver_gives_a_part_back_instead(town: Town) -> None:
    """Flow 28: DEVOLVER with less than was asked for answers the request."""
    ref = _pays(town)
    town.asks("Juan", f"DEVOLVER {ref}")
    token = read("{any} SI {tk} {any2}", town.hears("Rosa"))["tk"]
    part = town.asks("Rosa", f"DEVOLVER {ref} 10.00 {CANARY}")
    assert part.startswith("DEVUELTO 10.00 PT a Juan")
    assert town.hears("Juan").startswith("Red: LE DEVOLVIERON 10.00 PT")
    assert town.asks("Rosa", f"SI {token} {CANARY}").startswith("Ya hecho: 10.00 PT")
    assert town.balance("Rosa") == "15.50"


def test_a_receiver_who_refuses_is_not_asked_again(town: Town) -> None:
    """Flow 28: NO keeps the money; who asked is told, and once is enough."""
    ref = _pays(town)
    town.asks("Juan", f"DEVOLVER {ref} 10.00")
    token = read("{any} SI {tk} {any2}", town.hears("Rosa"))["tk"]
    refused = town.asks("Rosa", f"NO {token}")
    assert refused.startswith("NO se devolvio: 10.00 PT a Juan")
    rosa = town.people["Rosa"]
    denied = read(
        f"NO DEVUELTO: Rosa ({rosa.code}) no acepto devolver 10.00 PT. "
        f"Pago {_shown(ref)}. Reclamo {{ad}} abierto. Ayuda: 2222-0000",
        town.hears("Juan"),
    )
    _has_a_ticket(town, ref, denied["ad"], "no acepto devolver")
    again = town.asks("Juan", f"DEVOLVER {ref}")
    assert again.startswith("NO se pago: ya se pidio devolver ese pago y no se acepto.")
    assert town.nothing_for("Rosa")
    assert town.balance("Rosa") == "25.50"


def test_a_silent_receiver_ends_after_seven_days(town: Town) -> None:
    """Flow 28: Who asked is told that nobody answered, and whom to call."""
    ref = _pays(town)
    town.asks("Juan", f"DEVOLVER {ref}")
    token = read("{any} SI {tk} {any2}", town.hears("Rosa"))["tk"]
    again = town.asks("Juan", f"DEVOLVER {ref}")
    assert again.startswith("Pedimos a Rosa")
    assert town.nothing_for("Rosa")
    town.clock.forward(minutes=7 * 24 * 60 + 1)
    rosa = town.people["Rosa"]
    lapsed = read(
        f"NO DEVUELTO: Rosa ({rosa.code}) no respondio y no devolvio 25.50 PT. "
        f"Pago {_shown(ref)}. Reclamo {{ad}} abierto. Ayuda: 2222-0000",
        town.hears("Juan"),
    )
    _has_a_ticket(town, ref, lapsed["ad"], "no respondio si devuelve")
    # What the payer adds goes to the same ticket.
    more = town.asks("Juan", f"RECLAMO {ref} fue un error mio")
    assert more.startswith(f"Reclamo {lapsed['ad']} abierto por 25.50 PT")
    assert town.asks("Rosa", f"SI {token} {CANARY}").startswith("NO se pago")
    assert town.balance("Rosa") == "25.50"


def test_a_receiver_whose_phone_is_gone_is_waited_for_no_longer(town: Town) -> None:
    """Flow 28: ROBO closes what the receiver was asked; the ticket opens at once."""
    ref = _pays(town)
    town.asks("Juan", "LANG EN")
    town.asks("Juan", f"REFUND {ref}")
    town.hears("Rosa")
    assert town.asks("Rosa", "ROBO").startswith("BLOQUEADA")
    number = read(
        f"NOT given back: Rosa ({town.people['Rosa'].code}) did not answer and kept "
        f"25.50 PT. Payment {_shown(ref)}. Dispute {{ad}} opened. Help: 2222-0000",
        town.hears("Juan"),
    )["ad"]
    _has_a_ticket(town, ref, number, "no respondio si devuelve")


def test_what_stands_of_a_payment_is_told(town: Town) -> None:
    """Flows 28, 29, 32: VER tells what is still paid, and RECLAMO is about that."""
    ref = _pays(town)
    town.asks("Rosa", f"DEVOLVER {ref} 10.00 {CANARY}")
    town.hears("Juan")
    read(
        f"OJO: de {_shown(ref)} se DEVOLVIO una parte el {{time}}: 10.00 PT."
        " Siguen pagados 15.50 de Juan a Rosa.",
        town.asks("Rosa", f"VER {ref}"),
    )
    town.asks("Luis", "LANG EN")
    read(
        f"CAUTION: of {_shown(ref)} a part was RETURNED on {{time}}: 10.00 PT."
        " 15.50 stay paid, from Juxx to Roxx.",
        town.asks("Luis", f"VERIFY {ref}"),
    )
    opened = town.asks("Juan", f"RECLAMO {ref} falta lo demas")
    assert "abierto por 15.50 PT" in opened


def test_anular_of_a_payment_needs_the_pin_and_the_payer(town: Town) -> None:
    """A phone alone bothers nobody; who received it is told how to give it back.

    Flow 28.
    """
    ref = _pays(town)
    assert town.asks("Juan", f"ANULAR {ref}").startswith(
        "Falta su PIN. Escriba: ANULAR"
    )
    wrong = town.asks("Juan", f"ANULAR {ref} 111222")
    assert wrong.startswith("PIN incorrecto. Le quedan 2 intentos.")
    assert town.asks("Rosa", f"ANULAR {ref} {CANARY}").startswith("Ese pago lo recibio")
    unknown = town.asks("Luis", f"ANULAR {ref} {CANARY}")
    assert unknown.startswith("Esa referencia no es de un pago suyo.")
    assert town.nothing_for("Rosa")


# ---- a lost receipt


def test_a_lost_receipt_is_told_again(town: Town) -> None:
    """Flow 22: ULTIMO repeats it to either side without a balance; VER agrees."""
    ref = _pays(town)
    rosa = town.people["Rosa"]
    read(
        f"COPIA: PAGO 25.50 PT a Rosa ({rosa.code}) el {{time}}. Ref {_shown(ref)}. "
        f"VER {ref}",
        town.asks("Juan", "ULTIMO"),
    )
    read(
        "Red: COPIA. RECIBIO 25.50 PT de Juan (7234-5678) el {time}. "
        f"Ref {_shown(ref)}. VER {ref}",
        town.asks("Rosa", "ULTIMO"),
    )
    assert town.asks("Juan", f"VER {ref}").startswith("REAL. 25.50 PT de Juan a Rosa")


def test_an_older_receipt_is_told_by_its_reference(town: Town) -> None:
    """Flow 22: With what came back of it; not to others, nor where there is none."""
    ref = _pays(town)
    _pays(town, "1.00")
    town.asks("Rosa", f"DEVOLVER {ref} 10.00 {CANARY}")
    town.hears("Juan")
    told = town.asks("Juan", f"ULTIMO {ref}")
    assert told.startswith("COPIA: PAGO 25.50 PT a Rosa")
    assert "Le devolvieron 10.00." in told
    assert town.asks("Luis", f"ULTIMO {ref}").startswith("Esa referencia no es")
    assert town.asks("Luis", "ULTIMO").startswith("Todavia no tiene recibos")


def test_giving_back_in_english(town: Town) -> None:
    """Flow 37: Both sides are told in their own language."""
    for name in ("Juan", "Rosa"):
        town.asks(name, "LANG EN")
    rosa, juan = town.people["Rosa"], town.people["Juan"]
    receipt = town.asks("Juan", f"PAY {rosa.code} 25.50 {CANARY}")
    ref = digits(read("PAID {any}. Ref {ref}. {any2}", receipt)["ref"])
    town.hears("Rosa")
    assert town.asks("Juan", "RECEIPT").startswith("COPY: PAID 25.50 PT to Rosa")
    given = town.asks("Rosa", f"REFUND {ref} 5 {CANARY}")
    assert given.startswith(f"REFUNDED 5.00 PT to Juan ({juan.code}). Payment")
    assert town.hears("Juan").startswith("Red: REFUND of 5.00 PT from Rosa (7123-4567)")


def test_hidden_balances_are_not_told_by_refunds(town: Town) -> None:
    """Flow 37: Who hides the balance hides it in these receipts too."""
    for name in ("Juan", "Rosa"):
        town.asks(name, "SALDO OCULTO")
    paid = town.asks("Juan", f"PAGAR {town.people['Rosa'].code} 25.50 {CANARY}")
    found = re.search(r"VER (\d{10})", paid)
    assert found
    town.hears("Rosa")
    gave = town.asks("Rosa", f"DEVOLVER {found[1]} {CANARY}")
    assert gave.startswith("DEVUELTO 25.50")
    assert "Saldo" not in gave
    assert "Disp" not in gave
    assert "Saldo" not in town.hears("Juan")
