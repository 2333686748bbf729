"""Flows 26 and 27: a phone is lost, a PIN is forgotten, and a guardian helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.damm import damm_digit
from tests.flows.reading import read
from tests.flows.town import CANARY, Person

if TYPE_CHECKING:
    from tests.flows.town import Town

STRANGER, OTHER = "+50376543210", "+50376543211"
NEW = "850263"
HEARD = "Recibido: si ese codigo es de un socio, ya nadie paga con su cuenta."


def state(town: Town, name: str) -> tuple[str, bool]:
    """Return a member's state, and whether payments out of it are stopped."""
    shown = town.told("member", "show", town.people[name].phone)
    return shown["state"], shown["stopped"]


def guards(town: Town) -> None:
    """Have Juan name Luis."""
    code = town.people["Luis"].code
    assert town.asks("Juan", f"GUARDIAN {code} {CANARY}").startswith(
        f"Listo: Luis ({code}) es su guardian."
    )
    assert town.hears("Luis").startswith("Juan (")


def test_robo_from_another_phone_stops_what_goes_out(town: Town) -> None:
    """A stranger's ROBO stops payments out; the member is told and still paid.

    Flow 26.
    """
    juan, rosa = town.people["Juan"], town.people["Rosa"]
    assert town.asks(STRANGER, f"ROBO {juan.code}").startswith(HEARD)
    stopped = read(
        "Otro telefono aviso ROBO de su cuenta: no se puede pagar con ella,"
        " pero si recibir. Si no es cierto: SI {tk} y su PIN, vale 4 h despues."
        " Ayuda: 2222-0000",
        town.hears("Juan"),
    )
    assert state(town, "Juan") == ("active", True)
    pays = f"PAGAR {rosa.code} 5.00 {CANARY}"
    # Whoever has lost that text is told again how to end it.
    assert town.asks("Juan", pays) == (
        "NO se pago: otro telefono aviso ROBO de su cuenta. Si no es cierto:"
        f" SI {stopped['tk']} y su PIN, vale 4 h despues. Ayuda: 2222-0000"
    )
    town.limit("Rosa", "10")
    paid = town.asks("Rosa", f"PAGAR {juan.code} 2.00 {CANARY}")
    assert paid.startswith("PAGO OK 2.00 PT a Juan")
    town.hears("Juan")
    # The member's own PIN lifts it, four hours later and not before.
    later = town.asks("Juan", f"SI {stopped['tk']} {CANARY}")
    assert later.startswith("Recibido: con su cuenta se puede pagar desde el")
    assert town.asks("Juan", pays).startswith("NO se pago: su cuenta esta bloqueada.")
    town.clock.forward(minutes=241)
    town.says("Juan", pays)
    heard = town.hears("Juan")
    if heard.startswith("Ya se puede pagar otra vez"):  # the house was first
        heard = town.hears("Juan")
    assert heard.startswith("PAGO OK 5.00 PT a Rosa")
    assert town.balance("Rosa") == "3.00"
    assert state(town, "Juan") == ("active", False)


def test_an_unknown_code_is_answered_alike(town: Town) -> None:
    """Flow 26: Whoever says ROBO learns nothing, and does it once a day."""
    juan = town.people["Juan"]
    codes = {person.code for person in town.people.values()}
    nobodys = next(
        code
        for code in (f"{n}{damm_digit(str(n))}" for n in range(1000, 10_000))
        if code not in codes
    )
    assert town.asks(STRANGER, f"ROBO {nobodys}").startswith(HEARD)
    assert town.asks("Luis", f"ROBO {juan.code}").startswith(HEARD)
    assert state(town, "Juan") == ("active", True)
    assert town.asks("Luis", f"ROBO {town.people['Rosa'].code}").startswith(HEARD)
    assert state(town, "Rosa") == ("active", False)


