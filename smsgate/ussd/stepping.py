"""One step of a session, inside its transaction: from the screen it is at to the next.

What comes in: a `Dial`, and what was found out about the PIN in it. What goes out: a
`Screen`, kept together with where the session stands and with whatever was done. A
step that was answered before gets its screen again and does nothing. A screen that
cannot use an answer is shown again, three times; `0` leads back, `00` out. What was
dialled at once (`*384*1*20417*25*50#`) is walked part by part, up to the PIN and never
past it. PINs are asked for in `smsgate.ussd.proving`, results shown by
`smsgate.ussd.finishing`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.command import Pay
from commands.replies import name_of
from commands.reply import NoPinYet, NotMember, Page, PinAsked, SessionOver
from smsgate import handlers, members
from smsgate.gateway.unasked.noticing import owe_notices
from smsgate.handlers import Case, Timing
from smsgate.handlers.menu.tree import TREE, Asked, Asks
from smsgate.handlers.menu.walking import Ends, Goes, walk
from smsgate.handlers.pay_in_session import before_pin
from smsgate.members.pins import Checked
from smsgate.messages import inbox, sessions
from smsgate.messages.sessions import LIVES_MS, Session, Step
from smsgate.ussd.finishing import finish, turn_page
from smsgate.ussd.moving import again, close, show
from smsgate.ussd.proving import ABOVE, answer_pin, begin_change
from smsgate.ussd.showing import screen
from smsgate.ussd.step import PINS, SHOWN, Screen, Visit

if TYPE_CHECKING:
    from commands.reply import Reply, Voice
    from smsgate.gateway.answering import House
    from smsgate.members import Member, Till
    from smsgate.store import Query, Tx
    from smsgate.ussd.step import Dial, Entry, Evidence

_BACK, _OUT = "0", "00"
_GO_ON, _ANEW = "1", "2"
#: A session is not gone on with from here: there is nothing in it yet.
_NOTHING_YET = frozenset({Page.root, Page.till, Page.resume})
#: Units and hundredths, as a dial string parts them.
_AMOUNT_PARTS = 2


def take_step(
    tx: Tx, house: House, dial: Dial, evidence: Evidence | None = None
) -> Screen:
    """Answer one step.

    Raises:
        PinWanted: check the PIN and begin again.
        Stale: something moved since it was checked; begin again.
    """
    now = sessions.find(tx, dial.link, dial.session)
    if now is not None and now.phone != dial.phone:
        # Nothing of it is kept: the session goes on for whoever began it.
        return _left(house.voice)
    known = sessions.seen(tx, dial.key)
    if known is not None:
        return Screen(
            text=known.screen, ends=known.ends, outcome="seen_again", fresh=False
        )
    shown = sessions.receipts(tx, dial.link, dial.session)
    answered = _answer(tx, house, dial, now, evidence)
    # Whoever answers a screen has seen it.
    sessions.withdraw(tx, dial.link, dial.session, shown)
    step = Step(screen=answered.text, ends=answered.ends)
    sessions.keep_step(tx, dial.key, step)
    return answered


def break_off(
    tx: Tx, house: House, dial: Dial, reply: Reply, fault: str = ""
) -> Screen:
    """End a session whose step could not be done; `fault`: what of ours kept it.

    A fault is kept in the inbox like that of a text, for somebody to look at.
    """
    known = sessions.seen(tx, dial.key)
    if known is not None:
        return Screen(
            text=known.screen, ends=known.ends, outcome="seen_again", fresh=False
        )
    sender, _ = _who(tx, dial.phone)
    now = sessions.find(tx, dial.link, dial.session)
    if now is not None and now.phone == dial.phone:
        sessions.keep(tx, replace(now, over=True))
    language = house.voice.language if sender is None else sender.language
    outcome = name_of(type(reply))
    if fault:
        inbox.keep(
            tx,
            key=dial.key,
            text_mac=dial.key,
            link=dial.link,
            sender=dial.phone or "",
            account=None if sender is None else sender.account,
            sent_ms=tx.now_ms,
            command="",
            outcome=outcome,
            state=inbox.State.dead,
            body="USSD",
            transfer=None,
            error=fault,
        )
    text = screen(reply, replace(house.voice, language=language))
    sessions.keep_step(tx, dial.key, Step(screen=text, ends=True))
    return Screen(text=text, ends=True, outcome=outcome)


def _answer(
    tx: Tx, house: House, dial: Dial, now: Session | None, evidence: Evidence | None
) -> Screen:
    sender, till = _who(tx, dial.phone)
    if sender is None or dial.phone is None:
        stranger = NotMember()
        text = screen(stranger, house.voice)
        return Screen(text=text, ends=True, outcome=name_of(NotMember))
    # A number that was silent for long pays little, however it is heard again.
    case, told = handlers.woken(_case(tx, house, dial, sender, evidence))
    owe_notices(tx, house.voice, told)
    visit = Visit(
        case=case,
        dial=dial,
        voice=replace(house.voice, language=sender.language),
        session=now or _begun(dial, dial.phone),
        till=till,
        evidence=evidence,
    )
    if now is None:
        # A session that was forgotten may be told again from its end.
        replayed = inbox.seen(tx, dial.key) is not None
        return close(visit, SessionOver()) if replayed else _open(visit)
    if now.over or tx.now_ms - now.at_ms > LIVES_MS:
        return _left(visit.voice)
    return _next(visit, dial.entry)


def _who(q: Query, phone: str | None) -> tuple[Member | None, Till | None]:
    """Return the member whose phone it is, or the owner of the till that it is."""
    if phone is None:
        return None, None
    sender = members.by_phone(q, phone)
    if sender is not None:
        return sender, None
    till = members.till_by_phone(q, phone)
    owner = None if till is None else members.by_account(q, till.account)
    return (None if owner is None else replace(owner, phone=phone)), till


def _case(
    tx: Tx, house: House, dial: Dial, sender: Member, evidence: Evidence | None
) -> Case:
    case = Case(
        tx=tx,
        policy=house.policy,
        sender=sender,
        link=dial.link,
        trusted=dial.trusted,
        sent_ms=tx.now_ms,
        timing=Timing.fresh,
        evidence=evidence if isinstance(evidence, Checked) else None,
        paper=house.paper,
        phone=dial.phone or sender.phone,
    )
    return handlers.lifted(case)


def _begun(dial: Dial, phone: str) -> Session:
    return Session(
        link=dial.link,
        session=dial.session,
        phone=phone,
        code=dial.code,
        page=Page.root,
        detail={},
    )


def _left(voice: Voice) -> Screen:
    """Answer a session that is over, or somebody else's, and change nothing."""
    text = screen(SessionOver(), voice)
    return Screen(text=text, ends=True, outcome=name_of(SessionOver))


