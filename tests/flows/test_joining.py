"""Flows 2 and 29: joining, being called, a dispute; and who may agree to what."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from tests.flows.reading import digits, read
from tests.flows.town import CANARY, Person

if TYPE_CHECKING:
    from tests.flows.town import Town

STRANGER = "+50376543210"


def takes_pin(town: Town, name: str, told: dict[str, str]) -> None:
    """Have somebody set a first PIN with the code that a shell printed."""
    town.people.setdefault(name, Person(phone=told["phone"], code=told["code"]))
    code = told["one_time_code"]
    assert town.asks(name, f"PIN {code} {CANARY} {CANARY}").startswith("PIN cambiado")


def joins_staff(town: Town, name: str, phone: str) -> dict[str, str]:
    """Put somebody on the staff by the shell alone, and give them a PIN."""
    told = town.told("staff", "add", name, phone, "--role", "manager")
    town.people[name] = Person(phone=told["phone"], code=told["code"])
    assert "ya es parte del personal" in town.hears(name)
    takes_pin(town, name, told)
    return dict(told)


def test_a_stranger_asks_to_join_and_is_welcomed(town: Town) -> None:
    """ALTA waits for staff; the welcome names the code; a PIN and a payment follow.

    Flow 2.
    """
    asked = town.asks(STRANGER, "ALTA Juan Perez carpintero")
    assert asked.startswith("Recibido, Juan Perez carpinter")
    waiting = town.told("join", "list")["join"]
    assert [row["words"] for row in waiting] == ["Juan Perez carpintero"]

    done = town.told("join", "approve", str(waiting[0]["id"]), "--name", "Juan Perez")
    code = done["member"]["code"]
    read(
        f"Bienvenido a Red, Juan Perez. Su codigo es {code}: con el le pagan. Guarde "
        "este numero. Para tener PIN llame: 2222-0000. Comandos: AYUDA",
        town.hears(STRANGER),
    )
    assert town.told("join", "list")["join"] == []

    once = done["one_time_code"]
    assert "PIN" in town.asks(STRANGER, f"PIN {once} {CANARY} {CANARY}")
    paid = town.asks("Juan", f"PAGAR {code} 5.00 {CANARY}")
    assert paid.startswith(f"PAGO OK 5.00 PT a Juan Perez ({code})")
    assert town.asks(STRANGER, "AYUDA").startswith("Red: RECIBIO 5.00 PT de Juan")


def test_asking_twice_is_one_request_and_two_answers_a_day(town: Town) -> None:
    """A second ALTA opens nothing new; a third text of the day is not answered.

    Flow 2.
    """
    for _ in range(2):
        assert town.asks(STRANGER, "ALTA Rosa").startswith("Recibido, Rosa")
    town.says(STRANGER, "ALTA Rosa Lopez")
    assert town.nothing_for(STRANGER)
    assert len(town.told("join", "list")["join"]) == 1


def test_a_request_that_is_turned_down_is_told_once(town: Town) -> None:
    """Flow 2: one text, and none where staff took it for a prank."""
    town.asks(STRANGER, "ALTA Juan Perez")
    (row,) = town.told("join", "list")["join"]
    town.told("join", "close", str(row["id"]), "--note", "no vive aqui")
    assert town.hears(STRANGER) == (
        "El personal de Red no aprobo su solicitud. Para preguntar por que llame:"
        " 2222-0000"
    )
    # That was the second text of the day: nothing more is answered.
    town.says(STRANGER, "ALTA Juan Perez")
    assert town.nothing_for(STRANGER)
    (row,) = town.told("join", "list")["join"]
    town.told("join", "close", str(row["id"]), "--silent")
    town.clock.forward(minutes=2 * 24 * 60)
    assert town.nothing_for(STRANGER)


def test_who_had_two_texts_today_is_told_tomorrow(town: Town) -> None:
    """Flow 2: the limit of a stranger's texts holds for what staff decide, too."""
    town.asks(STRANGER, "ALTA Juan Perez")
    town.asks(STRANGER, "hola")
    (row,) = town.told("join", "list")["join"]
    town.told("join", "close", str(row["id"]))
    assert town.nothing_for(STRANGER)
    town.clock.forward(minutes=24 * 60 + 1)
    # The house looks twice a minute; what is due goes out with an answer, too.
    town.asks("Juan", "AYUDA")
    assert town.hears(STRANGER).startswith("El personal de Red no aprobo")
    town.asks(STRANGER, "hola")
    town.says(STRANGER, "VER 4812057735")
    assert town.nothing_for(STRANGER)


