"""USSD at its edges: who is believed, who may do what, and what happens in trouble."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest_asyncio

from smsgate import members
from smsgate.clock import SECOND_MS
from tests.smsgate.booth import AGGREGATOR, CODE, Booth, booth
from tests.smsgate.gatehouse import PIN, WRONG
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from smsgate.members import Member

TILL = "+50376543210"
CLOSED = "END Red: sesion cerrada. No se hizo nada."


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Booth]:
    """Juan, who may owe 1,000.00, Rosa, who has a shop, and an aggregator."""
    async with booth(tmp_path) as town:
        await town.house.couple()
        yield town


def juan(town: Booth) -> Member:
    """Look Juan up."""
    found = members.by_phone(town.house.store.peek, JUAN)
    assert found is not None
    return found


# ---- the wire


async def test_a_get_is_refused(town: Booth) -> None:
    """What a GET asks for stands in logs on the way: it is not even read."""
    async with town.client.get("/ussd", params={"text": PIN}) as told:
        assert told.status == 405


async def test_a_forged_webhook(town: Booth) -> None:
    """Whoever does not know the secret is told so, and nothing is done."""
    status, _ = await town.posts(
        secret="guess", sessionId="a", phoneNumber=JUAN, serviceCode=CODE, text=""
    )
    assert status == 401
    assert town.house.rows("SELECT 1 FROM ussd_session") == []


async def test_an_unreadable_webhook(town: Booth) -> None:
    """The aggregator's operator is told what is missing."""
    assert await town.posts(sessionId="a", phoneNumber=JUAN, text="") == (
        400,
        "the field serviceCode is missing",
    )


async def test_json(town: Booth) -> None:
    """An aggregator that posts JSON is answered alike."""
    told = {"sessionId": "j", "phoneNumber": JUAN, "serviceCode": CODE, "text": "1"}
    headers = {"x-secret": "believe-me", "content-type": "application/json"}
    async with town.client.post(
        "/ussd", data=json.dumps(told), headers=headers
    ) as answer:
        assert answer.content_type == "text/plain"
        assert (await answer.text()).startswith("CON Pagar: a quien?")


async def test_too_much_at_once(tmp_path: Path) -> None:
    """A busy house says so at once; what it did not take it did not do."""
    async with booth(tmp_path, in_flight_max=0) as town:
        status, _ = await town.posts(
            sessionId="a", phoneNumber=JUAN, serviceCode=CODE, text=""
        )
        assert status == 503


async def test_a_fault_of_ours(town: Booth) -> None:
    """It is said on the screen, nothing is paid, and staff find it in the inbox."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    await town.house.store.write(
        lambda tx: tx.run("UPDATE ussd_session SET detail = '{}'")
    )
    told = await phone.types(PIN)
    assert told.startswith("END NO se pago: hubo una falla nuestra")
    assert await phone.repeats() == told
    kept = town.house.rows("SELECT state, error, body FROM inbox")
    assert [tuple(row) for row in kept] == [("dead", "KeyError", "USSD")]
    assert await phone.types("1") == CLOSED


async def test_nothing_is_logged(town: Booth, caplog: pytest.LogCaptureFixture) -> None:
    """No input and no whole number gets into the log, in trouble either."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    await phone.types(PIN)
    await town.posts(sessionId="a", text=PIN)
    assert PIN not in caplog.text.replace("2026", "")
    assert JUAN not in caplog.text


# ---- who


async def test_a_stranger(town: Booth) -> None:
    """Whoever is no member hears how to become one, whatever was dialled."""
    phone = town.phone("+50379999999")
    told = await phone.dials("1", "20417", "25", "50")
    assert told.startswith("END Este numero no esta registrado en Red.")
    assert "ALTA" in told
    assert town.owed("+50379999999") == []
    assert (await town.phone("AGENT").dials()).startswith("END Este numero no esta")


async def test_a_number_without_its_plus(town: Booth) -> None:
    """A form that forgot to escape the plus names the same phone."""
    for number in (JUAN.replace("+", " "), JUAN, JUAN.replace("+503", "")):
        assert (await town.phone(number).dials()).startswith("CON MENU Red.")


