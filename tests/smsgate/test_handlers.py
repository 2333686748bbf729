"""The other commands: balance, history, receipts, PIN, language, help, ROBO."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from commands.command import ChangePin
from commands.secret import Secret
from smsgate import handlers, ledger
from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.handlers import Case, Rehearsal, Timing, WouldWrite
from smsgate.members import pins
from tests.smsgate.gatehouse import LOOSE, PIN, POLICY, SIM1, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path

    from tests.smsgate.gatehouse import Gatehouse

NEW, CODE = "7194", "60253817"


@pytest.mark.parametrize("words", ["SALDO", "MOVS"])
async def test_the_accounts_affairs_need_the_pin(tmp_path: Path, words: str) -> None:
    """Where the network asks for it; a wrong one costs a try, three lock."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        assert (await gate.hears(JUAN, words)).outcome == "pin_asked"
        told = "balance" if words == "SALDO" else "history"
        assert (await gate.hears(JUAN, f"{words} {PIN}")).outcome == told
        outcomes = [(await gate.hears(JUAN, f"{words} {WRONG}")).outcome] * 2
        assert outcomes == ["pin_bad"] * 2
        assert gate.fails(juan) == (1, 0)
        await gate.hears(JUAN, f"{words} {WRONG}")
        third = await gate.hears(JUAN, f"{words} {WRONG}")
        assert third.outcome == "pin_locked"
        locked = await gate.hears(JUAN, f"{words} {PIN}")
        assert locked.outcome == "pin_locked"
        assert gate.fails(juan) == (3, 0)
        # The other kind of link has a ladder of its own.
        gate.clock.ms += 3 * MINUTE_MS
        assert (await gate.hears(JUAN, f"{words} {PIN}", link=LOOSE)).outcome == told


async def test_the_tenth_wrong_pin_locks_until_staff_have_seen_the_member(
    tmp_path: Path,
) -> None:
    """The reply then names no time."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        for _ in range(9):
            gate.clock.ms += DAY_MS
            await gate.hears(JUAN, f"SALDO {WRONG}")
        gate.clock.ms += DAY_MS
        heard = await gate.hears(JUAN, f"SALDO {WRONG}")
        assert heard.bodies[0].startswith("Cuenta bloqueada por muchos PIN")
        assert gate.fails(juan) == (10, 0)


async def test_without_a_pin_of_their_own_they_are_told_how_to_get_one(
    tmp_path: Path,
) -> None:
    """A PIN in a text of somebody who has none is no try."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple(pin=None)
        for words in (f"SALDO {PIN}", f"PIN {PIN} {NEW} {NEW}"):
            assert (await gate.hears(JUAN, words)).outcome == "no_pin_yet"
        assert gate.fails(juan) == (0, 0)


async def test_where_the_network_asks_for_none_no_pin_is_looked_at(
    tmp_path: Path,
) -> None:
    """The member's own phone is then enough, and a PIN sent along costs nothing."""
    policy = replace(POLICY, balance_needs_pin=False)
    async with gatehouse(tmp_path, policy=policy) as gate:
        juan, rosa = await gate.couple()
        heard = await gate.hears(JUAN, "SALDO")
        assert heard.bodies == [
            "Saldo 0.00 PT. Disponible 1,000.00. Limite credito 1,000.00."
            " Todavia no hay movimientos."
        ]
        await gate.pays(juan, rosa, 500)
        heard = await gate.hears(JUAN, f"SALDO {WRONG}")
        assert "Ultimo: -5.00 Rosa" in heard.bodies[0]
        assert gate.fails(juan) == (0, 0)


async def test_history_comes_in_pages_of_three(tmp_path: Path) -> None:
    """The next page is named; system accounts bear the network's name."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()
        await gate.store.write(
            lambda tx: ledger.opening(
                tx, {rosa.account: 100}, against="treasury", actor="uid:1"
            )
        )
        for cents in (1, 2, 3):
            await gate.pays(juan, rosa, cents)

        first = await gate.hears(ROSA, f"MOVS {PIN}")
        second = await gate.hears(ROSA, f"MOVS 2 {PIN}")
        none = await gate.hears(ROSA, f"MOVS 3 {PIN}")

        assert "0.03 Juan" in first.bodies[0]
        assert first.bodies[0].endswith("Mas: MOVS 2")
        assert "1.00 Red" in second.bodies[0]
        assert "MOVS 3" not in second.bodies[0]
        assert none.outcome == "history"


async def test_receipts_are_told_apart(tmp_path: Path) -> None:
    """Genuine, reversed, mistyped, invented, and what is no payment at all."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()
        await gate.pays(juan, rosa, 500)
        await gate.store.write(
            lambda tx: ledger.opening(
                tx, {rosa.account: 100}, against="treasury", actor="uid:1"
            )
        )
        paid, opened = (
            row["ref"] for row in gate.rows("SELECT ref FROM transfer ORDER BY id")
        )
        altered = paid[:-1] + str((int(paid[-1]) + 1) % 10)

        async def says(ref: str) -> str:
            return (await gate.hears(ROSA, f"VER {ref}")).bodies[0]

        assert (await says(paid)).startswith("REAL. 5.00 PT de Juan a Rosa")
        assert (await says(altered)).startswith("FALSO o mal escrito")
        assert (await says(opened)).startswith("FALSO")
        await gate.store.write(lambda tx: ledger.reverse(tx, paid, actor="uid:1"))
        assert (await says(paid)).startswith("OJO")
        assert JUAN[-8:] not in await says(paid)


