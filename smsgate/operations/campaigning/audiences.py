"""Audiences: rules saved by name, lists from spreadsheets, and who is in one.

What comes in: a rule, or the rows of a file. What goes out: how many people fit, and
some of them, masked. A list is checked whole: numbers are normalised, the rows of one
phone become one, and each wrong row is named with its line. The rows
of a file are read by `read_list`, in the shell, so that a daemon never opens a file of
somebody else's.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate.campaigns.audience import people, saved
from smsgate.campaigns.audience.rules import facts_in, read
from smsgate.campaigns.plan import Plan, Wording
from smsgate.campaigns.rows import campaign_of
from smsgate.campaigns.wording import FIELDS
from smsgate.operations.campaigning.requests import AudienceShow
from smsgate.operations.desk import Answer, OperationRefused
from smsgate.operations.spreadsheet import Told, decoded, lines, unguarded
from smsgate.phone import e164, is_fixed, masked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from smsgate.campaigns.audience.people import Choice, Person
    from smsgate.campaigns.audience.saved import Audience, Listed
    from smsgate.operations.campaigning.requests import (
        AudienceDrop,
        AudienceImport,
        AudienceList,
        AudienceSave,
    )
    from smsgate.operations.desk import Desk, Document
    from smsgate.store import Query, Tx

#: The most rows of one list.
ROWS_MAX = 200_000
#: Columns that name the phone, as spreadsheets call it.
PHONES = frozenset(
    {"phone", "telefono", "teléfono", "tel", "movil", "móvil", "celular", "msisdn"}
    | {"numero", "número", "number", "mobile"}
)
_NAME = re.compile(r"[\w .&-]{1,40}")
_COLUMN = re.compile(r"[a-z0-9_ñáéíóúü]{1,20}")
_CELL_MAX = 60
#: Columns of the file of wrong rows, which comes back once it is corrected.
_OURS = frozenset({"line", "error"})
#: What becomes of a long number that a spreadsheet took for an amount.
_SHORTENED = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)
_DECIMAL = re.compile(r"\.0+$")
#: People who are shown of an audience.
_SHOWN = 5
#: People looked up at once.
_BATCH = 1_000
_CHUNK = 500


def read_list(
    raw: bytes, told: Told | None = None
) -> tuple[tuple[int, dict[str, str]], ...]:
    """Read a list of phones; one column must name them.

    Raises:
        OperationRefused: the file has no such column, or too many rows.
    """
    told = told or Told()
    rest = lines(decoded(raw, told.encoding), told.delimiter)
    first = next(rest, None)
    if first is None:
        raise OperationRefused("the file is empty: its first line names the columns")
    columns = [_column(cell) for cell in first[1]]
    named = [place for place, name in enumerate(columns) if name in PHONES]
    if len(named) != 1:
        raise OperationRefused(
            "the first line must name one column of phones: call it phone or telefono"
        )
    columns[named[0]] = "phone"
    rows = [
        (
            number,
            {
                name: unguarded(cell)[:_CELL_MAX]
                for name, cell in zip(columns, cells, strict=False)
                if cell and name
            },
        )
        for number, cells in rest
    ]
    if len(rows) > ROWS_MAX:
        raise OperationRefused(f"{len(rows)} rows: a list has at most {ROWS_MAX}")
    return tuple(rows)


def _column(cell: str) -> str:
    name = "_".join(cell.lower().split())
    if name in _OURS:
        return ""
    # A list's column and a member's fact of the same meaning are one field.
    return FIELDS.get(name, name) if _COLUMN.fullmatch(name) else ""


def checked_name(name: str) -> str:
    """Return a name that an audience or a campaign may have.

    Raises:
        OperationRefused: it may not.
    """
    if not _NAME.fullmatch(name) or name != name.strip():
        raise OperationRefused(
            "a name is 1 to 40 letters, digits, spaces or any of . & - _"
        )
    return name


async def list_all(desk: Desk, _: AudienceList) -> Document:
    """Return every audience."""
    return {"audiences": [described(desk, one) for one in saved.every(desk.store.peek)]}


async def show(desk: Desk, request: AudienceShow) -> Document:
    """Return how many people are in an audience, and some of them."""
    plan = Plan(
        text=Wording(es=""), audience=request.name, rule=request.rule, footer=False
    )
    chosen = choice_of(desk, plan)
    count, members = 0, 0
    shown: list[Person] = []
    async for found in batches(desk, chosen):
        count += len(found)
        members += sum(one.account is not None for one in found)
        shown += found[: _SHOWN - len(shown)]
        desk.progress("counting people", count, 0)
    counted = await desk.store.look(partial(people.left_out, choice=chosen))
    known = saved.by_name(desk.store.peek, request.name) if request.name else None
    return ({} if known is None else described(desk, known)) | {
        "people": count,
        "members": members,
        "left_out": {
            "not_opted_in": counted["unwilling"],
            "not_active": counted["closed"],
        },
        "some": [
            {"phone": masked(one.msisdn), "code": one.code, "name": one.name}
            for one in shown
        ],
    }


async def save(desk: Desk, request: AudienceSave) -> Document:
    """Keep a rule under a name."""
    name = checked_name(request.name)
    if not request.rule.strip():
        raise OperationRefused(
            "write a rule, such as 'kind = business and idle > 30', or everybody"
        )
    # What cannot be asked is not kept.
    choice_of(desk, Plan(text=Wording(es=""), rule=request.rule))
    rule = request.rule.strip()

    def change(tx: Tx) -> Audience:
        before = saved.by_name(tx, name)
        if before is not None and before.rule != rule:
            # What somebody agreed to does not come to mean other people.
            _require_unused(tx, name)
        return saved.save(tx, name=name, rule=rule, actor=desk.actor)

    await desk.store.write(change)
    return await show(desk, AudienceShow(name=name))


async def drop(desk: Desk, request: AudienceDrop) -> Document:
    """Forget an audience."""

    def change(tx: Tx) -> Audience:
        known = saved.by_name(tx, request.name)
        if known is None:
            raise OperationRefused(
                f"there is no audience {request.name}: look at `smsgate audience list`"
            )
        _require_unused(tx, known.name)
        saved.drop(tx, known)
        return known

    return described(desk, await desk.store.write(change)) | {"dropped": True}


def _require_unused(q: Query, name: str) -> None:
    """Refuse to change whom a recurring campaign goes on writing to."""
    for row in q.all("SELECT * FROM campaign WHERE next_ms IS NOT NULL"):
        recurring = campaign_of(row)
        if name in _named(q, recurring.plan):
            raise OperationRefused(
                f"campaign {recurring.name} writes to audience {name} again and again: "
                "cancel it first, or choose another name"
            )


def _named(q: Query, plan: Plan) -> set[str]:
    """Return the audiences that a plan's people depend on."""
    found: set[str] = set()
    rules, names = [plan.rule], [plan.audience] if plan.audience else []
    while rules or names:
        names += [
            fact.value
            for rule in rules
            for fact in facts_in(read(rule))
            if fact.name == "audience"
        ]
        new = [name for name in names if name not in found]
        found.update(new)
        known = [saved.by_name(q, name) for name in new]
        rules, names = [one.rule for one in known if one is not None], []
    return found


