"""Flows 15 and 45: who is who, an alias, credit, promotions and an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.test_joining import joins_staff
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

STRANGER = "+50376543210"


def test_quien_tells_the_name_and_no_phone(town: Town) -> None:
    """A member looks before paying, by code, phone or alias; a slip is told.

    Flow 15.
    """
    rosa = town.people["Rosa"]
    told = f"{rosa.code} es Rosa, socio de Red. Para pagarle use ese codigo."
    for who in (rosa.code, "7123-4567", "panaderialuz"):
        assert town.asks("Juan", f"QUIEN {who}") == told
    near = town.asks("Juan", "QUIEN panaderialus")
    assert near.endswith(f"Quiso decir PANADERIALUZ ({rosa.code})?")
    assert town.asks("Juan", "QUIEN 7999-9999").startswith("Nadie en Red tiene")
    town.asks("Juan", "LANG EN")
    assert town.asks("Juan", f"WHO {rosa.code}").startswith(f"{rosa.code} is Rosa")


def test_a_new_member_reads_that_there_is_nothing_yet(town: Town) -> None:
    """MOVS, ULTIMO and CAJERO of somebody who has nothing say so, and what is next."""
    for said, told in (
        (f"MOVS {CANARY}", "Todavia no hay movimientos. Para ver su saldo: SALDO"),
        (f"MOVS 2 {CANARY}", "No hay mas movimientos. Para ver los ultimos: MOVS"),
        (
            "ULTIMO",
            "Todavia no tiene recibos: no ha pagado ni le han pagado."
            " Para pagar: PAGAR codigo monto PIN",
        ),
        (
            "CAJERO",
            "No tiene cajas. Agregar una: CAJERO ALTA telefono nombre PIN."
            " Ej: CAJERO ALTA 7000-0000 Ana ****",
        ),
    ):
        assert town.asks("Juan", said) == told
    town.asks("Juan", "LANG EN")
    assert town.asks("Juan", "TILL").startswith(
        "You have no tills. Add one: TILL ADD phone name PIN. Ex: TILL ADD "
    )


@pytest.mark.parametrize(
    "said", ["SALDO", "MOVS", "CREDITO", "CIERRE", "ALIAS evita", "PALABRA mango"]
)
def test_whoever_has_no_pin_is_told_how_to_get_one(town: Town, said: str) -> None:
    """A command that needs the PIN does not ask for one that was never made.

    Flow 3.
    """
    town.joins("Eva", "74440000", pin=None)
    assert town.asks("Eva", said) == (
        "Usted todavia no tiene PIN. Pida un codigo para crearlo: 2222-0000."
        " Despues escriba: PIN codigo nuevo nuevo"
    )


def test_quien_cannot_list_the_network(town: Town) -> None:
    """Flow 15: The 21st look-up of an hour is refused; an hour later it goes on."""
    code = town.people["Rosa"].code
    for _ in range(20):
        assert "Rosa" in town.asks("Juan", f"QUIEN {code}")
    assert town.asks("Juan", f"QUIEN {code}").startswith("Ya pregunto mucho.")
    town.clock.forward(minutes=61)
    assert "Rosa" in town.asks("Juan", f"QUIEN {code}")


def test_an_alias_is_chosen_once_in_90_days(town: Town) -> None:
    """Flow 15: ALIAS needs the PIN and a free word; the next one waits 90 days."""
    code = town.people["Juan"].code
    assert town.asks("Juan", "ALIAS juanito").startswith("Falta su PIN.")
    taken = town.asks("Juan", f"ALIAS PANADER1ALUZ {CANARY}")
    assert taken.startswith("Alias NO cambiado: PANADER1ALUZ es de otra persona")
    assert "incorrecto" in town.asks("Juan", "ALIAS juanito 111222")
    done = town.asks("Juan", f"ALIAS juanito {CANARY}")
    assert done.startswith("Listo: su alias es JUANITO")
    assert town.asks("Rosa", "QUIEN juanito").startswith(f"{code} es Juan")
    early = town.asks("Juan", f"ALIAS juanpan {CANARY}")
    assert early.startswith("Alias NO cambiado: solo se puede cada 90 dias.")
    town.clock.forward(minutes=90 * 24 * 60 + 1)
    assert town.asks("Juan", f"ALIAS juanpan {CANARY}").startswith("Listo: su alias")
    assert town.asks("Rosa", "QUIEN juanito").startswith("Nadie en Red se llama")


def test_credit_is_told_asked_for_and_granted(town: Town) -> None:
    """CREDITO tells; with words it is a ticket; the granted limit is told by text.

    Flow 45.
    """
    code = town.people["Rosa"].code
    town.asks("Juan", f"PAGAR {code} 25.50 {CANARY}")
    assert "100.00" not in town.asks("Juan", "CREDITO")
    assert town.asks("Juan", f"CREDITO {CANARY}").startswith(
        "Credito: limite 100.00 PT, usado 25.50. Puede gastar 74.50."
    )
    asked = town.asks("Juan", "CREDITO quiero 200 para harina")
    assert asked.startswith("Recibido: el personal decide")
    (ticket,) = town.told("ticket", "list")["ticket"]
    assert (ticket["topic"], ticket["words"]) == ("credit", "quiero 200 para harina")
    town.told("ticket", "approve", str(ticket["id"]), "--limit", "200")
    assert town.hears("Juan").startswith(
        "Red: su limite de credito ahora es 200.00 PT. Puede gastar 174.50."
    )
    assert town.told("ticket", "list")["ticket"] == []


def test_a_limit_above_the_line_needs_two(town: Town) -> None:
    """With a staff, more than 500.00 takes effect when another of them agrees.

    Flow 45.
    """
    juan = town.people["Juan"]
    joins_staff(town, "Marta", "74567890")
    joins_staff(town, "Oscar", "75678901")
    town.hears("Marta")
    town.asks("Juan", "CREDITO quiero mas")
    told = town.told("--as", "Oscar", "member", "limit", juan.phone, "600")
    assert (told["limit"], told["approval"]["asked"]) == ("100.00", ["Marta"])
    asked = read(
        f"Red: credito de 600.00 PT para Juan ({juan.code}). Si lo aprueba: SI {{tk}} "
        "y su PIN. Si no: NO {tk}. Vence {time}",
        town.hears("Marta"),
    )
    assert town.told("member", "show", juan.phone)["limit"] == "100.00"
    yes = f"SI {asked['tk']} {CANARY}"
    assert town.asks("Marta", yes).startswith("Aprobado y hecho.")
    assert town.hears("Juan").startswith("Red: su limite de credito ahora es 600.00 PT")
    agreed = town.hears("Oscar")
    assert agreed.startswith(f"Red: Juan ({juan.code}) tiene ahora credito de 600.00")
    assert "Lo aprobo Marta." in agreed
    assert town.told("member", "show", juan.phone)["limit"] == "600.00"
    assert town.told("ticket", "list")["ticket"] == []
    # Lowering it needs nobody.
    assert town.told("member", "limit", juan.phone, "50")["limit"] == "50.00"


def test_promotions_stop_and_come_back(town: Town) -> None:
    """Flow 40: BAJA, BAJA AVISOS, CANCELAR as the whole text, and PROMOS SI."""
    phone = town.people["Juan"].phone
    assert "PROMOS SI" in town.asks("Juan", "PROMOS")
    assert town.asks("Juan", "PROMOS SI").startswith("Listo: le mandamos promociones")
    assert town.told("member", "show", phone)["promos"] is True
    assert "ya no le mandamos promociones. R" in town.asks("Juan", "BAJA")
    assert town.told("member", "show", phone)["promos"] is False
    assert "ni avisos" in town.asks("Juan", "BAJA AVISOS")
    # Promotions alone do not bring notices back, and nobody is told that they go on.
    for text in ("BAJA", "PROMOS NO"):
        assert "ni avisos" in town.asks("Juan", text)
    town.asks("Juan", "LANG EN")
    assert town.asks("Juan", "PROMOS YES").startswith("Done: you get promotions")
    assert "notices go on" in town.asks("Juan", "Cancelar.")
    assert town.told("member", "show", phone)["promos"] is False


def test_cancelar_with_a_payment_waiting_is_about_the_payment(town: Town) -> None:
    """Flow 34: With a question open, CANCELAR closes it and SALIR changes nothing."""
    town.asks("Juan", "PROMOS SI")
    asked = read(
        "Pagar {any}? Responda {tk} y su PIN. {any2}",
        town.asks("Juan", "PAGAR panaderialuz 25"),
    )
    held = town.asks("Juan", "SALIR")
    assert held.startswith("No cambio nada: tiene una pregunta abierta.")
    assert f"NO {asked['tk']}" in held
    assert town.asks("Juan", "CANCELAR").startswith("NO se pago 25.00 PT a Rosa")
    assert town.told("member", "show", town.people["Juan"].phone)["promos"] is True


def test_a_phone_of_nobodys_is_invited_once_a_month(town: Town) -> None:
    """PAGAR to a stranger pays nothing and offers to write to them, once a month.

    Flow 15.
    """
    asked = read(
        "NO se pago: nadie en Red tiene ese telefono. Revise los numeros. "
        "Para invitar a esa persona por mensaje: SI {tk}. Ayuda: 2222-0000",
        town.asks("Juan", f"PAGAR 7654-3210 25.00 {CANARY}"),
    )
    # SI alone is enough: nothing else is asked and no money moves.
    assert town.asks("Juan", "SI").startswith("Listo: le escribimos a ese telefono")
    assert town.hears(STRANGER).startswith("Juan quiere pagarle con Red, la red de")
    again = town.asks("Juan", f"SI {asked['tk']}")
    assert again.startswith("No se hizo nada: esa pregunta ya vencio")
    unknown = town.asks("Luis", "PAGAR 7654-3210 25.00")
    assert unknown.startswith("NO se pago: nadie en Red tiene ese codigo o telefono.")
    assert town.nothing_for(STRANGER)
    assert town.balance("Juan") == "0.00"
    town.clock.forward(minutes=31 * 24 * 60)
    assert "Para invitar" in town.asks("Luis", "PAGAR 7654-3210 25.00")


def test_an_invitation_in_english(town: Town) -> None:
    """Flow 15: the stranger is written to in the language of whoever invites."""
    town.asks("Juan", "LANG EN")
    read(
        "NOT paid: nobody in Red has that phone. Check the digits. "
        "To invite that person by text: YES {tk}. Help: 2222-0000",
        town.asks("Juan", f"PAY 7654-3210 25.00 {CANARY}"),
    )
    assert town.asks("Juan", "YES").startswith("Done: we wrote to that phone how to")
    assert town.hears(STRANGER).startswith(
        "Juan wants to pay you with Red, the network"
    )
    assert town.balance("Juan") == "0.00"
