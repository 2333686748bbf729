"""What stands in the slots of the templates about receipts, tills and paper.

What comes in: a reply of `commands.reply.till`, or what VER says, and the network's
`Voice`. What goes out: its slots, and which variant of its template says it. Called by
`commands.slots` and `commands.replies`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands import spelling
from commands.reply.account import Genuine, ReversedReceipt
from commands.reply.till import (
    CardAsked,
    CardBad,
    PaidTill,
    TillAdded,
    TillDropped,
    TillNamed,
    Tills,
    Totals,
    TotalsOfTill,
    VoucherBad,
    VoucherIssued,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from commands.reply import Reply, Voice
    from commands.reply.till import TillTotal

    Slots = dict[str, str | None]

#: What the templates have room for.
LINES, LISTED = 2, 5
TILL_MAX = 12


def till_variant(reply: Reply) -> str:
    """Return which text says this reply, where it has several."""
    match reply:
        case Genuine(days=days, other=other):
            return "_".join(filter(None, ("other" * other, "old" * (days > 0))))
        case ReversedReceipt(part=int()):
            return "part"
        case TillDropped(left=True):
            return "left"
        case Tills(tills=()):
            return "none"
        case VoucherBad(tries_left=0) | CardBad(tries_left=1):
            return "last"
        case CardAsked(again=True):
            return "again"
        case CardAsked(codes=int()):
            return "another"
        case _:
            return ""


def till_slots(reply: Reply, voice: Voice) -> Slots:
    """Spell the fields that `commands.slots` does not know."""
    match reply:
        case ReversedReceipt(part=int() as part):
            left = spelling.money(reply.amount - part, voice.decimals)
            return {"part": spelling.money(part, voice.decimals), "stands": left}
        case TillAdded(till=till, code=code):
            return {"till": _name(till), "code": spelling.digits(code)}
        case TillDropped(till=till) | TillNamed(till=till):
            return {"till": _name(till)}
        case PaidTill(till=till):
            return {"till": _name(till) if till else None}
        case Tills(tills=tills):
            listed = (f"{_name(name)} {code}" for name, code in tills[:LISTED])
            return {"tills": ", ".join(listed) or None}
        case VoucherIssued(until=until):
            return {"day": _day(until, voice)}
        case Totals(day=day, returned=returned, lines=lines):
            told = _lines(lines, voice)
            return {"day": _day(day, voice), "returned": _back(returned, voice)} | told
        case TotalsOfTill(day=day, own=own, rest=rest):
            told = _lines((own, rest), voice)
            back = _back(own.returned, voice)
            return {"day": _day(day, voice), "returned": back} | told
        case _:
            return {}


def _name(till: str) -> str:
    return spelling.name(till, TILL_MAX)


def _day(day: datetime, voice: Voice) -> str:
    return day.astimezone(ZoneInfo(voice.timezone)).strftime("%d/%m")


def _back(minor: int, voice: Voice) -> str | None:
    return spelling.money(minor, voice.decimals) if minor else None


def _lines(lines: Sequence[TillTotal], voice: Voice) -> Slots:
    found: Slots = {}
    for place in range(LINES):
        line = lines[place] if place < len(lines) else None
        found |= {
            f"till_{place + 1}": None if line is None else _name(line.name),
            f"count_{place + 1}": None if line is None else str(line.count),
            f"amount_{place + 1}": (
                None if line is None else spelling.money(line.amount, voice.decimals)
            ),
        }
    return found
