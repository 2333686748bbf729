"""Members: what they may be called, that nobody is confused, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from commands.damm import damm_ok
from smsgate import ledger, members
from smsgate.members import (
    AliasBad,
    AliasTaken,
    MemberUnknown,
    NameBad,
    PhoneTaken,
)
from tests.smsgate.club import Club, club

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ROSA, JUAN = "+50371234567", "+50372345678"


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Club]:
    """An empty ledger."""
    async with club(tmp_path) as one:
        yield one


async def test_a_new_member_is_found_by_phone_code_alias_and_account(
    town: Club,
) -> None:
    """Every way to name a member leads to the same one."""
    rosa = await town.join(
        name="  Panadería   Ñandú ",
        kind="business",
        alias="panaderíaluz",
        language="en",
        limit=10_000,
        promos=True,
    )
    peek = town.store.peek
    assert members.by_phone(peek, ROSA) == rosa
    assert members.account_of(peek, ROSA) == rosa.account
    assert members.by_code(peek, rosa.code) == rosa
    assert members.by_alias(peek, "PANADERIALUZ") == rosa
    assert members.by_account(peek, rosa.account) == rosa
    for who in ("7123-4567", ROSA, "503 7123 4567", rosa.code, "PanaderiaLuz"):
        assert members.find(peek, who, "SV") == rosa
    assert rosa == members.Member(
        account=rosa.account,
        code=rosa.code,
        name="Panadería Ñandú",
        kind="business",
        alias="PANADERIALUZ",
        language="en",
        word="",
        phone=ROSA,
        state="active",
        promos=True,
        heard_ms=town.clock.now_ms(),
    )
    assert ledger.account(peek, rosa.account).credit_limit == 10_000


async def test_nobody_is_found_where_there_is_nobody(town: Club) -> None:
    """An unknown phone, code, alias or account is no member."""
    await town.join()
    peek = town.store.peek
    assert members.by_phone(peek, JUAN) is None
    assert members.account_of(peek, JUAN) is None
    assert members.by_code(peek, "00000") is None
    assert members.by_alias(peek, "ROSA") is None
    assert members.by_account(peek, 99) is None
    with pytest.raises(MemberUnknown, match="see `smsgate member list`"):
        members.find(peek, "7234-5678", "SV")


async def test_codes_have_a_check_digit_and_differ(town: Club) -> None:
    """A member code never begins with 0 and catches a slip."""
    codes = set()
    for last in range(30):
        phone = f"+503712345{last:02d}"
        codes.add((await town.join(phone=phone)).code)
    assert len(codes) == 30
    assert all(damm_ok(code) and code[0] != "0" for code in codes)


async def test_a_phone_speaks_for_one_member(town: Club) -> None:
    """The second member with the same phone is refused and nothing of it is kept."""
    rosa = await town.join()
    with pytest.raises(PhoneTaken, match=f"speaks for member {rosa.code}"):
        await town.join(name="Ana")
    rows = await town.store.read("SELECT count(*) AS n FROM account")
    assert rows[0]["n"] == 1


@pytest.mark.parametrize("alias", ["panluz", "PanLuz", "pán-luz", "PAN1UZ", "PANIUZ"])
async def test_aliases_that_look_alike_are_one(town: Club, alias: str) -> None:
    """Accents, case and 0/O, 1/I/L do not make another alias."""
    await town.join(alias="PANLUZ")
    with pytest.raises((AliasTaken, AliasBad)):
        await town.join(phone=JUAN, alias=alias)


@pytest.mark.parametrize(
    "alias",
    [
        "ab",
        "1abc",
        "a" * 16,
        "pan luz",
        "pan_luz",
        "pagar",
        "SALDO",
        "Ayúda",
        "PARA",
        "cancelar",
        "A1TA",
        "пан",
        "ab😀",
    ],
)
async def test_what_cannot_be_an_alias(town: Club, alias: str) -> None:
    """Words of the commands, and anything but 3-15 letters and digits, are refused."""
    with pytest.raises(AliasBad):
        await town.join(alias=alias)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 61,
        "=1+1",
        "+503",
        "-Rosa",
        "@Rosa",
        "Rosa\u202eseP",
        "Роза",
        "Rosa<b>",
        "1234",
        "Rosa\x00",
    ],
)
async def test_what_cannot_be_a_name(town: Club, name: str) -> None:
    """No formulas, no tags, no characters that turn a line around."""
    with pytest.raises(NameBad):
        await town.join(name=name)


@pytest.mark.parametrize(
    "name", ["Rosa", "José Ñúñez", "Taller 2000", "D'Angelo & Cía.", "Müller (centro)"]
)
async def test_ordinary_names_are_kept_as_they_are(town: Club, name: str) -> None:
    """Accents and shop names are fine."""
    assert (await town.join(name=name)).name == name


async def test_an_alias_one_edit_away_is_hinted_at(town: Club) -> None:
    """At most two members, in the order of their aliases; never the whole list."""
    made = [
        await town.join(phone=f"+503712300{place:02d}", alias=alias)
        for place, alias in enumerate(("CASAROJA", "CASAROSA", "CASAROTA", "MESA"))
    ]
    found = members.near_aliases(town.store.peek, "CASAROLA")
    assert found == (("CASAROJA", made[0].code), ("CASAROSA", made[1].code))
    for slip in ("MSEA", "MES", "MESAS", "NESA"):
        assert members.near_aliases(town.store.peek, slip) == (("MESA", made[3].code),)
    for other in ("MESA", "MASE", "M", "", "X" * 40):
        assert members.near_aliases(town.store.peek, other) == ()


async def test_a_member_chooses_the_language(town: Club) -> None:
    """From then on they are written to in it."""
    rosa = await town.join()
    await town.store.write(lambda tx: members.set_language(tx, rosa.account, "en"))
    found = members.by_account(town.store.peek, rosa.account)
    assert found is not None
    assert found.language == "en"


async def test_joining_is_in_the_chain_without_the_phone(town: Club) -> None:
    """What is kept for ever names the member's code and who added them only."""
    rosa = await town.join()
    rows = await town.store.read("SELECT * FROM event WHERE kind = 'member_added'")
    assert [(r["account"], r["actor"]) for r in rows] == [(rosa.account, "uid:1")]
    assert rows[0]["detail"] == f'{{"code":"{rosa.code}"}}'
