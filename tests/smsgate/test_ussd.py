"""USSD: the tree in a session, from the webhook to the ledger and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from commands.parse import Grammar
from smsgate import members
from smsgate.clock import MINUTE_MS, SECOND_MS
from smsgate.members.pins import PinDesk, PinPolicy
from tests.canary import leaks
from tests.smsgate.booth import Booth, booth
from tests.smsgate.gatehouse import PEPPER, PIN, POLICY, WRONG
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ROOT = (
    "CON MENU Red. Responda un numero:\n1 Pagar\n2 Cobrar\n3 Saldo\n4 Movs\n"
    "5 Ofertas\n6 Verificar\n7 Mi cuenta\n8 Ayuda\n0 Salir"
)
WHO = "Pagar: a quien? Responda su codigo o telefono.\n0 Volver\n00 Salir"
MUCH = "Pagar a Rosa (20417): cuanto? Responda asi: 1500.00\n0 Volver\n00 Salir"
ASKED = "Pagar 25.50 PT a Rosa (20417).\nPIN:\n0 Volver\n00 Salir"
CLOSED = "END Red: sesion cerrada. No se hizo nada."
NO_CHOICE = "Ese numero no esta en el menu.\n"


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Booth]:
    """Juan, who may owe 1,000.00, Rosa, who has a shop, and an aggregator."""
    async with booth(tmp_path) as town:
        await town.house.couple()
        yield town


# ---- the golden path


async def test_paying(town: Booth) -> None:
    """Screen by screen to the PIN; the result is in the session, and Rosa is told."""
    phone = town.phone(JUAN)
    assert await phone.dials() == ROOT
    assert await phone.types("1") == f"CON {WHO}"
    assert await phone.types("20417") == f"CON {MUCH}"
    assert await phone.types("25.50") == f"CON {ASKED}"
    paid = await phone.types(PIN)
    assert paid.startswith("END PAGO OK 25.50 PT a Rosa (20417). Ref ")
    assert town.owed(ROSA) == [("paid_payee", "queued")]
    assert town.owed(JUAN) == [("paid_payer", "queued")]
    # The end of the session says that Juan has seen it: no text for him.
    await phone.ends("Success")
    assert town.owed(JUAN) == [("paid_payer", "withdrawn")]
    assert await town.sends() == [(ROSA, "Red")]


async def test_in_english(town: Booth) -> None:
    """The same tree in the member's language; it changes within the session."""
    phone = town.phone(JUAN)
    await phone.dials("7", "2")
    assert (await phone.types("2")).startswith("END Done: from now on we write to you")
    phone = town.phone(JUAN)
    assert (await phone.dials()).startswith("CON MENU Red. Reply a number:\n1 Pay\n2 ")
    assert (await phone.types("1")).startswith("CON Pay: whom? Reply their code")
    assert (await phone.types("panaderialuz")).startswith("CON Pay Rosa (20417): how")
    asked = await phone.types("25.50")
    assert asked == "CON Pay 25.50 PT to Rosa (20417).\nPIN:\n0 Back\n00 Leave"
    assert (await phone.types(PIN)).startswith("END PAID 25.50 PT to Rosa (20417). Ref")


async def test_charging(town: Booth) -> None:
    """A request reaches its payer by SMS, who pays it by SMS."""
    phone = town.phone(ROSA)
    await phone.dials("2")
    assert (await phone.types("7234 5678")).startswith("CON Cobrar a Juan (13076)")
    sent = await phone.types("12.50")
    assert sent.startswith("END ")
    assert [name for name, _ in town.owed(JUAN)] == ["charge_asked"]
    token = town.house.rows("SELECT token FROM question WHERE kind = 'charge'")
    paid = await town.house.hears(JUAN, f"SI {token[0]['token']} {PIN}")
    assert paid.outcome == "paid_payer"