def test_a_second_phone_makes_it_a_freeze_that_staff_lift(town: Town) -> None:
    """Flow 26: Two numbers freeze the account; the member's PIN no longer lifts it."""
    juan = town.people["Juan"]
    town.asks(STRANGER, f"ROBO {juan.code}")
    asked = read("{any}: SI {tk} y su PIN, {any2}", town.hears("Juan"))
    town.asks(OTHER, f"ROBO {juan.code}")
    assert town.hears("Juan").startswith("BLOQUEADA: dos telefonos avisaron ROBO")
    assert state(town, "Juan") == ("frozen", False)
    town.asks("Juan", f"SI {asked['tk']} {CANARY}")
    town.clock.forward(minutes=300)
    assert state(town, "Juan") == ("frozen", False)
    town.told("member", "unfreeze", juan.phone)
    code = town.people["Rosa"].code
    assert town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK")


def test_a_guardian_lifts_at_once_or_freezes(town: Town) -> None:
    """A guardian is asked when a stranger said ROBO; their own ROBO freezes at once.

    Flow 26.
    """
    guards(town)
    juan = town.people["Juan"]
    town.asks(STRANGER, f"ROBO {juan.code}")
    town.hears("Juan")
    asked = read(
        f"Avisaron ROBO de la cuenta de Juan ({juan.code}). Hable con esa persona. "
        f"Para que pueda pagar: SI {{tk}} y su PIN. Para bloquearla: ROBO {juan.code}",
        town.hears("Luis"),
    )
    assert town.asks("Luis", f"SI {asked['tk']} {CANARY}").startswith(
        "Listo: Juan ya puede pagar otra vez."
    )
    assert town.hears("Juan").startswith("Ya se puede pagar otra vez")
    assert state(town, "Juan") == ("active", False)

    frozen = town.asks("Luis", f"ROBO {juan.code}")
    assert frozen.startswith(
        f"BLOQUEADA: nadie puede pagar con la cuenta de Juan ({juan.code})"
    )
    assert town.hears("Juan").startswith("BLOQUEADA: su guardian Luis aviso ROBO")
    assert state(town, "Juan") == ("frozen", False)
    # What staff or a guardian froze on purpose, no old question lifts.
    again = town.asks("Luis", f"SI {asked['tk']} {CANARY}")
    assert again.startswith("No se hizo nada: esa pregunta ya vencio o se cerro.")


def test_a_new_phone_may_pay_little_for_three_days(town: Town) -> None:
    """Staff register another number: the old one is told, the limit is low at first.

    Flow 26.
    """
    juan, rosa = town.people["Juan"], town.people["Rosa"]
    town.asks(STRANGER, f"ROBO {juan.code}")
    town.hears("Juan")
    town.told("member", "phone", juan.code, "76543212")
    assert town.hears("Juan").startswith("Su cuenta en Red paso a otro telefono")
    town.asks("Luis", "LANG EN")
    town.told("member", "phone", town.people["Luis"].code, "76543213")
    assert town.hears("Luis").startswith("Your account in Red moved to another phone")
    town.people["New"] = Person(phone="+50376543212", code=juan.code)
    read(
        f"Este numero ya es el de su cuenta {juan.code} en Red. "
        "Hasta el {time} puede pagar 20.00 PT por dia. Ayuda: 2222-0000",
        town.hears("New"),
    )
    town.told("member", "unfreeze", juan.code)
    over = town.asks("New", f"PAGAR {rosa.code} 25.00 {CANARY}")
    assert over.startswith("NO se pago. Por seguridad puede pagar 20.00 PT por dia")
    asked = town.asks("New", f"PAGAR {rosa.code} 20.00 {CANARY}")
    assert asked.startswith("Pagar 20.00 PT a Rosa")
    assert town.asks("New", CANARY).startswith("PAGO OK 20.00 PT")
    town.says("Juan", f"PAGAR {rosa.code} 5.00 {CANARY}")
    assert town.hears("Juan").startswith("Este numero no esta registrado")
    town.clock.forward(minutes=73 * 60)
    assert town.asks("New", f"PAGAR {rosa.code} 25.00 {CANARY}").startswith("PAGO OK")


