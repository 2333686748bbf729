"""What must be known of a PIN before the transaction, because it takes long.

What comes in: a text. What goes out: the PIN in it checked, or the change of PIN made
ready, if its handler would ask for that: the handler is rehearsed over a reader first,
so that a text to somebody unknown costs no try. The transaction looks again whether
that still holds, in `smsgate.gateway.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import handlers, members
from smsgate.gateway.answering import case_of
from smsgate.handlers import ChangeWanted, PinWanted, Rehearsal, WouldWrite
from smsgate.members import pins
from smsgate.messages import inbox

if TYPE_CHECKING:
    from smsgate.gateway.answering import Text
    from smsgate.gateway.setting import Setting
    from smsgate.members.pins import Checked, PreparedChange


async def evidence(setting: Setting, text: Text) -> Checked | PreparedChange | None:
    """Rehearse the answer; check the PIN that it asks for."""
    if not text.reading.has_secret or text.phone is None:
        return None
    peek, clock = setting.store.peek, setting.clock
    if inbox.seen(peek, text.key) is not None:
        # It came twice and waited for its own turn.
        return None
    sender = members.by_phone(peek, text.phone)
    if sender is None:
        return None
    now_ms = max(clock.now_ms(), setting.store.newest_ms)
    case = case_of(Rehearsal(peek, clock, now_ms), setting.house, text, sender)
    desk, loose = setting.pins, not text.trusted
    try:
        handlers.handle(case, text.reading.said)
    except WouldWrite:
        return None
    except PinWanted as wanted:
        row = pins.look(peek, sender.account)
        return await desk.check(row, wanted.pin, loose=loose, now_ms=now_ms)
    except ChangeWanted as wanted:
        row = pins.look(peek, sender.account)
        return await desk.prepare(
            row, wanted.change, sender, loose=loose, now_ms=now_ms
        )
    return None
