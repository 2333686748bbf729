"""What stands in the slots of the templates about receipts, tills and paper.

What comes in: a reply of `commands.reply.till`, or what VER says, and the network's
`Voice`. What goes out: its slots, and which variant of its template says it. Called by
`commands.slots` and `commands.replies`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import spelling
from commands.reply.account import Genuine, ReversedReceipt

if TYPE_CHECKING:
    from commands.reply import Reply, Voice

    Slots = dict[str, str | None]


def till_variant(reply: Reply) -> str:
    """Return which text says this reply, where it has several."""
    match reply:
        case Genuine(days=days, other=other):
            return "_".join(filter(None, ("other" * other, "old" * (days > 0))))
        case ReversedReceipt(part=int()):
            return "part"
        case _:
            return ""


def till_slots(reply: Reply, voice: Voice) -> Slots:
    """Spell the fields that `commands.slots` does not know."""
    match reply:
        case ReversedReceipt(part=int() as part):
            return {"part": spelling.money(part, voice.decimals)}
        case _:
            return {}
