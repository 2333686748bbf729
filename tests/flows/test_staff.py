"""Flows 26, 27 and 54 in part: who is on the staff, and what two of them decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.reading import read
from tests.flows.test_joining import joins_staff
from tests.flows.test_lost_phone import NEW, STRANGER, forgets, guards, state
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town


def two_of_the_staff(town: Town) -> None:
    """Put Marta and Oscar on the staff."""
    joins_staff(town, "Marta", "74567890")
    joins_staff(town, "Oscar", "75678901")
    town.hears("Marta")


# ---- who leaves


def test_somebody_leaves_the_staff(town: Town) -> None:
    """All are told, what they were asked is void, and they can come back later.

    Flow 45.
    """
    two_of_the_staff(town)
    town.told("staff", "add", "Luis", "73456789", "--role", "clerk")
    asked = read("{any}: SI {tk} y su PIN. {any2}", town.hears("Oscar"))
    town.hears("Marta")
    ended = town.told("--as", "Marta", "staff", "end", "75678901")
    assert (ended["name"], ended["state"]) == ("Oscar", "ended")
    left = (
        "Red: Oscar ya no es parte del personal. Lo decidio Marta."
        " Si no lo esperaba llame: 2222-0000"
    )
    assert (town.hears("Oscar"), town.hears("Marta")) == (left, left)
    # The phone of who left agrees to nothing, not even with the right PIN.
    late = town.asks("Oscar", f"SI {asked['tk']} {CANARY}")
    assert late.startswith("No se hizo nada: esa pregunta ya vencio o se cerro.")
    rows = {row["name"]: row["state"] for row in town.told("staff", "list")["staff"]}
    assert rows == {"Marta": "active", "Luis": "asked"}
    again = town.told("staff", "add", "Oscar", "75678901", "--role", "operator")
    assert again["state"] == "active"


def test_the_last_one_leaves_on_purpose_only(town: Town) -> None:
    """Flow 45: Without a staff the shell alone decides, so that is said twice."""
    joins_staff(town, "Marta", "74567890")
    town.asks("Marta", "LANG EN")
    code, said = town.shell("staff", "end", "marta")
    assert code == 1
    assert "say --last if that is meant" in said
    assert town.shell("staff", "end", "Nadie")[0] == 1
    assert town.nothing_for("Marta")
    code, said = town.shell("staff", "end", "marta", "--last")
    assert code == 0
    assert "is on the staff no more" in said
    assert town.hears("Marta").startswith("Red: Marta is one of the staff no more.")
    assert town.told("staff", "list")["staff"] == []


# ---- in a guardian's place


def test_two_of_the_staff_agree_to_a_new_pin(town: Town) -> None:
    """Flow 27: the guardian cannot be reached; the day still has to pass."""
    two_of_the_staff(town)
    guards(town)
    asked, _ = forgets(town)
    juan, rosa = town.people["Juan"], town.people["Rosa"]
    told = town.told("--as", "Oscar", "member", "reset", juan.phone, "--agree")
    assert (told["new_pin_held"], told["approval"]["asked"]) == (True, ["Marta"])
    token = read(
        f"Red: PIN nuevo para Juan ({juan.code}) sin esperar a su guardian."
        " Si lo aprueba: SI {tk} y su PIN. Si no: NO {tk}. Vence {time}",
        town.hears("Marta"),
    )["tk"]
    assert "falta su PIN" in town.asks("Marta", "SI")
    agreed = town.asks("Marta", f"SI {token} {CANARY}")
    assert agreed.startswith("Aprobado y hecho.")
    read(
        "El personal de Red confirmo su PIN nuevo: vale desde el {time}."
        " Si NO fue usted responda ROBO. Ayuda: 2222-0000",
        town.hears("Juan"),
    )
    passed = (
        f"Red: el PIN nuevo de Juan ({juan.code}) vale sin esperar a su guardian."
        f" Lo aprobo Marta. Si no es cierto: ROBO {juan.code}"
    )
    assert (town.hears("Luis"), town.hears("Oscar")) == (passed, passed)
    late = town.asks("Luis", f"NO {asked}")
    assert late.startswith("No se hizo nada: eso ya lo decidio otra persona")
    pays = f"PAGAR {rosa.code} 5.00 "
    assert "incorrecto" in town.asks("Juan", pays + NEW)
    town.clock.forward(minutes=24 * 60)
    question = town.asks("Juan", pays + NEW)
    assert question.startswith("Pagar 5.00 PT a Rosa")
    assert town.asks("Juan", NEW).startswith("PAGO OK 5.00")


def test_one_of_the_staff_is_enough_to_void_a_new_pin(town: Town) -> None:
    """Flow 27: the old PIN goes on; there is nothing to agree to any more."""
    two_of_the_staff(town)
    guards(town)
    forgets(town)
    juan = town.people["Juan"]
    told = town.told("member", "reset", juan.phone, "--void")
    assert (told["new_pin_from"], told["approval"]) == (None, None)
    assert town.hears("Juan").startswith("Cambio de PIN anulado")
    assert town.shell("member", "reset", juan.phone, "--agree")[0] == 1
    town.clock.forward(minutes=25 * 60)
    code = town.people["Rosa"].code
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK")


def test_without_a_staff_the_shell_decides(town: Town) -> None:
    """Flow 27: member and guardian are told, so that nobody does it unseen."""
    guards(town)
    forgets(town)
    juan = town.people["Juan"]
    for name in ("Juan", "Luis"):
        town.asks(name, "LANG EN")
    told = town.told("--as", "Marta", "member", "reset", juan.phone, "--agree")
    assert (told["new_pin_held"], told["approval"]) == (False, None)
    assert town.hears("Juan").startswith("The staff of Red agreed to your new PIN")
    assert town.hears("Luis").startswith(
        f"Red: Juan ({juan.code}) gets a new PIN without the guardian."
    )


def test_two_of_the_staff_lift_what_a_stranger_stopped(town: Town) -> None:
    """Flow 26: where a guardian was asked, one of the staff is not enough."""
    two_of_the_staff(town)
    guards(town)
    juan = town.people["Juan"]
    town.asks(STRANGER, f"ROBO {juan.code}")
    town.hears("Juan")
    guardian = read("{any}SI {tk} y su PIN. {any2}", town.hears("Luis"))["tk"]
    told = town.told("--as", "Oscar", "member", "unfreeze", juan.phone)
    assert (told["stopped"], told["approval"]["asked"]) == (True, ["Marta"])
    token = read(
        f"Red: que Juan ({juan.code}) pague otra vez sin esperar a su guardian."
        " Si lo aprueba: SI {tk} y su PIN. Si no: NO {tk}. Vence {time}",
        town.hears("Marta"),
    )["tk"]
    assert town.asks("Marta", f"{token} {CANARY}").startswith("Aprobado y hecho.")
    assert town.hears("Juan").startswith("Ya se puede pagar otra vez con su cuenta.")
    for name in ("Luis", "Oscar"):
        assert town.hears(name).startswith(
            f"Red: Juan ({juan.code}) paga otra vez sin esperar a su guardian."
        )
    assert state(town, "Juan") == ("active", False)
    late = town.asks("Luis", f"SI {guardian} {CANARY}")
    assert late.startswith("No se hizo nada: eso ya lo decidio otra persona")
