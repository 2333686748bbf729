"""One text and its transaction: seen or not, what it comes to, what is owed for it.

What comes in: an open transaction and a `Text`, read and, where needed, with its PIN
checked. What goes out: the inbox row, redacted, and the outbox rows, together with
whatever the handler wrote; nothing of it or all of it. A text that was seen before
executes nothing. Plain functions: they neither wait nor send.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from commands.elsewhere import asks
from commands.replies import name_of, render
from commands.reply import Failed, Incomplete, NotMember, TooLong
from modem.link import Wholeness
from smsgate import handlers, ledger, members
from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.gateway.silence import echoes, withheld
from smsgate.handlers import Case, Result, Timing, Told, say
from smsgate.messages import inbox, outbox, parts, questions
from smsgate.messages.outbox import Class
from smsgate.store import resumed_ms

if TYPE_CHECKING:
    from commands.command import Reading
    from commands.reply import Voice
    from modem.link import Incoming
    from smsgate.handlers import Policy
    from smsgate.ledger import Transfer
    from smsgate.members import Member, Till
    from smsgate.members.paper import PaperKeys
    from smsgate.members.pins import Checked, PreparedChange
    from smsgate.messages.outbox import Owed
    from smsgate.messages.routes import Board
    from smsgate.store import Row, Tx

#: Send times further ahead of our clock say nothing.
FUTURE_MS = 10 * MINUTE_MS
#: The same text over two links was sent within this time.
_TWO_WAYS_MS = 2 * MINUTE_MS
#: The network takes the parts of one text within this time.
_ONE_TEXT_MS = MINUTE_MS
#: A text in parts is longer than this, also in UCS-2 and with its PIN made short.
_ONE_PART_CHARACTERS = 60
#: How long an answer is worth sending.
_ANSWER_LIVES_MS = DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One incoming text as the transaction needs it; the words are no longer in it."""

    incoming: Incoming = field(repr=False)
    reading: Reading
    key: bytes
    mac: bytes
    #: E.164; None for a short code or a name, which are never answered.
    phone: str | None
    trusted: bool
    #: When the network took it, milliseconds; None where nobody knows.
    sent_ms: int | None
    #: How old a text without a send time may be; None: nobody knows.
    max_delay_ms: int | None
    #: The link that the sender's answer takes.
    way_out: str
    #: Every way out when the text was read, for what others are told.
    board: Board
    #: What of ours kept it from being read; None: it was.
    fault: Exception | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of a text."""

    outcome: str
    #: False: the text was seen before, nothing was done.
    fresh: bool = True
    #: Rows that were born `sending`, to be handed to the link after the commit.
    handed: tuple[Owed, ...] = ()
    #: Links for whose senders rows were left to claim; '': it may be any.
    queued: frozenset[str] = frozenset()
    transfer: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What answering needs to know of the network and of this run."""

    policy: Policy
    voice: Voice
    #: The daemon's start number.
    run: int
    paper: PaperKeys


def timing(text: Text, policy: Policy, now_ms: int, resumed: int = 0) -> Timing:
    """Say whether a text is fresh, late, or of unknown age.

    What was sent before the ledger was `resumed` after a restore may have been carried
    out by the other house: it is late, however short its way was.
    """
    if text.sent_ms is not None:
        sent_ms = text.sent_ms
    elif text.max_delay_ms is not None:
        sent_ms = now_ms - text.max_delay_ms
    else:
        return Timing.unknown
    late = now_ms - sent_ms > policy.late_ms or sent_ms < resumed
    return Timing.late if late else Timing.fresh


