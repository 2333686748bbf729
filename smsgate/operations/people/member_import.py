"""Many members at once, with the balances they bring along: all of them, or none.

What comes in: rows of a member list (`smsgate.operations.people.roster`). What goes
out: how many are new and, where asked for, a one-time code each. Everything is done in
one transaction and checked by the ledger itself; a dry run does the same and undoes it.
Whoever is a member already is left alone, so the same file twice does nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smsgate import ledger, members
from smsgate.errors import SmsgateError
from smsgate.members import pins
from smsgate.operations.desk import Document, OperationRefused
from smsgate.operations.people.members import issue_codes
from smsgate.operations.people.newcomer import read_newcomer
from smsgate.operations.people.two_persons import require_grantable
from smsgate.operations.requests import MemberAdd
from smsgate.phone import e164
from smsgate.store import StoreError

if TYPE_CHECKING:
    from smsgate.members import Member
    from smsgate.operations.desk import Desk
    from smsgate.operations.requests import MemberImport
    from smsgate.store import Query, Tx

#: How often long work is told of, rows.
_TELL = 100


class _DryRun(Exception):
    """Undoes the transaction once everything in it went well."""

    def __init__(self, done: _Import) -> None:
        super().__init__("a dry run is undone")
        self.done = done


@dataclass(slots=True, kw_only=True)
class _Import:
    """What has been done so far, and what is wrong with the file."""

    desk: Desk
    tx: Tx
    mistakes: list[str] = field(default_factory=list)
    #: Line by phone, to find a phone that stands there twice.
    lines: dict[str, int] = field(default_factory=dict)
    added: list[Member] = field(default_factory=list)
    unchanged: list[Member] = field(default_factory=list)
    #: Opening balances of those added, minor units by account.
    balances: dict[int, int] = field(default_factory=dict)
    #: Sum of every balance in the file, also of those who are members already.
    total: int = 0

    def wrong(self, line: int, what: str) -> None:
        """Note a mistake."""
        self.mistakes.append(f"line {line}: {what}")


async def bring_in(desk: Desk, request: MemberImport) -> Document:
    """Add the members of a list.

    Raises:
        OperationRefused: its lines name every mistake; nothing was done.
    """
    against = "treasury" if request.opening_from_treasury else "opening"

    def fill(tx: Tx) -> _Import:
        work = _Import(desk=desk, tx=tx)
        for place, (line, cells) in enumerate(request.rows):
            if place % _TELL == 0:
                desk.progress("checking members", place, len(request.rows))
            _take(work, line, dict(cells))
        _open(work, against)
        if work.mistakes:
            count = len(work.mistakes)
            mistakes = "a mistake" if count == 1 else f"{count} mistakes"
            raise OperationRefused(
                f"the file has {mistakes} and nothing was done: correct and import it "
                "again",
                work.mistakes,
            )
        if request.dry_run:
            raise _DryRun(work)
        return work

    try:
        work = await desk.store.write(fill)
    except _DryRun as dry:
        return _document(desk, dry.done, against, dry_run=True)
    document = _document(desk, work, against, dry_run=False)
    if request.codes:
        document["codes"] = await _codes(desk, [*work.added, *work.unchanged])
    return document


def _take(work: _Import, line: int, cells: dict[str, str]) -> None:
    """Add the member of one row, or note what is wrong with it."""
    desk, tx = work.desk, work.tx
    balance = _balance(work, line, cells)
    earlier = _earlier(work, line, cells.get("phone", ""))
    if earlier is not None:
        work.wrong(line, f"the same phone as in line {earlier}: leave one of them out")
        return
    known = _known(desk, tx, cells.get("phone", ""))
    if known is not None:
        _leave(work, line, known, cells, balance)
        return
    try:
        newcomer = read_newcomer(desk, _facts(cells))
        require_grantable(desk, tx, newcomer.limit)
        member = members.add(tx, newcomer, actor=desk.actor)
    except StoreError:
        raise
    except OperationRefused as refused:
        for mistake in refused.lines or (str(refused),):
            work.wrong(line, mistake)
        return
    except SmsgateError as error:
        work.wrong(line, str(error))
        return
    work.added.append(member)
    if balance:
        _bring(work, line, member, balance)


def _facts(cells: dict[str, str]) -> MemberAdd:
    promos = cells.get("promos", "").lower()
    if promos not in ("", "yes", "no"):
        raise OperationRefused(f"promos is {promos!r}: write yes or no")
    if not cells.get("phone") or not cells.get("name"):
        missing = "phone" if not cells.get("phone") else "name"
        raise OperationRefused(f"the {missing} is missing")
    return MemberAdd(
        phone=cells["phone"],
        name=cells["name"],
        kind=cells.get("kind"),
        limit=cells.get("limit"),
        ceiling=cells.get("ceiling"),
        alias=cells.get("alias"),
        language=cells.get("language"),
        area=cells.get("area"),
        category=cells.get("category"),
        email=cells.get("email"),
        joined=cells.get("joined"),
        promos=promos == "yes" if promos else None,
    )


def _balance(work: _Import, line: int, cells: dict[str, str]) -> int:
    try:
        balance = work.desk.minor(cells.get("balance") or "0", signed=True)
    except SmsgateError as error:
        work.wrong(line, str(error))
        return 0
    work.total += balance
    return balance


def _earlier(work: _Import, line: int, phone: str) -> int | None:
    """Return the line that has this phone already, and remember this one."""
    number = e164(phone, work.desk.config.network.country)
    if number is None:
        return None
    earlier = work.lines.setdefault(number, line)
    return None if earlier == line else earlier


def _known(desk: Desk, query: Query, phone: str) -> Member | None:
    number = e164(phone, desk.config.network.country)
    return None if number is None else members.by_phone(query, number)


def _leave(
    work: _Import, line: int, known: Member, cells: dict[str, str], balance: int
) -> None:
    """Leave somebody alone who is a member already, if it is the same person."""
    try:
        name = members.proper_name(cells.get("name", ""))
    except members.NameBad as error:
        work.wrong(line, str(error))
        return
    if name != known.name:
        work.wrong(
            line,
            f"this phone is {known.name} ({known.code}) already, not {name}: correct "
            "the phone or the name",
        )
        return
    if balance != _brought(work.tx, known.account):
        work.wrong(
            line,
            f"{known.name} ({known.code}) is a member already, and did not come with "
            "this balance: take it out of the file, and let members pay the difference",
        )
        return
    work.unchanged.append(known)


def _brought(query: Query, account: int) -> int:
    """Return the opening balance that a member came with."""
    row = query.one(
        """
        SELECT coalesce(sum(e.amount), 0) AS amount
        FROM entry e JOIN transfer t ON t.id = e.transfer
        WHERE e.account = :account AND t.kind = 'opening'
        """,
        {"account": account},
    )
    return 0 if row is None else int(row["amount"])


def _bring(work: _Import, line: int, member: Member, balance: int) -> None:
    """Note an opening balance, if the member's limits bear it."""
    held = ledger.account(work.tx, member.account)
    if balance < -held.credit_limit:
        work.wrong(
            line,
            f"the balance {work.desk.amount(balance)} is beyond the limit "
            f"{work.desk.amount(held.credit_limit)}: raise the limit in the file",
        )
    elif held.ceiling is not None and balance > held.ceiling:
        work.wrong(
            line,
            f"the balance {work.desk.amount(balance)} is above the ceiling "
            f"{work.desk.amount(held.ceiling)}: raise the ceiling in the file",
        )
    else:
        work.balances[member.account] = balance


