"""Flow 35, parts of 14: Ana at Rosa's till is told of payments and cannot pay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.flows.reading import read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

ANA = "+50361230000"


def _opens(town: Town, name: str = "Ana", phone: str = "6123-0000") -> str:
    """Have Rosa add a till; return its code."""
    answer = town.asks("Rosa", f"CAJERO ALTA {phone} {name} {CANARY}")
    found = re.search(r"codigo (\d{5})", answer)
    assert found, answer
    return found[1]


def test_receipts_reach_rosa_and_ana(town: Town) -> None:
    """A payment to Rosa's code is told to both; Ana sees neither balance nor phone.

    Flow 35.
    """
    _opens(town)
    read(
        "Este telefono es caja de Rosa ({any}): le avisa de pagos y no puede pagar."
        " Total del dia: CIERRE. Si no quiere responda NO",
        town.hears(ANA),
    )
    town.asks("Juan", f"PAGAR {town.people['Rosa'].code} 25.50 {CANARY}")
    assert "Saldo 25.50" in town.hears("Rosa")
    juan = town.people["Juan"].code
    read(
        f"Red: RECIBIO 25.50 PT de Juan ({juan}). Ref {{ref}}. {{time}}."
        " Verifique: VER {ref}",
        town.hears(ANA).replace("-", "", 1),
    )


def test_a_till_is_paid_by_its_code_and_by_its_phone(town: Town) -> None:
    """Flow 35: The money is Rosa's; only the till that was paid is told, beside her."""
    code, other = _opens(town), _opens(town, "Beto", "6123-0001")
    town.hears(ANA)
    town.hears("+50361230001")
    for who in (code, "61230000"):
        paid = town.asks("Juan", f"PAGAR {who} 5.00 {CANARY}")
        assert paid.startswith("PAGO OK 5.00 PT a Rosa")
        town.clock.forward(minutes=11)
        assert town.hears("Rosa").startswith("Red: RECIBIO 5.00")
        assert "Caja Ana." in town.hears(ANA)
    assert town.balance("Rosa") == "10.00"
    assert town.nothing_for("+50361230001")
    assert code != other


def test_a_till_named_in_the_first_step_is_told_in_the_second(town: Town) -> None:
    """Flow 35: The question keeps which till was meant."""
    code = _opens(town)
    town.hears(ANA)
    assert "a Rosa (" in town.asks("Juan", f"PAGAR {code} 5.00")
    assert town.asks("Juan", CANARY).startswith("PAGO OK 5.00 PT a Rosa")
    assert "Caja Ana." in town.hears(ANA)


def test_ana_cannot_spend(town: Town) -> None:
    """Flow 35: Not even with Rosa's PIN; nothing is checked, so Rosa loses no try."""
    _opens(town)
    town.hears(ANA)
    for _ in range(4):
        refused = town.asks(ANA, f"PAGAR {town.people['Juan'].code} 1.00 111222")
        assert refused.startswith("NO se pago: este telefono es caja de Rosa (")
    town.asks(ANA, f"PAGAR {town.people['Juan'].code} 1.00 {CANARY}")
    town.asks("Juan", f"PAGAR {town.people['Rosa'].code} 5.00 {CANARY}")
    paid = town.asks("Rosa", f"PAGAR {town.people['Luis'].code} 5.00 {CANARY}")
    town.hears("Rosa")
    assert paid.startswith(("PAGO OK", "Red: RECIBIO"))
    assert town.asks(ANA, "SALDO").startswith("Red: RECIBIO")
    assert town.hears(ANA).startswith("Este telefono es caja de Rosa (")
    assert town.balance("Rosa") == "0.00"


def test_ana_can_say_that_rosas_phone_is_stolen(town: Town) -> None:
    """A till stops payments out of its owner's account as any phone may.

    Flows 26 and 35.
    """
    _opens(town)
    town.hears(ANA)
    rosa = town.people["Rosa"]
    assert town.asks(ANA, "ROBO").startswith("Este telefono es caja de Rosa (")
    assert town.asks(ANA, f"ROBO {rosa.code}").startswith("Recibido: si ese codigo")
    assert town.hears("Rosa").startswith("Otro telefono aviso ROBO de su cuenta")
    assert town.told("member", "show", rosa.code)["stopped"] is True


def test_rosa_cannot_pay_her_own_till(town: Town) -> None:
    """Flow 14: A till's account is its owner's."""
    code = _opens(town)
    assert town.asks("Rosa", f"PAGAR {code} 5.00 {CANARY}").startswith(
        "NO se pago: esa es su propia cuenta"
    )


def test_a_closed_till_is_paid_no_more(town: Town) -> None:
    """After CAJERO QUITAR its code is nobody's; added again, it has the same one.

    Flow 14.
    """
    code = _opens(town)
    town.hears(ANA)
    assert town.asks("Rosa", f"CAJERO QUITAR Ana {CANARY}").startswith("Caja Ana quit")
    assert town.hears(ANA).startswith("Este telefono ya no es caja de Rosa (")
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith(
        "NO se pago: nadie en Red"
    )
    assert town.asks(ANA, "CIERRE").startswith("Este numero no esta registrado")
    assert _opens(town) == code