def test_a_request_that_nobody_decides_ends_after_a_month(town: Town) -> None:
    """Flow 2: it is told once and can be asked again; who is a member hears nothing."""
    town.asks(STRANGER, "ALTA Juan Perez")
    town.asks("+50376543211", "JOIN Ana")
    town.told("member", "add", "76543211", "Ana")
    town.clock.forward(minutes=30 * 24 * 60 + 1)
    assert town.hears(STRANGER) == (
        "Su solicitud para entrar a Red vencio sin respuesta."
        " Puede pedirla otra vez: ALTA y su nombre. Ayuda: 2222-0000"
    )
    assert town.told("join", "list")["join"] == []
    assert town.nothing_for("+50376543211")
    assert town.asks(STRANGER, "ALTA Juan Perez").startswith("Recibido, Juan Perez")
    assert len(town.told("join", "list")["join"]) == 1


def test_a_member_who_asks_to_join_is_told_their_code(town: Town) -> None:
    """Flow 2: ALTA by a member changes nothing."""
    answer = town.asks("Juan", "ALTA Juan")
    assert town.people["Juan"].code in answer
    assert town.told("join", "list")["join"] == []


def test_joining_in_english(town: Town) -> None:
    """Flow 2: A member who speaks English is answered so, JOIN or ALTA."""
    town.asks("Juan", "LANG EN")
    assert town.asks("Juan", "JOIN Juan").startswith("You are a member of Red already")
    assert town.asks("Juan", "CALL my PIN").startswith("Noted: the staff of Red")


def test_somebody_wants_to_be_called(town: Town) -> None:
    """LLAMAR puts a member into the queue once, with what they wrote, redacted.

    Flow 54.
    """
    assert town.asks("Juan", f"LLAMAR mi clave {CANARY}").startswith("Anotado")
    town.asks("Juan", "LLAMAR es urgente")
    (row,) = town.told("callback", "list")["callback"]
    assert row["code"] == town.people["Juan"].code
    assert row["words"] == "mi clave **** / es urgente"
    done = town.told("callback", "approve", str(row["id"]), "--note", "le llame")
    assert (done["state"], done["note"]) == ("done", "le llame")
    assert town.told("callback", "list")["callback"] == []


def test_a_dispute_shows_what_both_wrote(town: Town) -> None:
    """RECLAMO opens a ticket with the payment and both sides' texts; no money moves.

    Flow 29.
    """
    rosa, juan = town.people["Rosa"], town.people["Juan"]
    paid = read(
        f"PAGO OK 25.50 PT a Rosa ({rosa.code}). Ref {{ref}}. {{any}}",
        town.asks("Juan", f"PAGAR {rosa.code} 25.50 {CANARY}"),
    )
    town.hears("Rosa")
    ref = digits(paid["ref"])
    town.asks("Rosa", f"VER {ref}")
    opened = read(
        "Reclamo {any} abierto por 25.50 PT, Ref {ref}. "
        "El reclamo no mueve dinero. {any2}",
        town.asks("Juan", f"RECLAMO {ref} no entrego"),
    )
    (ticket,) = town.told("ticket", "list")["ticket"]
    assert str(ticket["id"]) == opened["any"]
    assert (ticket["topic"], ticket["ref"]) == ("dispute", ref)
    assert (ticket["payer"], ticket["payee"]) == (juan.code, rosa.code)
    wrote = {(text["code"], text["body"]) for text in ticket["texts"]}
    assert (juan.code, f"PAGAR {rosa.code} 25.50 ****") in wrote
    assert (rosa.code, f"VER {ref}") in wrote
    assert town.balance("Rosa") == "25.50"
    town.told("ticket", "close", opened["any"], "--note", "lo arreglaron")
    assert town.told("ticket", "list")["ticket"] == []


def test_nobody_disputes_what_others_paid(town: Town) -> None:
    """Flow 29: A reference of others, or a mistyped one, opens no ticket."""
    rosa = town.people["Rosa"]
    paid = read(
        "{any}Ref {ref}. {any2}", town.asks("Juan", f"PAGAR {rosa.code} 5.00 {CANARY}")
    )
    answer = town.asks("Luis", f"RECLAMO {digits(paid['ref'])} es mio")
    assert answer.startswith("No encontramos ese pago entre los suyos.")
    assert town.told("ticket", "list")["ticket"] == []


