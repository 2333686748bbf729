"""USSD: a first PIN by one-time code, made in a session and nowhere else kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from commands.parse import Grammar
from commands.secret import Secret
from smsgate.clock import HOUR_MS
from smsgate.members import pins
from smsgate.members.pins import PinDesk, PinPolicy
from tests.canary import leaks
from tests.smsgate.booth import Booth, booth
from tests.smsgate.gatehouse import PEPPER, POLICY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smsgate.members import Member

LUIS = "+50373456789"
#: Digits of which no reference is likely to hold six or more.
ONCE, OTHER, FRESH = "58203941", "90417265", "604917"
ASKS = "Crear su PIN. Primero el codigo que le dieron:\n0 Volver\n00 Salir"
NEW = "El PIN nuevo:\n0 Volver\n00 Salir"
AGAIN = "El PIN nuevo otra vez:\n0 Volver\n00 Salir"
NONE_YET = "END Usted todavia no tiene PIN. Pida un codigo para crearlo:"


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Booth]:
    """Luis, who has a one-time code and no PIN yet; PINs have six digits."""
    async with _town(tmp_path) as town:
        await _luis(town)
        yield town


def _town(folder: Path, **facts: Any) -> Any:
    return booth(
        folder,
        policy=replace(POLICY, pin_length=6),
        grammar=Grammar(pin_length=6),
        pins=PinDesk(PEPPER, PinPolicy(pin_length=6)),
        **facts,
    )


async def _luis(town: Booth) -> Member:
    luis = await town.house.join("Luis", LUIS, pin=None, limit=10_000)
    await _issue(town, luis, ONCE)
    return luis


async def _issue(town: Booth, member: Member, code: str) -> None:
    made = await town.house.setting.pins.verifier(member.account, Secret(code))
    await town.house.store.write(
        lambda tx: pins.issue_code(tx, member.account, made, "uid:1")
    )


def _state(town: Booth, member: Member) -> pins.PinState:
    now_ms = town.house.clock.now_ms()
    return pins.state_of(town.house.store.peek, member.account, now_ms).state


async def test_a_first_pin_is_made_in_a_session(tmp_path: Path) -> None:
    """Code, new, new: it works at once; code and PIN are in no file."""
    async with _town(tmp_path) as town:
        luis = await _luis(town)
        phone = town.phone(LUIS)
        assert await phone.dials("7", "1") == f"CON {ASKS}"
        assert await phone.types(FRESH) == f"CON Un codigo tiene 8 numeros.\n{ASKS}"
        assert await phone.types(ONCE) == f"CON {NEW}"
        weak = f"CON Ese se adivina facil o ya lo tuvo.\n{NEW}"
        assert await phone.types("123456") == weak
        assert await phone.types(FRESH) == f"CON {AGAIN}"
        assert await phone.types("604918") == f"CON No es igual al nuevo.\n{AGAIN}"
        assert _state(town, luis) is pins.PinState.code
        done = await phone.types(FRESH)
        assert done.startswith("END PIN cambiado: el nuevo ya vale.")
        assert await phone.repeats() == done
        assert _state(town, luis) is pins.PinState.set
        phone = town.phone(LUIS)
        await phone.dials("3")
        assert (await phone.types(FRESH)).startswith("END Saldo 0.00")
        assert leaks(tmp_path, {ONCE, FRESH}) == []
    assert leaks(tmp_path, {ONCE, FRESH}) == []


async def test_a_wrong_code_costs_one_of_its_tries(town: Booth) -> None:
    """The screen says what is left; the third wrong one voids the code."""
    phone = town.phone(LUIS)
    await phone.dials("7", "1")
    for left in (2, 1):
        told = await phone.types(OTHER)
        wrong = f"Codigo incorrecto o vencido, intentos: {left}."
        assert told == f"CON {wrong}\n{ASKS}"
    told = await phone.types(OTHER)
    assert told.startswith("END PIN NO cambiado: ese codigo ya no sirve.")
    assert (await town.phone(LUIS).dials("7", "1")).startswith(NONE_YET)
    rows = town.house.rows("SELECT outcome FROM inbox ORDER BY id")
    assert [row["outcome"] for row in rows] == ["code_bad"] * 3


async def test_a_new_code_voids_what_was_proved(town: Booth) -> None:
    """Between two screens staff issue another code: the new one is asked for."""
    luis = town.house.rows("SELECT account FROM member WHERE name = 'Luis'")
    phone = town.phone(LUIS)
    await phone.dials("7", "1")
    await phone.types(ONCE)
    await phone.types(FRESH)
    made = await town.house.setting.pins.verifier(luis[0]["account"], Secret(OTHER))
    await town.house.store.write(
        lambda tx: pins.issue_code(tx, luis[0]["account"], made, "uid:1")
    )
    assert await phone.types(FRESH) == f"CON {ASKS}"
    assert await phone.types(OTHER) == f"CON {NEW}"


async def test_cut_off_behind_the_code(town: Booth) -> None:
    """Whoever goes on shows the code again, which lost no try."""
    phone = town.phone(LUIS)
    await phone.dials("7", "1")
    await phone.types(ONCE)
    other = town.phone(LUIS)
    assert (await other.dials()).startswith("CON Su sesion de antes se corto.")
    assert await other.types("1") == f"CON {ASKS}"
    assert await other.types(ONCE) == f"CON {NEW}"


async def test_who_has_no_code_hears_where_to_get_one(town: Booth) -> None:
    """No screen asks for a PIN that does not exist; a code is good for 72 hours."""
    for keys in (("3",), ("4",), ("7", "6", "1")):
        assert (await town.phone(LUIS).dials(*keys)).startswith(NONE_YET)
    town.house.clock.ms += 72 * HOUR_MS + 1
    assert (await town.phone(LUIS).dials("7", "1")).startswith(NONE_YET)


async def test_not_where_numbers_are_easily_forged(tmp_path: Path) -> None:
    """There the code is not asked for: the phone itself must text it."""
    async with _town(tmp_path, trusted=False) as town:
        await _luis(town)
        told = await town.phone(LUIS).dials("7", "1")
        assert told.startswith(NONE_YET)
        assert told.endswith("Despues escriba: PIN codigo nuevo nuevo")