def answer(
    tx: Tx,
    house: House,
    text: Text,
    evidence: Checked | PreparedChange | None,
    places: int,
) -> Answered:
    """Answer a text; up to `places` answers over its own way are born `sending`.

    Raises:
        PinWanted, ChangeWanted, Stale: find that out (anew) and begin again.
    """
    row = inbox.seen(tx, text.key)
    if row is not None:
        outbox.owe_again(tx, int(row["id"]))
        any_link = frozenset({""})
        return Answered(outcome=str(row["outcome"]), fresh=False, queued=any_link)
    sender = None if text.phone is None else members.by_phone(tx, text.phone)
    till = None
    if sender is None and text.phone is not None:
        till = members.till_by_phone(tx, text.phone)
        sender = None if till is None else _owner(tx, till)
    if echoes(tx, text, tx.now_ms):
        result = Result(told=())
    elif sender is None:
        result = _stranger(tx, house, text)
    else:
        result = _member(tx, house, text, sender, evidence, till)
    if withheld(tx, text, result.outcome, house.policy, tx.now_ms):
        result = Result(told=())
    return keep(tx, house, text, sender, result, places)


def _owner(tx: Tx, till: Till) -> Member | None:
    """Return whose till it is, as if the till's phone were theirs."""
    owner = members.by_account(tx, till.account)
    return None if owner is None else replace(owner, phone=till.phone)


def case_of(
    tx: Tx,
    house: House,
    text: Text,
    sender: Member,
    evidence: Checked | PreparedChange | None = None,
) -> Case:
    """Return what a handler needs to answer this text."""
    return Case(
        tx=tx,
        policy=house.policy,
        sender=sender,
        link=text.incoming.link,
        trusted=text.trusted,
        sent_ms=text.sent_ms if text.sent_ms is not None else tx.now_ms,
        timing=timing(text, house.policy, tx.now_ms, resumed_ms(tx)),
        evidence=evidence,
        word=text.reading.word,
        paper=house.paper,
        phone=text.phone or sender.phone,
        bare=text.reading.bare,
    )


def _member(
    tx: Tx,
    house: House,
    text: Text,
    sender: Member,
    evidence: Checked | PreparedChange | None,
    till: Till | None = None,
) -> Result:
    if text.incoming.wholeness is Wholeness.too_long:
        return say(TooLong())
    case = case_of(tx, house, text, sender, evidence)
    if text.incoming.wholeness is Wholeness.incomplete:
        return _incomplete(case, text)
    said = text.reading.said
    other_way = _other_way(tx, text, sender)
    if other_way is not None:
        made = _transfer(tx, other_way)
        if made is None:
            # The same text, and its answer is on its way over the other link.
            return Result(told=())
        case = replace(case, earlier=made)
    if till is not None:
        return handlers.handle_at_till(case, till, said)
    return handlers.handle(case, said)


def _incomplete(case: Case, text: Text) -> Result:
    """Answer parts whose others never came, or were handled before a crash.

    Parts left over from a payment must not be told that nothing was paid.
    """
    if text.sent_ms is not None:
        phone, sent_ms = case.sender.phone, text.sent_ms
        paid = inbox.paid_long_about(
            case.tx, phone, sent_ms, _ONE_TEXT_MS, _ONE_PART_CHARACTERS
        )
        made = None if paid is None else _transfer(case.tx, paid)
        # What a voucher brought was not paid by its bringer.
        if made is not None and made.debit == case.sender.account:
            return say(handlers.already_done(case, made))
    return say(Incomplete())


def _other_way(tx: Tx, text: Text, sender: Member) -> Row | None:
    """Find the same text, received over another link a moment ago, or renamed."""
    if text.sent_ms is None:
        return None
    return inbox.elsewhere(
        tx,
        sender.phone,
        text.mac,
        text.incoming.link,
        text.sent_ms,
        _TWO_WAYS_MS,
        renamed=text.incoming.named,
    )


def _transfer(tx: Tx, row: Row) -> Transfer | None:
    return None if row["transfer"] is None else ledger.by_id(tx, int(row["transfer"]))