def test_totals_by_till(town: Town) -> None:
    """Rosa sees all of it with her PIN, each till its own and what was at no till.

    Flow 35.
    """
    ana, beto = _opens(town), _opens(town, "Beto", "6123-0001")
    rosa = town.people["Rosa"].code
    for who, amount in ((ana, "5.00"), (ana, "6.00"), (beto, "7.00"), (rosa, "8.00")):
        assert town.asks("Juan", f"PAGAR {who} {amount} {CANARY}").startswith("PAGO")
        town.hears("Rosa")
    assert town.asks("Rosa", "CIERRE").startswith("Falta su PIN. Escriba: CIERRE")
    told = town.asks("Rosa", f"CIERRE {CANARY}")
    day = told.split()[1].rstrip(":")
    assert told == (
        f"CIERRE {day}: total 26.00 PT, pagos 4.\nAna: 2, 11.00\nBeto: 1, 7.00\n"
        f"Mas: CIERRE {day} 2"
    )
    assert town.asks("Rosa", f"CIERRE 2 {CANARY}") == (
        f"CIERRE {day}: total 26.00 PT, pagos 4.\nRosa: 1, 8.00"
    )
    for _ in range(4):
        town.hears(ANA)
    assert town.asks(ANA, "CIERRE") == (
        f"CIERRE {day} Ana: total 11.00 PT, pagos 2. A Rosa sin caja: total 8.00,"
        " pagos 1."
    )
    town.clock.forward(minutes=24 * 60)
    assert town.asks("Rosa", f"CIERRE {CANARY}").endswith(": total 0.00 PT, pagos 0.")
    assert town.asks("Rosa", f"TOTALS AYER {CANARY}") == told
    assert town.asks("Rosa", f"CIERRE {day} {CANARY}") == told


def test_a_phone_need_not_be_a_till(town: Town) -> None:
    """Flow 35: NO within three days, or BAJA at any time, closes it; Rosa is told."""
    _opens(town)
    town.hears(ANA)
    assert town.asks(ANA, "NO").startswith("Este telefono ya no es caja de Rosa (")
    assert town.hears("Rosa") == (
        "Caja Ana quitada: lo pidieron desde ese telefono."
        " Para agregarla otra vez: CAJERO"
    )
    _opens(town)
    town.hears(ANA)
    town.clock.forward(minutes=73 * 60)
    assert town.asks(ANA, "NO").startswith("Este telefono es caja de Rosa (")
    assert town.asks(ANA, "SALIR").startswith("Este telefono ya no es caja")


def test_what_is_refused(town: Town) -> None:
    """Flow 35: No PIN, a member's phone, a name twice, a sixth: nothing is changed."""
    assert town.asks("Rosa", "CAJERO").startswith("No tiene cajas. Agregar una: CAJERO")
    assert town.asks("Rosa", "CAJERO ALTA 61230000 Ana").startswith("Falta su PIN.")
    assert town.asks("Rosa", "CAJERO ALTA 61230000 Ana 111222").startswith(
        "PIN incorrecto."
    )
    assert town.asks("Rosa", f"CAJERO ALTA 72345678 Ana {CANARY}").startswith(
        "Caja NO agregada: ese telefono ya es de un miembro"
    )
    assert town.asks("Rosa", f"CAJERO QUITAR Ana {CANARY}").startswith("Caja NO quit")
    for name in ("Ana", "Beto", "Carla", "Dora", "Eva"):
        _opens(town, name, f"6123-000{ord(name[0]) - 65}")
    assert town.asks("Luis", f"CAJERO ALTA 61230000 Ana {CANARY}").startswith(
        "Caja NO agregada: ese telefono ya es de un miembro o de otra caja."
    )
    assert town.asks("Rosa", f"CAJERO ALTA 61230009 Ana {CANARY}").startswith(
        "Caja NO agregada: ya tiene una que se llama Ana."
    )
    assert town.asks("Rosa", f"CAJERO ALTA 61230009 Fe {CANARY}").startswith(
        "Caja NO agregada: puede tener 5"
    )
    read("Cajas: Ana {any}, Eva {any2}", town.asks("Rosa", "CAJERO").split(". ")[0])
    shown = town.told("member", "show", town.people["Rosa"].phone)
    assert shown["phone"] == town.people["Rosa"].phone
    assert [till["name"] for till in shown["tills"]] == [
        "Ana", "Beto", "Carla", "Dora", "Eva",
    ]  # fmt: skip


def test_a_till_in_english(town: Town) -> None:
    """The same, said in English; a till is spoken to in its owner's language.

    Flow 35.
    """
    town.asks("Rosa", "LANG EN")
    assert town.asks("Rosa", f"TILL ADD Ana 6123 0000 {CANARY}").startswith(
        "Till Ana is ready: its phone gets notices and cannot pay."
    )
    assert town.hears(ANA).startswith("This phone is a till of Rosa (")
    town.asks("Juan", f"PAGAR 61230000 5.00 {CANARY}")
    town.hears("Rosa")
    assert "Till Ana. To check: VERIFY" in town.hears(ANA)
    assert town.asks(ANA, "TOTALS").startswith("TOTALS ")
    assert town.asks(ANA, f"PAY 61230000 5.00 {CANARY}").startswith("NOT paid: this")
    assert town.asks("Rosa", f"TILL DROP 6123 0000 {CANARY}").startswith("Till Ana rem")


def test_a_phone_that_became_a_till_is_not_invited(town: Town) -> None:
    """SI to an invitation does nothing once the phone receives for somebody.

    Flow 35.
    """
    offered = town.asks("Juan", f"PAGAR 6123-0000 5.00 {CANARY}")
    found = re.search(r"SI (\d\d)", offered)
    assert found, offered
    _opens(town)
    town.hears(ANA)
    town.asks("Juan", f"SI {found[1]}")
    assert town.nothing_for(ANA)


def test_a_till_that_is_paid_by_menu_is_told(town: Town) -> None:
    """Flow 35: The screens keep which till was meant."""
    code = _opens(town)
    town.hears(ANA)
    for text in ("MENU", "1", code):
        town.asks("Juan", text)
    assert "a Rosa (" in town.asks("Juan", "5.00")
    assert town.asks("Juan", CANARY).startswith("PAGO OK 5.00 PT a Rosa")
    assert "Caja Ana." in town.hears(ANA)