def forgets(town: Town) -> tuple[str, str]:
    """Have Juan ask for a new PIN; return the tokens told to Luis and to Juan."""
    town.pins.add(NEW)
    juan = town.people["Juan"]
    code = town.told("member", "pin", juan.phone)["one_time_code"]
    held = town.asks("Juan", f"PIN {code} {NEW} {NEW}")
    assert held.startswith("PIN recibido: vale desde el")
    assert "cuando Luis, su guardian, lo confirme." in held
    stops = read("{any}responda NO {tk} o ROBO. {any2}", town.hears("Juan"))["tk"]
    asked = read(
        f"Juan ({juan.code}) pide PIN nuevo y usted es su guardian. Hable con esa "
        "persona. Si es cierto: SI {tk} y su PIN. Si no: NO {tk}",
        town.hears("Luis"),
    )
    return asked["tk"], stops


def test_a_guardian_agrees_and_a_day_later_the_pin_holds(town: Town) -> None:
    """Without the guardian nothing changes; with them, the day still has to pass.

    Flow 27.
    """
    guards(town)
    asked, _ = forgets(town)
    pays = f"PAGAR {town.people['Rosa'].code} 5.00 "
    assert "falta su PIN" in town.asks("Luis", f"SI {asked}")
    assert town.asks("Luis", f"SI {asked} {CANARY}").startswith("Confirmado: el PIN")
    assert town.hears("Juan").startswith("Su guardian Luis confirmo su PIN nuevo")
    assert "incorrecto" in town.asks("Juan", pays + NEW)
    town.clock.forward(minutes=24 * 60 + 1)
    over = town.asks("Juan", f"PAGAR {town.people['Rosa'].code} 25.00 {NEW}")
    assert over.startswith("NO se pago. Por seguridad puede pagar 20.00 PT por dia")
    assert town.asks("Juan", pays + NEW).startswith("Pagar 5.00 PT a Rosa")
    assert town.asks("Juan", NEW).startswith("PAGO OK 5.00 PT")
    town.clock.forward(minutes=72 * 60)
    assert town.asks("Juan", pays + NEW).startswith("PAGO OK 5.00 PT")


def test_a_second_answer_to_a_reset_speaks_of_no_payment(town: Town) -> None:
    """Flow 27: a guardian who answers twice reads that nothing was done."""
    guards(town)
    asked, _ = forgets(town)
    assert town.asks("Luis", f"NO {asked}").startswith("Anulado: el PIN nuevo de Juan")
    assert town.asks("Luis", f"SI {asked} {CANARY}") == (
        "No se hizo nada: esa pregunta ya vencio o se cerro. Ayuda: 2222-0000"
    )


def loosely(town: Town) -> None:
    """Have every text come over a link whose senders can be forged."""
    town.stop()
    town.config_path.write_text(town.config_path.read_text() + "trusted = false\n")
    town.start()


def test_robo_over_a_loose_link_is_anybodys(town: Town) -> None:
    """Flow 26: it stops what goes out, is told to the phone, and its PIN lifts it."""
    loosely(town)
    rosa = town.people["Rosa"]
    stopped = read(
        "ROBO recibido: no se puede pagar con su cuenta, pero si recibir."
        " Si no fue usted: SI {tk} y su PIN, vale 4 h despues. Ayuda: 2222-0000",
        town.asks("Juan", "ROBO"),
    )
    assert state(town, "Juan") == ("active", True)
    assert town.asks("Juan", "ROBO").startswith(HEARD)
    town.clock.forward(minutes=25 * 60)
    # The same number a day later is no second phone.
    assert town.asks("Juan", f"ROBO {town.people['Juan'].code}").startswith(HEARD)
    assert state(town, "Juan") == ("active", True)
    later = town.asks("Juan", f"SI {stopped['tk']} {CANARY}")
    assert later.startswith("Recibido: con su cuenta se puede pagar desde el")
    town.clock.forward(minutes=241)
    town.says("Juan", f"PAGAR {rosa.code} 5.00")
    heard = town.hears("Juan")
    if heard.startswith("Ya se puede pagar otra vez"):  # the house was first
        heard = town.hears("Juan")
    assert heard.startswith("Pagar 5.00 PT a Rosa")