def test_a_dispute_in_english(town: Town) -> None:
    """Flow 29: DISPUTE opens the same ticket, and only about one's own payment."""
    for name in ("Juan", "Luis"):
        town.asks(name, "LANG EN")
    paid = read(
        "PAID 25.50 PT to Rosa {any}. Ref {ref}. {any2}",
        town.asks("Juan", f"PAY {town.people['Rosa'].code} 25.50 {CANARY}"),
    )
    ref = digits(paid["ref"])
    opened = read(
        "Dispute {any} opened about 25.50 PT, Ref {ref}."
        " A dispute moves no money. {any2}",
        town.asks("Juan", f"DISPUTE {ref} no cheese came"),
    )
    (ticket,) = town.told("ticket", "list")["ticket"]
    assert (str(ticket["id"]), ticket["ref"]) == (opened["any"], ref)
    other = town.asks("Luis", f"DISPUTE {ref} it is mine")
    assert other.startswith("That payment is not among yours.")


def test_the_third_of_the_staff_needs_one_of_them(town: Town) -> None:
    """Two are added by the shell; the third when one answers SI with their PIN.

    Flow 45.
    """
    joins_staff(town, "Marta", "74567890")
    second = town.told("staff", "add", "Oscar", "75678901", "--role", "operator")
    town.people["Oscar"] = Person(phone=second["phone"], code=second["code"])
    assert second["state"] == "active"
    # At a shell without `--as` it is whoever logged in.
    login = pwd.getpwuid(os.getuid()).pw_name
    assert town.hears("Marta").startswith(
        f"Red: Oscar ya es parte del personal (operator). Lo aprobo {login}."
    )
    assert "Oscar ya es parte del personal" in town.hears("Oscar")
    takes_pin(town, "Oscar", second)

    third = town.told(
        "--as", "Oscar", "staff", "add", "Luis", "73456789", "--role", "clerk"
    )
    assert third["state"] == "asked"
    assert third["approval"]["asked"] == ["Marta"]
    asked = read(
        "Red: piden que Luis sea parte del personal (clerk). Si usted lo aprueba: "
        "SI {tk} y su PIN. Si no: NO {tk}. Vence {time}",
        town.hears("Marta"),
    )
    # Neither SI alone nor the PIN of somebody else.
    assert "falta su PIN" in town.asks("Marta", f"SI {asked['tk']}")
    assert "incorrecto" in town.asks("Marta", f"SI {asked['tk']} 111222")
    assert town.asks("Luis", f"SI {asked['tk']} {CANARY}").startswith("NO se pago nada")
    done = town.asks("Marta", f"SI {asked['tk']} {CANARY}")
    assert done.startswith("Aprobado y hecho.")
    for name in ("Luis", "Oscar"):
        assert town.hears(name).startswith(
            "Red: Luis ya es parte del personal (clerk). Lo aprobo Marta."
        )
    states = {row["name"]: row["state"] for row in town.told("staff", "list")["staff"]}
    assert states == {"Marta": "active", "Oscar": "active", "Luis": "active"}


def test_one_no_ends_it(town: Town) -> None:
    """The first answer decides; whoever answers later is told that it is over.

    Flow 45.
    """
    for name, phone in (("Marta", "74567890"), ("Oscar", "75678901")):
        joins_staff(town, name, phone)
    assert "Oscar" in town.hears("Marta")
    town.told("staff", "add", "Luis", "73456789", "--role", "clerk")
    tokens = {
        name: read("{any}: SI {tk} y su PIN. {any2}", town.hears(name))["tk"]
        for name in ("Marta", "Oscar")
    }
    assert town.asks("Marta", f"NO {tokens['Marta']}").startswith("Negado")
    late = town.asks("Oscar", f"SI {tokens['Oscar']} {CANARY}")
    assert late.startswith("No se hizo nada: eso ya lo decidio otra persona")
    assert [row["name"] for row in town.told("staff", "list")["staff"]] == [
        "Marta",
        "Oscar",
    ]


def test_a_stolen_phone_agrees_to_nothing(town: Town) -> None:
    """Flow 45: One of the staff whose phone was reported cannot approve with it."""
    for name, phone in (("Marta", "74567890"), ("Oscar", "75678901")):
        joins_staff(town, name, phone)
    town.hears("Marta")
    town.told("staff", "add", "Luis", "73456789", "--role", "clerk")
    asked = read("{any}: SI {tk} y su PIN. {any2}", town.hears("Marta"))
    town.asks("Juan", f"ROBO {town.people['Marta'].code}")
    town.hears("Marta")
    yes = town.asks("Marta", f"SI {asked['tk']} {CANARY}")
    assert yes.startswith("Su cuenta esta bloqueada.")
    names = {row["name"]: row["state"] for row in town.told("staff", "list")["staff"]}
    assert names["Luis"] == "asked"