async def test_a_till(town: Booth) -> None:
    """A till's phone hears what it sold and checks receipts; it cannot pay."""
    rosa = members.by_phone(town.house.store.peek, ROSA)
    assert rosa is not None
    await town.house.store.write(
        lambda tx: members.add_till(
            tx, rosa.account, phone=TILL, name="Ana", actor="uid:1"
        )
    )
    phone = town.phone(TILL)
    home = "CON Red, cajero:\n1 Cierre de hoy\n2 Verificar\n0 Salir"
    assert await phone.dials() == home
    assert (await phone.types("2")).startswith("CON Verificar:")
    assert await phone.types("0") == home
    assert (await phone.types("1")).startswith("END ")
    told = await town.phone(TILL).dials("1", "20417", "25", "50")
    assert told.startswith("END ")
    assert town.house.rows("SELECT 1 FROM question") == []


async def test_who_cannot_pay(town: Booth) -> None:
    """Before the PIN is asked for: no PIN yet, above the limits, oneself."""
    await town.house.join("Luis", "+50373456789", pin=None)
    told = await town.phone("+50373456789").dials("1", "20417", "25", "50")
    assert told.startswith("END NO se pago: usted todavia no tiene PIN.")
    told = await town.phone(JUAN).dials("1", "20417", "600", "00")
    assert told.startswith("END NO se pago. Limite por pago 500.00 PT")
    told = await town.phone(JUAN).dials("1", "13076", "25", "50")
    assert told.startswith("END NO se pago")
    assert (await town.phone("+50373456789").dials("7", "1")).startswith(
        "END Usted todavia no tiene PIN."
    )
    assert town.house.fails(juan(town)) == (0, 0)


async def test_above_the_one_step_limit(town: Booth) -> None:
    """The screen that asks for the PIN is the second step already."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "400", "00")
    assert (await phone.types(PIN)).startswith("END PAGO OK 400.00 PT")


async def test_not_enough(town: Booth) -> None:
    """Found out with the PIN, as the balance is nobody else's business."""
    phone = town.phone(ROSA)
    await phone.dials("1", "13076", "25", "50")
    told = await phone.types(PIN)
    assert told.startswith("END NO se pago 25.50 PT a Juan (13076). Disponible: 0.00")


async def test_where_numbers_are_easily_forged(tmp_path: Path) -> None:
    """Little is paid in the session; more is asked by SMS, unseen by the session."""
    async with booth(tmp_path, trusted=False) as town:
        await town.house.couple()
        phone = town.phone(JUAN)
        await phone.dials("1", "20417", "20", "00")
        assert (await phone.types(PIN)).startswith("END PAGO OK 20.00 PT")
        told = await town.phone(JUAN).dials("1", "20417", "0", "50")
        assert told.startswith("END Todavia NO se hizo. Le mandamos un SMS")
        assert town.owed(JUAN) == [("paid_payer", "queued"), ("confirm", "queued")]
        token = town.house.token()
        assert str(token) not in told
        paid = await town.house.hears(JUAN, f"{token} {PIN}")
        assert paid.outcome == "paid_payer"


async def test_wrong_pins_of_a_forger(tmp_path: Path) -> None:
    """They lock the loose ways and leave the member's own phone alone."""
    async with booth(tmp_path, trusted=False) as town:
        await town.house.couple()
        phone = town.phone(JUAN)
        await phone.dials("1", "20417", "20", "00")
        told = [await phone.types(WRONG) for _ in range(3)]
        assert told[-1].startswith("END NO se pago: cuenta bloqueada")
        assert town.house.fails(juan(town)) == (0, 3)


async def test_a_text_and_a_session(town: Booth) -> None:
    """What is open by SMS stays open; a session neither sees nor disturbs it."""
    asked = await town.house.hears(JUAN, "PAGAR 20417 7.00")
    assert asked.outcome == "confirm"
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    assert (await phone.types(PIN)).startswith("END PAGO OK 25.50")
    town.house.clock.ms += SECOND_MS
    assert (await town.house.hears(JUAN, PIN)).outcome == "paid_payer"
    sums = [row["amount"] for row in town.house.rows("SELECT amount FROM transfer")]
    assert sums == [2550, 700]


async def test_what_is_kept_of_a_session(town: Booth) -> None:
    """Staff see by which way a payment came, and nothing of what was typed."""
    phone = town.phone(JUAN)
    await phone.dials("1", "20417", "25", "50")
    await phone.types(PIN)
    row = town.house.rows("SELECT * FROM inbox")[0]
    assert (row["link"], row["sender"], row["command"]) == (AGGREGATOR, JUAN, "PAGAR")
    assert (row["outcome"], row["body"], row["state"]) == (
        "paid_payer",
        "USSD",
        "answered",
    )
    assert row["transfer"] is not None