def test_a_forged_guardian_freezes_nobody(town: Town) -> None:
    """Flow 26: over a loose link a guardian's ROBO is any phone's, in English too."""
    guards(town)
    for name in ("Juan", "Luis"):
        town.asks(name, "LANG EN")
    loosely(town)
    heard = town.asks("Luis", f"STOLEN {town.people['Juan'].code}")
    assert heard.startswith("Received: if that code is a member's")
    assert town.hears("Juan").startswith("Another phone sent STOLEN for your account")
    assert town.hears("Luis").startswith("Somebody sent STOLEN for Juan")
    assert state(town, "Juan") == ("active", True)


def test_robo_over_a_loose_link_voids_a_new_pin(town: Town) -> None:
    """Flow 27: its notice promises so, whatever link the member writes over."""
    town.pins.add(NEW)
    juan = town.people["Juan"]
    code = town.told("member", "pin", juan.phone)["one_time_code"]
    town.asks("Juan", f"PIN {code} {NEW} {NEW}")
    assert "responda NO" in town.hears("Juan")
    loosely(town)
    assert town.asks("Juan", "ROBO").startswith("ROBO recibido:")
    assert town.told("member", "show", juan.phone)["new_pin_from"] is None


@pytest.mark.parametrize("days", [2, 15])
def test_a_silent_guardian_means_no_new_pin(town: Town, days: int) -> None:
    """The old PIN goes on for as long as nobody agrees, and after a week for good.

    Flow 27.
    """
    guards(town)
    asked, _ = forgets(town)
    town.clock.forward(minutes=days * 24 * 60)
    pays = f"PAGAR {town.people['Rosa'].code} 5.00 "
    if days > 7:
        assert town.hears("Juan").startswith("Cambio de PIN anulado")
        late = town.asks("Luis", f"SI {asked} {CANARY}")
        assert late.startswith("No se hizo nada: esa pregunta ya vencio")
    assert town.asks("Juan", pays + CANARY).startswith("PAGO OK")


@pytest.mark.parametrize("words", ["ROBO", "NO {stops}", "guardian"])
def test_anybody_concerned_voids_a_new_pin(town: Town, words: str) -> None:
    """ROBO, NO with the token, or the guardian's NO: the new PIN never holds.

    Flow 27.
    """
    guards(town)
    asked, stops = forgets(town)
    if words == "guardian":
        assert town.asks("Luis", f"NO {asked}").startswith("Anulado: el PIN nuevo")
        assert town.hears("Juan").startswith("Su guardian Luis anulo el PIN nuevo")
    else:
        town.asks("Juan", words.format(stops=stops))
        late = town.asks("Luis", f"SI {asked} {CANARY}")
        assert late.startswith("No se hizo nada: eso ya lo decidio otra persona")
    if words == "ROBO":
        town.told("member", "unfreeze", town.people["Juan"].phone)
    (alarm,) = town.told("callback", "list")["callback"]
    assert alarm["topic"] == "alarm"
    town.clock.forward(minutes=25 * 60)
    pays = f"PAGAR {town.people['Rosa'].code} 5.00 "
    assert "incorrecto" in town.asks("Juan", pays + NEW)
    assert town.asks("Juan", pays + CANARY).startswith("PAGO OK")


def test_guardians_are_named_with_the_pin_and_dropped(town: Town) -> None:
    """Oneself, a stranger and a wrong PIN are refused; both sides hear of the end.

    Flow 27.
    """
    juan, luis = town.people["Juan"], town.people["Luis"]
    own = town.asks("Juan", f"GUARDIAN {juan.code} {CANARY}")
    assert own.startswith("Guardian NO cambiado: usted no puede ser")
    assert "nadie en Red" in town.asks("Juan", f"GUARDIAN 7999-9999 {CANARY}")
    assert "incorrecto" in town.asks("Juan", f"GUARDIAN {luis.code} 111222")
    assert "Falta su PIN" in town.asks("Juan", f"GUARDIAN {luis.code}")
    none = town.asks("Juan", f"GUARDIAN QUITAR {luis.code} {CANARY}")
    assert none.startswith("Guardian NO cambiado: esa persona no es")
    guards(town)
    town.asks("Juan", "LANG EN")
    dropped = town.asks("Juan", f"GUARD DROP {luis.code} {CANARY}")
    assert dropped.startswith(f"Done: Luis ({luis.code}) is your guardian no more.")
    assert "ya no le tiene de guardian" in town.hears("Luis")