def _stranger(tx: Tx, house: House, text: Text) -> Result:
    """Do the little that a stranger can, and answer few times; never a short code."""
    if text.phone is None:
        return say(NotMember())
    phone, said = text.phone, text.reading.said
    result = handlers.verify_as_stranger(tx, house.policy, phone, said)
    if result is None:
        language, word = house.voice.language, text.reading.word
        result = handlers.handle_stranger(tx, phone, said, word=word, language=language)
    since = house.policy.day_start_ms(tx.now_ms)
    if handlers.stranger_had_enough(tx, phone, since):
        # What was done stays done; only its answer is spared.
        return Result(told=() if result is None else result.told[1:])
    return say(NotMember()) if result is None else result


def keep(
    tx: Tx,
    house: House,
    text: Text,
    sender: Member | None,
    result: Result,
    places: int,
    *,
    error: str = "",
) -> Answered:
    """Keep the text, redacted, and owe its answers."""
    keyword = text.reading.keyword
    silent = "dead" if error else "silent"
    row = inbox.keep(
        tx,
        key=text.key,
        text_mac=text.mac,
        link=text.incoming.link,
        sender=text.phone or text.incoming.sender,
        account=None if sender is None else sender.account,
        sent_ms=text.sent_ms,
        command="" if keyword is None else str(keyword),
        outcome=result.outcome,
        state="answered" if result.told and not error else silent,
        body=text.reading.redacted,
        transfer=result.transfer,
        error=error,
    )
    if result.question is not None:
        questions.answered_by(tx, result.question, row)
    if text.incoming.parts:
        parts.belong(tx, text.incoming.parts, row)
    handed: list[Owed] = []
    queued: set[str] = set()
    for told in result.told:
        # Notices keep to the pace of a SIM, which a sender looks after.
        room = len(handed) < places and told.cls is Class.receipt
        owed, link = _owe(tx, house, text, row, told, sender, room=room)
        if room and link == text.way_out:
            handed.append(owed)
        else:
            queued.add(link)
    return Answered(
        outcome=result.outcome,
        handed=tuple(handed),
        queued=frozenset(queued),
        transfer=result.transfer,
        account=None if sender is None else sender.account,
    )


def _owe(
    tx: Tx,
    house: House,
    text: Text,
    row: int,
    told: Told,
    sender: Member | None,
    *,
    room: bool,
) -> tuple[Owed, str]:
    """Owe one answer; return it and its link, born `sending` if that has room."""
    to = told.to or sender
    own = to is None or (sender is not None and to.account == sender.account)
    # Answers go to the phone that asked, which is one of the member's own.
    phone = told.phone or (text.phone if own or to is None else to.phone)
    if phone is None:
        raise AssertionError("a reply is owed to nobody")
    voice = house.voice
    if to is not None and to.language != voice.language:
        voice = replace(voice, language=to.language)
    name = name_of(type(told.reply))
    back = text.way_out if phone == text.phone else ""
    found = text.board.choose(
        phone,
        told.cls,
        asks=asks(name),
        answers=back,
        near=text.way_out,
        guarded=not text.trusted,
    )
    # What no link carries fails when it is due, with the reason.
    link = found or ""
    owed = outbox.owe(
        tx,
        inbox=row,
        cls=told.cls,
        name=name,
        recipient=phone,
        body=render(told.reply, voice),
        link=link,
        expires_ms=tx.now_ms + _ANSWER_LIVES_MS,
        sending_run=house.run if room and link == text.way_out else None,
    )
    return owed, link


def bury(tx: Tx, house: House, text: Text, error: str) -> Answered:
    """Keep a text that our own fault kept from being answered, and say so."""
    row = inbox.seen(tx, text.key)
    if row is not None:
        return Answered(outcome=str(row["outcome"]), fresh=False)
    sender = None if text.phone is None else members.by_phone(tx, text.phone)
    result = Result(told=())
    if sender is not None:
        result = say(Failed(money=handlers.about_money(text.reading.said)))
    return keep(tx, house, text, sender, result, 0, error=error)
