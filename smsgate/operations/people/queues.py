"""The three queues: who wants to join, what is disputed or requested, whom to call.

What comes in: a queue and the number of a matter. What goes out: the matters, each with
what staff need to decide it; a dispute shows what both sides wrote, redacted. To
approve is to do it: take the newcomer in, grant the credit, or note that the call was
made; to close is to put it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import Welcome
from smsgate import ledger, members
from smsgate.clock import DAY_MS
from smsgate.handlers import Told
from smsgate.handlers.join import not_taken_in
from smsgate.members import matters
from smsgate.members.matters import Matter, Queue, Topic
from smsgate.operations.desk import OperationRefused
from smsgate.operations.people import credit, reversal
from smsgate.operations.people.members import describe, issue_codes
from smsgate.operations.people.newcomer import read_newcomer
from smsgate.operations.people.staff import asked_of
from smsgate.operations.people.telling import owed, tell
from smsgate.operations.people.two_persons import require_grantable
from smsgate.operations.requests import MemberAdd

if TYPE_CHECKING:
    from smsgate.handlers.approval import Asked
    from smsgate.members import Member
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import (
        CallApprove,
        JoinApprove,
        QueueClose,
        QueueList,
        TicketApprove,
    )
    from smsgate.store import Query, Tx

#: Texts from so long before a disputed payment are shown with it, and how many.
_BEFORE_MS = DAY_MS
_TEXTS_MAX = 50


async def list_rows(desk: Desk, request: QueueList) -> Document:
    """Return what waits in a queue, oldest first."""
    queue = _queue(request.queue)
    found = matters.waiting(desk.store.peek, queue, closed=request.closed)
    return {request.queue: [described(desk, desk.store.peek, one) for one in found]}


async def close(desk: Desk, request: QueueClose) -> Document:
    """Put a matter away; whoever asked to join is told that they were not taken in."""

    def change(tx: Tx) -> Matter:
        matter = waiting(tx, _queue(request.queue), request.id)
        if matter.queue is Queue.newcomer and not request.silent:
            tell(desk, tx, not_taken_in(tx, matter, lapsed=False))
        return matters.close(
            tx, matter, done=False, actor=desk.actor, note=request.note
        )

    matter = await desk.store.write(change)
    owed(desk)
    return described(desk, desk.store.peek, matter)


async def approve_join(desk: Desk, request: JoinApprove) -> Document:
    """Make a newcomer a member, welcome them by text, and issue a one-time code."""

    def change(tx: Tx) -> tuple[Matter, Member]:
        matter = waiting(tx, Queue.newcomer, request.id)
        facts = MemberAdd(
            phone=matter.phone,
            name=request.name or matter.words,
            kind=request.kind,
            limit=request.limit,
            alias=request.alias,
            language=request.language,
        )
        newcomer = read_newcomer(desk, facts)
        require_grantable(desk, tx, newcomer.limit)
        member = members.add(tx, newcomer, actor=desk.actor)
        done = matters.close(tx, matter, done=True, actor=desk.actor)
        reply = Welcome(name=member.name, code=member.code)
        tell(desk, tx, [Told(reply=reply, to=member)])
        return done, member

    matter, member = await desk.store.write(change)
    owed(desk)
    issued = (await issue_codes(desk, [member]))[0]
    return described(desk, desk.store.peek, matter) | {
        "member": describe(desk, desk.store.peek, member.account),
        "one_time_code": issued["one_time_code"],
        "one_time_code_until": issued["one_time_code_until"],
    }


async def approve_call(desk: Desk, request: CallApprove) -> Document:
    """Note that the call was made."""

    def change(tx: Tx) -> Matter:
        matter = waiting(tx, Queue.callback, request.id)
        return matters.close(tx, matter, done=True, actor=desk.actor, note=request.note)

    matter = await desk.store.write(change)
    return described(desk, desk.store.peek, matter)


async def approve_ticket(desk: Desk, request: TicketApprove) -> Document:
    """Note that a ticket was decided for the member who opened it."""

    def change(tx: Tx) -> tuple[Matter, Asked | None]:
        matter = waiting(tx, Queue.ticket, request.id)
        asked = None
        if matter.topic is Topic.credit:
            asked = _grant(desk, tx, matter, request.limit)
        elif matter.topic is Topic.dispute:
            asked = _give_back(desk, tx, matter, request)
        if asked is None:
            matters.close(tx, matter, done=True, actor=desk.actor, note=request.note)
        return matters.find(tx, Queue.ticket, matter.id) or matter, asked

    matter, asked = await desk.store.write(change)
    owed(desk)
    shown = described(desk, desk.store.peek, matter)
    return shown if asked is None else shown | {"approval": asked_of(desk, asked)}


def _grant(desk: Desk, tx: Tx, matter: Matter, limit: str | None) -> Asked | None:
    """Set the limit that somebody asked for; the ticket closes with it."""
    member = None if matter.account is None else members.by_account(tx, matter.account)
    if member is None or limit is None:
        raise OperationRefused(
            "a request for credit is granted with --limit, or put away with close"
        )
    return credit.set_limit(desk, tx, member, desk.minor(limit))


def _give_back(
    desk: Desk, tx: Tx, matter: Matter, request: TicketApprove
) -> Asked | None:
    """Give the disputed payment back; the ticket closes with it."""
    made = None if matter.transfer is None else ledger.by_id(tx, matter.transfer)
    if made is None:
        raise OperationRefused("this dispute names no payment: close it")
    amount = None if request.amount is None else desk.minor(request.amount)
    return reversal.give_back(desk, tx, made, amount, request.note)


def waiting(q: Query, queue: Queue, matter_id: int) -> Matter:
    """Return an open matter.

    Raises:
        OperationRefused: there is none of this number, or it is closed.
    """
    matter = matters.find(q, queue, matter_id)
    if matter is None:
        raise OperationRefused(
            f"there is no {queue} {matter_id}: look at `smsgate {queue} list`"
        )
    if matter.state != "open":
        raise OperationRefused(f"{queue} {matter_id} is {matter.state} already")
    return matter


def described(desk: Desk, q: Query, matter: Matter) -> Document:
    """Return a matter as staff see it."""
    member = None if matter.account is None else members.by_account(q, matter.account)
    document: Document = {
        "id": matter.id,
        "at": desk.time(matter.at_ms),
        "phone": matter.phone,
        "code": None if member is None else member.code,
        "name": None if member is None else member.name,
        "topic": str(matter.topic) or None,
        "words": matter.words,
        "state": matter.state,
        "closed": desk.time_or_none(matter.closed_ms),
        "closed_by": matter.closed_by or None,
        "note": matter.note,
    }
    if matter.topic is Topic.dispute:
        document |= _disputed(desk, q, matter)
    return document


def _disputed(desk: Desk, q: Query, matter: Matter) -> Document:
    """Return the payment of a dispute, and what both sides wrote around it."""
    made = None if matter.transfer is None else ledger.by_id(q, matter.transfer)
    if made is None:
        return {}
    payer, payee = (members.by_account(q, side) for side in (made.debit, made.credit))
    rows = q.all(
        "SELECT at_ms, account, outcome, body FROM inbox"
        " WHERE sender IN (SELECT msisdn FROM phone WHERE account IN (:debit, :credit))"
        " AND at_ms >= :since ORDER BY at_ms DESC, id DESC LIMIT :most",
        {
            "debit": made.debit,
            "credit": made.credit,
            "since": made.at_ms - _BEFORE_MS,
            "most": _TEXTS_MAX,
        },
    )
    codes = {one.account: one.code for one in (payer, payee) if one is not None}
    return {
        "ref": made.ref,
        "amount": desk.amount(made.amount),
        "paid": desk.time(made.at_ms),
        "given_back": desk.amount(made.reversed_minor),
        "payer": codes.get(made.debit),
        "payee": codes.get(made.credit),
        "texts": [
            {
                "at": desk.time(row["at_ms"]),
                "code": codes.get(row["account"]),
                "outcome": row["outcome"],
                "body": row["body"],
            }
            for row in reversed(rows)
        ],
    }


def _queue(name: str) -> Queue:
    try:
        return Queue(name)
    except ValueError:
        raise OperationRefused(
            f"{name!r} is no queue: there are {', '.join(Queue)}"
        ) from None