# ---- the first step


def _open(visit: Visit) -> Screen:
    """Open a session: where it was cut off, at the root, or where was dialled to."""
    if visit.dial.parts:
        return _dialled(visit)
    if _cut_off(visit) is not None:
        return show(visit, Page.resume, {})
    return show(visit, visit.home, {})


def _dialled(visit: Visit) -> Screen:
    """Walk what was dialled at once, as far as it leads and never past a PIN."""
    page, parts = visit.home, visit.dial.parts
    detail: dict[str, object] = {}
    at: Visit = visit
    while parts and page in TREE:
        node = TREE[page]
        if isinstance(node, Asks) and node.asked is Asked.amount:
            entry, parts = _amount(visit.dial, parts), ()
        else:
            entry, parts = visit.dial.read(parts[0]), parts[1:]
        at = replace(visit, session=replace(visit.session, page=page, detail=detail))
        way = None
        if entry is not None and entry.bare is not None:
            way = walk(visit.case.tx, page, detail, entry.bare)
        if way is None:
            return again(at, page)
        if isinstance(way, Ends):
            return _end(at, way)
        page, detail = way.page, dict(way.detail)
    return show(at, page, detail)


def _amount(dial: Dial, parts: tuple[str, ...]) -> Entry | None:
    """Read a dialled amount: units, and all digits of the hundredths or none."""
    if len(parts) == 1:
        return dial.read(parts[0])
    units, hundredths = parts[0], parts[1]
    whole = len(parts) == _AMOUNT_PARTS and len(hundredths) == dial.decimals
    if not whole or not (units + hundredths).isdecimal():
        return None
    return dial.read(f"{units}{dial.decimal}{hundredths}")