async def bring_in(desk: Desk, request: AudienceImport) -> Answer:
    """Make a list of the rows of a file, or add to one.

    The answer's `mistakes` name each wrong row; without `partly` nothing is done then.
    """
    name = checked_name(request.name)
    listed, mistakes, twice = _sorted_out(desk, request.rows)
    document: Document = {
        "name": name,
        "rows": len(request.rows),
        "phones": len(listed),
        "twice": twice,
        "wrong": len(mistakes),
        "mistakes": mistakes,
        "dry_run": request.dry_run,
        "new": 0,
        "preview": [
            {"phone": masked(one.msisdn), **one.fields} for one in listed[:_SHOWN]
        ],
    }
    if mistakes and not request.partly and not request.dry_run:
        raise OperationRefused(
            f"{len(mistakes)} rows are wrong, nothing was done: correct them, or take "
            "the others with --partly",
            [f"line {one['line']}: {one['what']}" for one in mistakes],
        )
    if not request.dry_run:
        document["new"] = await _keep(desk, name, listed)
    return Answer(document=document, exit_code=int(bool(mistakes)))


async def _keep(desk: Desk, name: str, listed: Sequence[Listed]) -> int:
    audience = await desk.store.write(
        partial(saved.save, name=name, rule="", actor=desk.actor)
    )
    new = 0
    for start in range(0, len(listed), _CHUNK):
        desk.progress("writing the list", start, len(listed))
        new += await desk.store.write(
            partial(
                saved.put_phones,
                audience=audience.id,
                listed=listed[start : start + _CHUNK],
            )
        )
    return new


def _sorted_out(
    desk: Desk, rows: Sequence[tuple[int, dict[str, str]]]
) -> tuple[list[Listed], list[Document], int]:
    """Return the phones of a list, what is wrong, and how many stood there twice."""
    columns = sorted({name for _, cells in rows for name in cells} - {"phone"})
    found: dict[str, Listed] = {}
    mistakes: list[Document] = []
    twice = 0
    for line, cells in rows:
        number, wrong = _phone(cells.get("phone", ""), desk.config.network.country)
        if wrong:
            mistakes.append({"line": line, "what": wrong})
            continue
        twice += number in found
        before = found[number].fields if number in found else dict.fromkeys(columns, "")
        given = {name: cells[name] for name in columns if cells.get(name)}
        found[number] = saved.Listed(msisdn=number, fields={**before, **given})
    return list(found.values()), mistakes, twice


def _phone(written: str, country: str) -> tuple[str, str]:
    """Return a cell's number, or what is wrong with it.

    A number may have lost its plus sign, or got a decimal, in a spreadsheet.
    """
    if not written:
        return "", "no phone number"
    if _SHORTENED.fullmatch(written):
        return "", (
            f"{written!r} was shortened by the spreadsheet: make the column text, and "
            "write the number again"
        )
    whole = _DECIMAL.sub("", written)
    number = e164(whole, country) or e164(f"+{whole.lstrip('+')}", country)
    if number is None:
        return "", f"{written!r} is no phone number"
    if is_fixed(number):
        return "", f"{written!r} is a fixed line, which takes no texts"
    return number, ""


def choice_of(desk: Desk, plan: Plan) -> Choice:
    """Return a plan's people as a statement.

    Raises:
        RuleBad: the plan names something that is not known.
    """
    return people.choose(
        desk.store.peek,
        plan,
        now_ms=desk.clock.now_ms(),
        decimals=desk.config.network.decimals,
        zone=ZoneInfo(desk.config.network.timezone),
        language=desk.config.network.language,
    )


async def batches(desk: Desk, choice: Choice) -> AsyncIterator[list[Person]]:
    """Yield people batch by batch; they are looked up beside the event loop."""
    after: str | None = choice.first()
    while after is not None:
        place = after
        found, after = await desk.store.look(
            partial(people.batch, choice=choice, after=place, limit=_BATCH)
        )
        yield found


def described(desk: Desk, audience: Audience) -> Document:
    """Return what is shown of an audience."""
    return {
        "name": audience.name,
        "kind": "list" if audience.is_list else "rule",
        "rule": audience.rule or None,
        "phones": audience.phones if audience.is_list else None,
        "by": audience.created_by,
        "since": desk.time(audience.created_ms),
    }