async def test_dialled_at_once(town: Booth) -> None:
    """A dial string leads up to the PIN: code, units, hundredths, and no further."""
    assert await town.phone(JUAN).dials("1", "20417", "25", "50") == f"CON {ASKED}"
    whole = await town.phone(JUAN).dials("1", "20417", "25")
    assert whole.startswith("CON Pagar 25.00 PT a Rosa (20417).\nPIN:")
    unclear = f"CON Ese monto no es claro.\n{MUCH}"
    assert await town.phone(JUAN).dials("1", "20417", "25", "5") == unclear
    # A PIN in a dial string stays in the phone's list of calls: it is not used.
    assert await town.phone(JUAN).dials("1", "20417", "25", "50", PIN) == unclear
    assert await town.phone(JUAN).dials("1", "20417", PIN) == unclear
    nobody = "CON Nadie tiene ese codigo, telefono o alias.\n" + WHO
    assert await town.phone(JUAN).dials("1", "20471", "25", "50") == nobody
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    assert (await phone.types(PIN)).startswith("END PAGO OK 25.50")


# ---- around the tree


async def test_back_and_exit(town: Booth) -> None:
    """0 leads one screen back, out of the root as well; 00 out from anywhere."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    assert await phone.types("0") == f"CON {MUCH}"
    assert await phone.types("0") == f"CON {WHO}"
    assert await phone.types("0") == ROOT
    assert await phone.types("0") == CLOSED
    for deep in ((), ("1",), ("1", "20417", "25", "50"), ("7", "1"), ("7", "3")):
        phone = town.phone(JUAN)
        await phone.dials(*deep)
        assert await phone.types("00") == CLOSED
    assert town.owed(JUAN) == []


async def test_wrong_input_stays(town: Booth) -> None:
    """The same screen with the error as its first line, three times, then the end."""
    phone = town.phone(JUAN)
    await phone.dials()
    for wrong in ("9", "hola", ""):
        told = await phone.types(wrong)
        assert told == f"CON {NO_CHOICE}{ROOT[4:]}"
    assert await phone.types("98") == CLOSED
    assert await phone.types("1") == CLOSED
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    for wrong in ("482", "48271", "abcd"):
        assert await phone.types(wrong) == f"CON Un PIN tiene 4 numeros.\n{ASKED}"
    assert await phone.types("1") == CLOSED
    assert town.house.rows("SELECT 1 FROM transfer") == []


async def test_paging(town: Booth) -> None:
    """98 leads on in a list and 97 back; the PIN is asked for once."""
    juan, rosa = (
        (await town.house.join("Ana", "+50374567890", limit=100_000)),
        (await town.house.join("Eva", "+50375678901")),
    )
    for amount in range(101, 108):
        await town.house.pays(juan, rosa, amount)
        town.house.clock.ms += SECOND_MS
    phone = town.phone("+50374567890")
    await phone.dials("4")
    first = await phone.types(PIN)
    assert first.startswith("CON ")
    assert "-1.07 Eva" in first
    assert "98 Mas" in first
    assert "97 Antes" not in first
    seen = first
    for _ in range(6):
        told = await phone.types("98")
        seen += told
        if "98 Mas" not in told:
            break
    for amount in range(101, 108):
        assert f"-1.{amount - 100:02} Eva" in seen
    assert "97 Antes" in await phone.types("97")
    assert await phone.types("0") == ROOT
    # The next list wants the PIN anew.
    assert (await phone.types("4")).startswith("CON Para seguir, su PIN:")


async def test_wrong_pin(town: Booth) -> None:
    """It counts as by SMS, says what is left, and the third locks."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    for left in (2, 1):
        told = await phone.types(WRONG)
        assert told == f"CON NO se pago: PIN incorrecto, intentos: {left}.\n{ASKED}"
    assert (await phone.types(WRONG)).startswith("END NO se pago: cuenta bloqueada")
    assert town.house.rows("SELECT 1 FROM transfer") == []
    assert [name for name, _ in town.owed(JUAN)] == ["pin_locked"]


async def test_the_account_branch(town: Booth) -> None:
    """What needs the PIN asks for it; what does not answers at once."""
    for keys, pin, told in (
        ("3", PIN, "END Saldo 0.00"),
        ("7*4*rosita", PIN, "END Listo: su alias es ROSITA"),
        ("7*5*20417", PIN, "END Listo: Rosa (20417) es su guardian"),
        ("7*6*1", PIN, "END Credito"),
        ("7*7", PIN, "END CIERRE 02/03: total 0.00"),
        ("7*9*2", PIN, "END Listo: sus recibos dicen otra vez el saldo"),
        ("7*6*2*una plancha", "", "END Recibido: el personal decide su solicitud"),
        ("7*8*3", "", "END Listo: ya no le mandamos promociones ni avisos"),
        ("7*9*1", "", "END Listo: sus recibos ya no dicen el saldo"),
        ("8", "", "END PAGAR codigo monto PIN"),
        ("6*4812057735", "", "END FALSO: 481205-7735 no existe"),
    ):
        phone = town.phone(JUAN)
        shown = await phone.dials(*keys.split("*"))
        if pin:
            assert shown == "CON Para seguir, su PIN:\n0 Volver\n00 Salir", keys
            shown = await phone.types(pin)
        assert shown.startswith(told), (keys, shown)


