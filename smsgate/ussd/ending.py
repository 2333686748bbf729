"""What a step came to: kept in the inbox, and owed to whoever must hear of it.

What comes in: the `Result` of a handler. What goes out: one row of the inbox, with
nothing of the input, and the texts owed for it. The member who is in the session sees
the first one there; by SMS it is due a little later and is withdrawn when the end of
the session says that the phone had it. What asks for an answer by SMS is never
withdrawn, and where numbers are easily forged its words are no part of the screen: only
the member's own phone may read the token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.replies import name_of, render
from commands.reply import Confirm, ConfirmCard, Late, MaybeDouble
from smsgate.clock import DAY_MS, SECOND_MS
from smsgate.messages import inbox, outbox, questions, sessions

if TYPE_CHECKING:
    from commands.reply import Reply, Voice
    from smsgate.handlers import Case, Result, Told
    from smsgate.ussd.step import Dial

#: How long the end of a session is waited for.
_RECEIPT_AFTER_MS = 20 * SECOND_MS
_LIVES_MS = DAY_MS
#: Replies that are answered by SMS.
_QUESTIONS = (Confirm, ConfirmCard, Late, MaybeDouble)


def asks_by_sms(reply: Reply) -> bool:
    """Whether a reply must be answered by SMS."""
    return isinstance(reply, _QUESTIONS)


def says_only_that(reply: Reply, *, trusted: bool) -> bool:
    """Whether the screen only says that an SMS comes, which asks.

    A question for a code of a card says "reply", which no ended session can; and where
    numbers are easily forged, its token is for the member's own phone.
    """
    by_sms = asks_by_sms(reply)
    return by_sms and (not trusted or isinstance(reply, ConfirmCard))


def keep(
    case: Case,
    dial: Dial,
    voice: Voice,
    result: Result,
    command: str,
    *,
    receipt: bool,
) -> None:
    """Keep what came of a step and owe its texts.

    `receipt` False: whoever is in the session needs the first one on the screen only.
    """
    tx, sender = case.tx, case.sender
    row = inbox.keep(
        tx,
        key=dial.key,
        text_mac=dial.key,
        link=dial.link,
        sender=case.phone,
        account=sender.account,
        sent_ms=tx.now_ms,
        command=command,
        outcome=result.outcome,
        state=inbox.State.answered,
        body="USSD",
        transfer=result.transfer,
    )
    if result.question is not None:
        questions.answered_by(tx, result.question, row)
    for place, told in enumerate(result.told):
        if place or receipt:
            _owe(case, dial, voice, row, told, shown=not place)


def _owe(
    case: Case, dial: Dial, voice: Voice, row: int, told: Told, *, shown: bool
) -> None:
    """Owe one text; `shown`: it is on the screen of the session too."""
    tx, sender = case.tx, case.sender
    to = told.to or sender
    own = to.account == sender.account
    waits = shown and not asks_by_sms(told.reply)
    owed = outbox.owe(
        tx,
        inbox=row,
        cls=told.cls,
        name=name_of(type(told.reply)),
        recipient=told.phone or (case.phone if own else to.phone),
        body=render(told.reply, replace(voice, language=to.language)),
        link="",
        expires_ms=tx.now_ms + _LIVES_MS,
        due_ms=tx.now_ms + _RECEIPT_AFTER_MS if waits else None,
    )
    if waits:
        sessions.note_receipt(tx, dial.link, dial.session, owed.id)
