"""Staff give a payment back, alone below the line and with another above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.reading import digits, read
from tests.flows.test_joining import joins_staff
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def pays(town: Town, amount: str) -> str:
    """Have Juan pay Rosa; return the reference."""
    rosa = town.people["Rosa"]
    told = town.asks("Juan", f"PAGAR {rosa.code} {amount} {CANARY}")
    if not told.startswith("PAGO OK"):
        told = town.asks("Juan", CANARY)
    town.hears("Rosa")
    return digits(read("PAGO OK {any}Ref {ref}. {any2}", told)["ref"])


def test_staff_give_back_a_part_and_both_are_told(town: Town) -> None:
    """Below the line the shell decides; nothing posted is changed; VER says so.

    Flow 58.
    """
    ref = pays(town, "50.00")
    done = town.told(
        "ledger", "reverse", ref, "--amount", "20", "--reason", "no entrego"
    )
    assert done["given_back"] == "20.00"
    assert town.hears("Juan").startswith(
        "DEVUELTO por Red: 20.00 PT vuelven a usted de Rosa, Ref "
    )
    assert town.hears("Rosa").startswith("DEVUELTO por Red: 20.00 PT de Ref ")
    assert (town.balance("Juan"), town.balance("Rosa")) == ("-30.00", "30.00")
    code, said = town.shell("ledger", "reverse", ref, "--amount", "31")
    assert (code, "30.00 can still be given back" in said) == (1, True)
    assert town.told("ledger", "reverse", ref)["given_back"] == "50.00"
    assert (town.balance("Juan"), town.balance("Rosa")) == ("0.00", "0.00")
    assert town.shell("ledger", "reverse", ref)[0] == 1
    kinds = [
        move["kind"] for move in town.told("ledger", "statement", "72345678")["moves"]
    ]
    assert kinds == ["reverse", "reverse", "pay"]


def test_who_was_paid_may_have_spent_it(town: Town) -> None:
    """Flow 58: What is not there is not given back, and nobody is told anything."""
    ref = pays(town, "50.00")
    town.asks("Rosa", f"PAGAR {town.people['Luis'].code} 45.00 {CANARY}")
    code, said = town.shell("ledger", "reverse", ref)
    assert code == 1
    assert "whoever was paid has only 5.00 to give back" in said
    assert town.nothing_for("Juan")


def test_above_the_line_another_agrees(town: Town) -> None:
    """A dispute over 500.00 is decided by two, and its ticket closes with it.

    Flow 58.
    """
    town.limit("Juan", "500")
    joins_staff(town, "Marta", "74567890")
    joins_staff(town, "Oscar", "75678901")
    town.hears("Marta")
    ref = pays(town, "100.00")
    town.stop()
    text = town.config_path.read_text(encoding="utf-8")
    lowered = text.replace('approve_above = "500.00"', 'approve_above = "50.00"')
    town.config_path.write_text(lowered, encoding="utf-8")
    town.start()
    town.asks("Juan", f"RECLAMO {ref} no entrego")
    (ticket,) = town.told("ticket", "list")["ticket"]
    told = town.told("--as", "Oscar", "ticket", "approve", str(ticket["id"]))
    assert (told["state"], told["approval"]["asked"]) == ("open", ["Marta"])
    asked = read(
        "Devolver 100.00 PT de Rosa a Juan, Ref {ref}? Si lo aprueba: SI {tk} y su PIN."
        " Si no: NO {tk}. Vence {time}",
        town.hears("Marta"),
    )
    assert town.balance("Rosa") == "100.00"
    assert town.asks("Marta", f"SI {asked['tk']} {CANARY}").startswith("Aprobado")
    assert town.hears("Juan").startswith("DEVUELTO por Red: 100.00 PT vuelven a usted")
    assert town.hears("Rosa").startswith("DEVUELTO por Red: 100.00 PT de Ref")
    assert town.hears("Oscar").endswith(
        "Lo aprobo Marta. Si no lo esperaba llame: 2222-0000"
    )
    assert town.balance("Rosa") == "0.00"
    assert town.told("ticket", "list")["ticket"] == []


def test_a_party_to_the_payment_is_not_asked(town: Town) -> None:
    """Whoever gains by it cannot agree to it; with nobody else it is refused.

    Flow 58.
    """
    joins_staff(town, "Marta", "74567890")
    town.told("staff", "add", "Rosa", "71234567", "--role", "clerk")
    town.hears("Marta")
    town.hears("Rosa")
    marta = town.people["Marta"]
    code, said = town.shell("member", "limit", marta.phone, "600", "--as", "Rosa")
    assert code == 1
    assert "there is nobody else who can" in said
    assert town.told("member", "show", marta.phone)["limit"] == "0.00"
    code, said = town.shell("member", "add", "76543212", "Eva", "--limit", "600")
    assert code == 1
    assert "a limit above 500.00 needs another of the staff" in said


def test_a_hidden_balance_is_told_only_when_asked(town: Town) -> None:
    """SALDO OCULTO keeps the figures out of receipts and refusals on both sides.

    Flow 58.
    """
    rosa = town.people["Rosa"]
    assert town.asks("Juan", "SALDO OCULTO").startswith("Listo: sus recibos ya no")
    assert town.asks("Rosa", "SALDO OCULTO").startswith("Listo: sus recibos ya no")
    paid = town.asks("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}")
    read(
        f"PAGO OK 25.50 PT a Rosa ({rosa.code}). Ref {{ref}}. Saldo oculto. {{time}}. "
        "VER {ref2}",
        paid,
    )
    read(
        "Red: RECIBIO 25.50 PT de Juan (7234-5678). Ref {ref}. Saldo oculto. {time}. "
        "Verifique: VER {ref2}",
        town.hears("Rosa"),
    )
    short = town.asks("Juan", f"PAGAR {rosa.code} 99.00 {CANARY}")
    assert short.startswith(f"NO se pago 99.00 PT a Rosa ({rosa.code}). Para ver")
    assert town.asks("Juan", f"SALDO {CANARY}").startswith("Saldo -25.50 PT.")
    assert town.asks("Juan", "SALDO VISIBLE") == (
        "Falta su PIN. Escriba: SALDO VISIBLE y su PIN"
    )
    assert "incorrecto" in town.asks("Juan", "SALDO VISIBLE 111222")
    town.asks("Juan", "LANG EN")
    shown = town.asks("Juan", f"BAL SHOW {CANARY}")
    assert shown.startswith("Done: your receipts tell the balance.")
    assert "Bal -26.50" in town.asks("Juan", f"PAY {rosa.code} 1.00 {CANARY}")
