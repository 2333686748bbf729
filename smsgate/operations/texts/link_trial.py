"""One text over one link, followed until it is there or it is known why not.

What comes in: a link's name and a phone, perhaps words. What goes out: how far the text
came, and a sentence that says what that means. It is owed like any receipt, bound to
that link, and gives itself up after a minute, so that none comes as a surprise later.
The link may be of any kind: what it cannot tell (a report) is not waited for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modem.text import segments
from smsgate.clock import SECOND_MS
from smsgate.messages import outbox
from smsgate.messages.outbox import Class, State
from smsgate.operations.desk import Answer, NotReached, OperationRefused
from smsgate.phone import e164

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Live
    from smsgate.operations.requests import LinkTest
    from smsgate.store import Row

#: So long it may wait for its link. Less than the minute after which a text that nobody
#: answered would go once more.
SEND_S = 55
#: So long it may be on the wire, and its report on the way back.
WIRE_S = 120
REPORT_S = 60
#: How often it is looked at.
LOOK_S = 0.2
#: A longer text costs more than a test is worth.
_SEGMENTS_MAX = 3
_WORDS = {
    "es": "{network}: prueba del enlace {link}. No hace falta responder.",
    "en": "{network}: test of link {link}. No answer is needed.",
}
_ROW = "SELECT state, via, error FROM outbox WHERE id = :id"
_ENDS = (
    State.delivered,
    State.failed,
    State.expired,
    State.unsure,
    State.withdrawn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """How far it is."""

    state: State
    via: str
    error: str
    seconds: float


async def run(desk: Desk, request: LinkTest) -> Answer:
    """Send a test text and follow it."""
    live, to, text = _asked(desk, request)
    reports = live.capabilities()[request.name].report
    expires_s = SEND_S
    owed = await desk.store.write(
        lambda tx: outbox.owe(
            tx,
            inbox=None,
            cls=Class.receipt,
            name="link_test",
            recipient=to,
            body=text,
            link=request.name,
            expires_ms=tx.now_ms + expires_s * SECOND_MS,
        )
    )
    live.texts_owed()
    seen = await _follow(desk, owed.id, reports=reports)
    good, sentence = _verdict(seen, request.name, to, reports=reports)
    return Answer(
        document={
            "link": request.name,
            "to": to,
            "id": owed.id,
            "state": str(seen.state),
            "seconds": round(seen.seconds, 1),
            "told": sentence,
        },
        exit_code=0 if good else 1,
    )


def _asked(desk: Desk, request: LinkTest) -> tuple[Live, str, str]:
    """Return the daemon, the phone and the words, once all can be used."""
    live = desk.live
    if live is None:
        raise NotReached("a link is tested by the daemon: start it with `smsgate run`")
    can = live.capabilities().get(request.name)
    if can is None:
        names = ", ".join(live.capabilities())
        hint = f"use one of {names}" if names else "add it to the configuration"
        raise OperationRefused(f"there is no link {request.name}: {hint}")
    if not can.send:
        raise OperationRefused(f"link {request.name} receives only: test another")
    to = e164(request.to, desk.config.network.country)
    if to is None:
        raise OperationRefused(f"{request.to!r} is no phone: write it with its country")
    state = live.link_states()[request.name]
    if not state.sends:
        raise OperationRefused(
            f"link {request.name} is {state.status}: "
            f"{state.reason or 'wait a moment and try again'}"
        )
    network = desk.config.network
    words = _WORDS[network.language].format(network=network.name, link=request.name)
    text = request.text or words
    if segments(text).segments > _SEGMENTS_MAX:
        raise OperationRefused(f"the text takes more than {_SEGMENTS_MAX} SMS: cut it")
    return live, to, text


async def _follow(desk: Desk, row_id: int, *, reports: bool) -> _Seen:
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    sent_s: float | None = None
    while True:
        row = desk.store.peek.one(_ROW, {"id": row_id})
        if row is None:
            raise AssertionError("an outbox row vanished")
        taken_s = loop.time() - begun_s
        seen = _seen(row, taken_s)
        if seen.state is State.sent and sent_s is None:
            sent_s = taken_s
        waited_s = taken_s - (sent_s or 0.0)
        if seen.state in _ENDS or _enough(seen.state, waited_s, reports=reports):
            return seen if sent_s is None else _since(seen, sent_s)
        _tell(desk, seen.state, waited_s)
        await asyncio.sleep(LOOK_S)


def _seen(row: Row, seconds: float) -> _Seen:
    return _Seen(
        state=State(row["state"]),
        via=str(row["via"]),
        error=str(row["error"]),
        seconds=seconds,
    )


def _since(seen: _Seen, sent_s: float) -> _Seen:
    """Count until it was sent, where nothing better is known."""
    seconds = sent_s if seen.state is State.sent else seen.seconds
    return _Seen(state=seen.state, via=seen.via, error=seen.error, seconds=seconds)


def _enough(state: State, waited_s: float, *, reports: bool) -> bool:
    match state:
        case State.sent:
            return not reports or waited_s >= REPORT_S
        case State.queued:
            # Whatever should give it up has its own pace.
            return waited_s >= SEND_S + REPORT_S
        case _:
            return waited_s >= WIRE_S


def _tell(desk: Desk, state: State, waited_s: float) -> None:
    match state:
        case State.sent:
            desk.progress("sent; waiting for its report, seconds", int(waited_s), 0)
        case State.sending:
            desk.progress("on its way, seconds", int(waited_s), 0)
        case _:
            desk.progress("waiting for the link, seconds", int(waited_s), 0)


def _verdict(seen: _Seen, name: str, to: str, *, reports: bool) -> tuple[bool, str]:
    """Say whether the link works, and what the outcome means."""
    why = f" ({seen.error})" if seen.error else ""
    if seen.via not in ("", name):
        return False, (
            f"It went over {seen.via}, because {name} could not take it{why}: see "
            "`smsgate link list`."
        )
    match seen.state:
        case State.delivered:
            return True, f"It arrived at {to} after {seen.seconds:.1f} s."
        case State.sent if reports:
            return True, (
                f"The network took it after {seen.seconds:.1f} s, and no report came "
                f"in {REPORT_S} s: look at the phone; some operators send none."
            )
        case State.sent:
            return True, (
                f"The far side took it after {seen.seconds:.1f} s; this link does not "
                "tell whether it arrives: look at the phone."
            )
        case State.failed:
            return False, f"It was refused{why}: see to that and try again."
        case State.unsure:
            return False, (
                f"Nobody said whether it was sent{why}: look at the phone before you "
                "try again."
            )
        case State.queued | State.expired | State.withdrawn:
            return False, (
                f"It could not be sent in {SEND_S} s{why}: see `smsgate link list`."
            )
        case State.sending:
            return False, (
                f"It has been on the wire for {WIRE_S} s: `smsgate outbox list` tells "
                "what becomes of it."
            )