# ---- the steps after it


def _next(visit: Visit, entry: Entry) -> Screen:
    """Answer the screen that the session is at."""
    if entry.choice == _OUT:
        return close(visit, SessionOver(done=visit.session.page == SHOWN))
    if visit.session.page == SHOWN:
        return turn_page(visit, entry.choice)
    page = Page(visit.session.page)
    if page is Page.resume:
        return _resume(visit, entry.choice)
    if entry.choice == _BACK:
        return _back(visit, page)
    if page in PINS:
        return answer_pin(visit, page, entry.secret(page))
    way = None
    if entry.bare is not None:
        way = walk(visit.case.tx, page, visit.session.detail, entry.bare)
    match way:
        case None:
            return again(visit, page)
        case Goes(page=to, detail=detail):
            return show(visit, to, detail)
        case Ends():
            return _end(visit, way)


def _back(visit: Visit, page: Page) -> Screen:
    above = ABOVE[page] if page in PINS else TREE[page].above
    if above is None:
        return close(visit, SessionOver())
    if above is Page.root:
        return show(visit, visit.home, {})
    kept = ("payee", "code") if page is Page.pay_pin else ()
    return show(visit, above, {name: visit.session.detail[name] for name in kept})


def _resume(visit: Visit, choice: str) -> Screen:
    """Go on where another session was cut off, or begin anew."""
    before = _cut_off(visit)
    if choice == _GO_ON and before is not None:
        sessions.keep(visit.case.tx, replace(before, over=True))
        page = Page(before.page)
        if page in (Page.new_pin, Page.again_pin):
            # That the old PIN or the code was right held for that session.
            return begin_change(visit)
        return show(visit, page, before.detail)
    if choice in (_GO_ON, _ANEW):
        return show(visit, visit.home, {})
    return again(visit, Page.resume)


def _cut_off(visit: Visit) -> Session | None:
    """Return the newest session of this phone that can be gone on with."""
    now_ms = visit.case.tx.now_ms
    late = sessions.cut_off(
        visit.case.tx,
        link=visit.session.link,
        phone=visit.session.phone,
        code=visit.session.code,
        now_ms=now_ms,
    )
    for one in late:
        own = one.session == visit.session.session
        if not own and one.page != SHOWN and one.page not in _NOTHING_YET:
            return one
    return None


def _end(visit: Visit, way: Ends) -> Screen:
    """Do what a branch ends in, or ask for the PIN that it needs."""
    command = way.command
    if command is None:
        return begin_change(visit)
    case = visit.case
    if visit.till is not None:
        result = handlers.handle_at_till(case, visit.till, command)
    elif isinstance(command, Pay):
        refused = before_pin(case, command)
        if refused is None:
            return show(visit, Page.pay_pin, way.detail)
        result = refused
    else:
        result = handlers.carry_out(case, command)
    reply = result.told[0].reply
    if isinstance(reply, NoPinYet) and not reply.money:
        return close(visit, reply)
    if isinstance(reply, PinAsked):
        return show(visit, Page.pin, {**way.detail, "end": way.end})
    return finish(visit, way.end, way.detail, command, result)