def _open(work: _Import, against: str) -> None:
    """Book the opening balances, unless something is wrong already."""
    total = work.total
    if against == "opening" and total:
        work.mistakes.append(
            f"the balances sum to {work.desk.amount(total)} and must sum to zero: "
            "correct them, or take the rest from the treasury with "
            "--opening-from treasury"
        )
    if work.mistakes or not work.balances:
        return
    try:
        ledger.opening(
            work.tx,
            work.balances,
            against="treasury" if against == "treasury" else "opening",
            actor=work.desk.actor,
        )
    except StoreError:
        raise
    except SmsgateError as error:
        work.mistakes.append(str(error))


def _document(desk: Desk, work: _Import, against: str, *, dry_run: bool) -> Document:
    brought = sum(balance for balance in work.balances.values() if balance > 0)
    return {
        "dry_run": dry_run,
        "added": len(work.added),
        "unchanged": len(work.unchanged),
        "opening": desk.amount(brought),
        "opening_from": against if work.balances else None,
        "members": [
            # A code that a dry run drew will not be drawn again.
            {
                "phone": one.phone,
                "name": one.name,
                "code": None if dry_run else one.code,
            }
            for one in work.added
        ],
        "codes": [],
    }


async def _codes(desk: Desk, people: list[Member]) -> list[Document]:
    """Issue a code to each who has neither a PIN nor a code."""
    now_ms = desk.clock.now_ms()
    without = [
        member
        for member in people
        if pins.state_of(desk.store.peek, member.account, now_ms).state == "none"
    ]
    issued = []
    for start in range(0, len(without), _TELL):
        desk.progress("making one-time codes", start, len(without))
        issued += await issue_codes(desk, without[start : start + _TELL])
        await asyncio.sleep(0)
    return issued