async def test_theft_is_asked_twice(town: Booth) -> None:
    """Nobody is blocked by one wrong key."""
    phone = town.phone(JUAN)
    asked = await phone.dials("7", "3")
    assert asked.startswith("CON Robo: bloquear su cuenta?")
    assert (await phone.types("1")).startswith("END BLOQUEADA: nadie puede pagar")


async def test_the_market(town: Booth) -> None:
    """Offers are published and found; what may be a PIN is not published."""
    phone = town.phone(ROSA)
    await phone.dials("5", "2")
    wrong = await phone.types(f"queso {PIN}")
    assert wrong.startswith("CON Eso no se entiende.")
    assert (await phone.types("queso fresco 3.00")).startswith("END Oferta ")
    phone = town.phone(JUAN)
    await phone.dials("5", "1")
    assert "queso fresco 3.00 Rosa" in await phone.types("queso")


# ---- PINs


async def test_changing_the_pin(town: Booth) -> None:
    """Old, new, new; the session keeps no PIN between its screens."""
    phone = town.phone(JUAN)
    assert (await phone.dials("7", "1")).startswith("CON Cambiar PIN. Su PIN de ahora:")
    told = await phone.types(WRONG)
    assert told.startswith("CON PIN incorrecto, intentos: 2.\nCambiar PIN.")
    assert await phone.types(PIN) == "CON El PIN nuevo:\n0 Volver\n00 Salir"
    weak = "CON Ese se adivina facil o ya lo tuvo.\nEl PIN nuevo:\n0 Volver\n00 Salir"
    assert await phone.types("1234") == weak
    assert await phone.types(PIN) == weak
    again = "El PIN nuevo otra vez:\n0 Volver\n00 Salir"
    assert await phone.types("5938") == f"CON {again}"
    assert await phone.types("5939") == f"CON No es igual al nuevo.\n{again}"
    assert (await phone.types("5938")).startswith("END PIN cambiado: el nuevo ya vale")
    phone = town.phone(JUAN)
    await phone.dials("3")
    assert (await phone.types("5938")).startswith("END Saldo")


async def test_no_pin_is_at_rest(tmp_path: Path) -> None:
    """Nothing that was typed as a PIN, where it belongs or not, is in any file."""
    old, fresh = "739154", "604917"
    desk = PinDesk(PEPPER, PinPolicy(pin_length=6))
    six: dict[str, Any] = {
        "policy": replace(POLICY, pin_length=6),
        "grammar": Grammar(pin_length=6),
        "pins": desk,
    }
    async with booth(tmp_path, **six) as town:
        await town.house.join("Juan", JUAN, limit=100_000, pin=old)
        await town.house.join("Rosa", ROSA, pin=fresh)
        for keys in (
            f"1*20417*{old}*25.50*{fresh}*{old}",
            f"7*1*{old}*{fresh}*{old}*{fresh}",
            f"5*1*{old}",
            f"5*2*queso {old}",
            f"7*4*{old}*a{old}",
            f"5*1*a{old}",
            f"{old}*{fresh}*6*{old}",
        ):
            phone = town.phone(JUAN)
            if "\n1 Seguir" in await phone.dials():
                await phone.types("2")
            for key in keys.split("*"):
                shown = await phone.types(key)
                assert old not in shown
                assert fresh not in shown
        # The old one, changed above, is of no use any more.
        assert town.house.rows("SELECT amount FROM transfer")[0]["amount"] == 2550
        assert leaks(tmp_path, {old, fresh}) == []
    desk.close()
    assert leaks(tmp_path, {old, fresh}) == []