@pytest.mark.parametrize(
    ("words", "told", "tries"),
    [
        (f"PIN {PIN} {NEW} {NEW}", "pin_changed", (0, 0)),
        (f"PIN {PIN} {NEW} 7195", "pin_unequal", (0, 0)),
        (f"PIN {PIN} 1111 1111", "pin_weak", (0, 0)),
        (f"PIN {PIN} {PIN} {PIN}", "pin_weak", (0, 0)),
        (f"PIN {WRONG} {NEW} {NEW}", "pin_bad", (1, 0)),
        # Nothing is found out about a new PIN by somebody without the old one.
        (f"PIN {WRONG} 1111 1111", "pin_bad", (1, 0)),
        (f"PIN {CODE} {NEW} {NEW}", "pin_delayed", (0, 0)),
        (f"PIN {CODE} {NEW} 7195", "pin_unequal", (0, 0)),
        (f"PIN {CODE} 1234 1234", "pin_weak", (0, 0)),
        (f"PIN 60253818 {NEW} {NEW}", "code_bad", (0, 0)),
    ],
)
async def test_a_new_pin(
    tmp_path: Path, words: str, told: str, tries: tuple[int, int]
) -> None:
    """By the old one at once, by a code a day later; a slip in the new one is free."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        await issue(gate, juan.account)

        heard = await gate.hears(JUAN, words)

        assert heard.outcome == told
        assert gate.fails(juan) == tries
        assert not any(
            digits in body for body in heard.bodies for digits in words.split()[1:]
        )


async def test_three_wrong_old_pins_lock_the_change_too(tmp_path: Path) -> None:
    """The ladder is one, whatever the PIN was sent for."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        words = f"PIN {WRONG} {NEW} {NEW}"
        told = [(await gate.hears(JUAN, words)).outcome for _ in range(4)]
        assert told == ["pin_bad", "pin_bad", "pin_locked", "pin_locked"]


async def test_codes_work_over_trusted_links_only(tmp_path: Path) -> None:
    """Over a link where senders are forged there is no code to try."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple(pin=None)
        await issue(gate, juan.account)
        words = f"PIN {CODE} {NEW} {NEW}"
        assert (await gate.hears(JUAN, words, link=LOOSE)).outcome == "code_bad"
        gate.clock.ms += 3 * MINUTE_MS
        assert (await gate.hears(JUAN, words, link=SIM1)).outcome == "pin_changed"
        assert (await gate.hears(JUAN, f"SALDO {NEW}")).outcome == "balance"


@pytest.mark.parametrize(
    ("words", "starts"),
    [
        ("AYUDA", "PAGAR"),
        ("AYUDA SALDO", "SALDO"),
        ("AYUDA COBRAR", "Eso todavia no se puede hacer en Red."),
        ("COBRAR 71234567 5.00", "Eso todavia no se puede hacer en Red."),
        ("DEVOLVER 4812057735", "NO se pago: eso todavia no se puede hacer en Red."),
        ("ROBO 12340", "Eso todavia no se puede hacer en Red."),
        ("IDIOMA FR", "Idioma"),
        ("IDIOMA EN", "Done: from now on"),
        ("xyzzy", "No conozco XYZZY"),
    ],
)
async def test_what_else_is_said(tmp_path: Path, words: str, starts: str) -> None:
    """One sentence that says what to write instead, or that it was done."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        heard = await gate.hears(JUAN, words)
        assert len(heard.bodies) == 1
        assert heard.bodies[0].lower().startswith(starts.lower()), heard.bodies


async def test_robo_freezes_and_voids_all_that_waits(tmp_path: Path) -> None:
    """With the own code or none; a question that was open is dead; twice is no harm."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()
        await gate.hears(JUAN, "PAGAR panaderialuz 5")

        for words in (f"ROBO {juan.code}", "ROBO"):
            assert (await gate.hears(JUAN, words)).outcome == "blocked"

        assert ledger.account(gate.store.peek, juan.account).state == "frozen"
        states = [row["state"] for row in gate.rows("SELECT state FROM question")]
        assert states == ["void"]
        heard = await gate.hears(JUAN, f"PAGAR {rosa.code} 5.00 {PIN}")
        assert heard.outcome == "frozen"
        heard = await gate.hears(JUAN, f"PIN {PIN} {NEW} {NEW}")
        assert heard.outcome == "frozen"


async def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    """It stops at the first write, and reads as a transaction does."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        rehearsal = Rehearsal(gate.store.peek, gate.clock, gate.clock.now_ms())
        case = Case(
            tx=rehearsal,
            policy=POLICY,
            sender=juan,
            link=SIM1,
            trusted=True,
            sent_ms=gate.clock.now_ms(),
            timing=Timing.fresh,
        )
        change = ChangePin(old=Secret(PIN), new=Secret(NEW), again=Secret(NEW))
        with pytest.raises(handlers.ChangeWanted) as wanted:
            handlers.handle(case, change)
        assert wanted.value.change is change
        with pytest.raises(WouldWrite):
            rehearsal.insert("INSERT INTO inbox VALUES (1)")
        assert gate.rows("SELECT 1 FROM inbox") == []


async def issue(gate: Gatehouse, account: int) -> None:
    """Issue a one-time code."""
    made = await gate.desk.verifier(account, Secret(CODE))
    await gate.store.write(lambda tx: pins.issue_code(tx, account, made, "uid:1"))
    gate.clock.ms += MINUTE_MS