async def test_a_new_pin_is_not_gone_on_with(town: Booth) -> None:
    """Who resumes a change of PIN shows the old one again."""
    phone = town.phone(JUAN)
    await phone.dials("7", "1")
    await phone.types(PIN)
    other = town.phone(JUAN)
    assert (await other.dials()).startswith(
        "CON Su sesion de antes se corto.\n1 Seguir"
    )
    assert (await other.types("1")).startswith("CON Cambiar PIN. Su PIN de ahora:")


# ---- once, or not at all


async def test_dropped_before_the_pin(town: Booth) -> None:
    """Nothing happens and nobody is told."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    await phone.ends("Incomplete")
    assert await town.sends() == []
    assert town.house.rows("SELECT 1 FROM transfer") == []
    assert town.house.rows("SELECT 1 FROM inbox") == []


async def test_dropped_after_the_pin(town: Booth) -> None:
    """It is paid once, and the payer is told by SMS, 20 seconds later."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    await phone.types(PIN)
    await phone.ends("Failed")
    assert [to for to, _ in await town.sends()] == [ROSA]
    town.house.clock.ms += 20 * SECOND_MS
    assert [to for to, _ in await town.sends()] == [JUAN]
    assert town.owed(JUAN) == [("paid_payer", "sent")]
    assert len(town.house.rows("SELECT 1 FROM transfer")) == 1
    # Said too late, the end of the session changes nothing.
    await phone.ends("Success")
    assert town.owed(JUAN) == [("paid_payer", "sent")]


async def test_the_same_step_again(town: Booth) -> None:
    """A step that the aggregator repeats gets the same screen and does nothing."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    paid = await phone.types(PIN)
    assert await phone.repeats() == paid
    typed, phone.typed = phone.typed, phone.typed[:-1]
    assert await phone.repeats() == f"CON {ASKED}"
    # The very same, after the session was forgotten.
    town.house.clock.ms += 25 * 60 * MINUTE_MS
    await town.house.housekeeping.once()
    assert town.house.rows("SELECT 1 FROM ussd_session") == []
    phone.typed = typed
    assert await phone.repeats() == CLOSED
    assert len(town.house.rows("SELECT 1 FROM transfer")) == 1


async def test_two_sessions_at_once(town: Booth) -> None:
    """Each pays what it showed; the same twice is asked about by SMS, not paid."""
    one, two = town.phone(JUAN), town.phone(JUAN)
    await one.dials("1", "20417", "25", "50")
    await two.dials("1", "20417", "25", "50")
    assert (await one.types(PIN)).startswith("END PAGO OK 25.50")
    assert (await two.types(PIN)).startswith("END POSIBLE DOBLE: ")
    assert len(town.house.rows("SELECT 1 FROM transfer")) == 1
    # What must be answered by SMS is sent whatever the session has shown.
    await two.ends("Success")
    assert ("maybe_double", "queued") in town.owed(JUAN)


async def test_resuming(town: Booth) -> None:
    """Cut off, and dialled again within three minutes: on from the same screen."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    again = town.phone(JUAN)
    asks = "Su sesion de antes se corto.\n1 Seguir\n2 Empezar de nuevo\n00 Salir"
    assert await again.dials() == f"CON {asks}"
    assert await again.types("5") == f"CON {NO_CHOICE}{asks}"
    assert await again.types("1") == f"CON {ASKED}"
    # The first is over: nothing is paid in both.
    assert await phone.types(PIN) == CLOSED
    assert (await again.types(PIN)).startswith("END PAGO OK 25.50")
    phone = town.phone(JUAN)
    await phone.dials("1")
    again = town.phone(JUAN)
    await again.dials()
    assert await again.types("2") == ROOT
    town.house.clock.ms += 3 * MINUTE_MS
    assert await town.phone(JUAN).dials() == ROOT


async def test_a_session_waits_five_minutes(town: Booth) -> None:
    """Later its screen is gone, and the PIN on it unused."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    town.house.clock.ms += 5 * MINUTE_MS + 1
    assert await phone.types(PIN) == CLOSED
    juan = members.by_phone(town.house.store.peek, JUAN)
    assert juan is not None
    assert town.house.fails(juan) == (0, 0)


async def test_somebody_else_s_session(town: Booth) -> None:
    """A session belongs to the phone that began it."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    thief = town.phone(ROSA, session=phone.session)
    thief.typed = [*phone.typed]
    assert await thief.types(PIN) == CLOSED
    assert (await phone.types(PIN)).startswith("END PAGO OK 25.50")
