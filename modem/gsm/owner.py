"""The thread that owns a modem: connects, works, reconnects, until it is stopped.

What comes in: jobs to send and what the house said to offers, from the event loop.
What goes out, into the event loop: offers, settled jobs, the state of the link. All AT
commands of one modem are written by this one thread, so that nothing slips between a
command and its PDU. Sending comes first: between two texts at most one other exchange
is made, or what costs little beside a slow send, and the house is never waited for.
What it does over one connection is in `modem.gsm.session`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from gsmmodem.exceptions import (
    GsmModemException,
    PinRequiredError,
    PukRequiredError,
    TimeoutException,
)

from modem.errors import LinkDown, LinkError
from modem.gsm.airtime import Airtime
from modem.gsm.faults import translate
from modem.gsm.notices import Notices
from modem.gsm.past import Past
from modem.gsm.pin import PinLatch
from modem.gsm.port import Port, Stopped
from modem.gsm.ports import Search
from modem.gsm.sending import Job, send
from modem.gsm.session import Session
from modem.gsm.shelf import Shelf
from modem.gsm.watch import Watch
from modem.link import Able, LinkState, LinkStatus, Sent

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from collections.abc import Callable

    from modem.gsm.offers import Offer
    from modem.gsm.settings import Clock, GsmSettings

log = logging.getLogger(__name__)

#: How often a port that is not there is looked for.
_LOOK_S = 0.2
#: Reading may take this much of the time that the send before it took.
_READING_SHARE = 0.1
_STOPPED = "the link was stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """Why a connection ended."""

    reason: str
    #: The SIM asks for a code, which only a person can give.
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The event loop, and what is called there."""

    loop: AbstractEventLoop
    #: There is something for the house.
    offered: Callable[[list[Offer]], None]
    changed: Callable[[LinkState], None]
    #: The thread ends; it does nothing more.
    ended: Callable[[], None]

    def tell(self, call: Callable[..., None], *values: object) -> None:
        """Have this called in the event loop, unless that is closed already."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(call, *values)


class Owner:
    """One modem and its thread; used once."""

    def __init__(
        self,
        name: str,
        settings: GsmSettings,
        clock: Clock,
        *,
        latch: PinLatch,
        front: Front,
    ) -> None:
        """Prepare it; `start` starts the thread."""
        self._name = name
        self._settings = settings
        self._clock = clock
        self._latch = latch
        self._front = front
        self._lock = threading.Lock()
        self._jobs: deque[Job] = deque()
        #: Why no job is taken; empty while jobs are.
        self._refusal = "the link is being connected"
        self._done: deque[tuple[Offer, bool]] = deque()
        self._under_way: set[bytes] = set()
        self._past = Past(settings)
        #: Messages of the last connection that the modem did not store.
        self._unstored: list[bytes] = []
        self._state = LinkState(status=LinkStatus.starting)
        self._connection = 0
        self._airtime = Airtime(settings, clock.monotonic)
        self._watch = Watch(settings)
        self._stop_r, self._stop_w = os.pipe()
        self._wake_r, self._wake_w = os.pipe()
        os.set_blocking(self._wake_w, False)
        self._search = Search(settings.port, settings.imei, settings.baud, self._stop_r)
        self._thread = threading.Thread(
            target=self._run, name=f"link {name}", daemon=True
        )

    # From the event loop

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Have the thread end soon; `ended` is called when it does."""
        os.write(self._stop_w, b"\0")

    def close(self) -> None:
        """Wait for the thread to end, and free what it used."""
        self._thread.join()
        for handle in (self._stop_r, self._stop_w, self._wake_r, self._wake_w):
            os.close(handle)

    def submit(self, job: Job) -> None:
        """Queue a job.

        Raises:
            LinkDown: texts cannot be sent now.
        """
        with self._lock:
            if self._refusal:
                raise LinkDown(self._refusal)
            self._jobs.append(job)
        self._wake()

    def done(self, offer: Offer, kept: bool) -> None:  # noqa: FBT001 - an answer
        """Take note of what the house said to an offer."""
        self._done.append((offer, kept))
        self._wake()

    def _wake(self) -> None:
        # A full pipe wakes the thread just as well.
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_w, b"\0")

    # The thread

    def _run(self) -> None:
        delay_s = self._settings.reconnect_s
        try:
            while True:
                before = self._connection
                end = self._connect()
                self._refuse(end.reason)
                self._publish(end)
                if self._connection > before:
                    delay_s = self._settings.reconnect_s
                wait_s = self._settings.locked_s if end.locked else delay_s
                delay_s = min(delay_s * 2, self._settings.reconnect_max_s)
                if self._appeared(wait_s):
                    delay_s = self._settings.reconnect_s
        except Stopped:
            pass
        finally:
            self._refuse(_STOPPED)
            self._front.tell(self._front.ended)

    def _connect(self) -> _End:
        """Work over one connection until it ends, and tell why it did.

        Raises:
            Stopped: the link is being stopped.
        """
        notices = Notices()
        try:
            path = self._search.next()
        except LinkDown as error:
            return _End(reason=str(error), locked=False)
        port = Port(path, self._settings, notices=notices, stop=self._stop_r)
        try:
            port.open(self._latch)
            self._work(port, notices)
        except Stopped:
            raise
        except (PinRequiredError, PukRequiredError) as error:
            return _End(reason=str(translate(error)), locked=True)
        except Exception as error:  # noqa: BLE001 - the library raises anything
            if self._latch.reason and isinstance(error, GsmModemException):
                return _End(reason=self._latch.reason, locked=True)
            known = error if isinstance(error, LinkError) else translate(error)
            if not isinstance(error, (LinkError, GsmModemException, OSError)):
                log.warning("link %s: %s", self._name, _where(error))
            return _End(reason=f"{known} ({port.port})", locked=False)
        finally:
            with contextlib.suppress(Exception):
                port.close()

    def _appeared(self, seconds: float) -> bool:
        """Wait, or until a port is there that was not: which of the two is told.

        Raises:
            Stopped: the link is being stopped.
        """
        end_s = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self._stop_r, select.POLLIN)
        before = self._search.here()
        while (left_s := end_s - time.monotonic()) > 0:
            if poll.poll(min(left_s, _LOOK_S) * 1000):
                raise Stopped
            if self._search.here() - before:
                return True
        return False

    def _work(self, port: Port, notices: Notices) -> NoReturn:
        shelf = Shelf(
            self._name,
            self._settings,
            self._clock,
            past=self._past,
            under_way=self._under_way,
        )
        session = Session(
            self._settings, port, notices, shelf, self._airtime, self._watch
        )
        session.set_up()
        self._connection += 1
        for pdu in self._unstored:
            shelf.direct(pdu)
        try:
            self._turn(session, shelf, port)
        finally:
            self._unstored = shelf.unstored()

    def _turn(self, session: Session, shelf: Shelf, port: Port) -> NoReturn:
        """Send, ask, offer, wait, until the connection is lost."""
        while True:
            self._show(session)
            self._settle(shelf)
            begun_s = time.monotonic()
            sent = self._send_one(port)
            took_s = time.monotonic() - begun_s
            worked = self._read(session, port, took_s * _READING_SHARE)
            if port.lost is not None:
                raise port.lost
            offered = self._offer(session)
            if not (sent or worked or offered or self._jobs) and session.idle:
                self._show(session)
                self._publish_state(session.state)
                session.wait(self._wake_r)
                self._drain()

    def _read(self, session: Session, port: Port, budget_s: float) -> bool:
        """Make one exchange; where sending takes long, as many as cost it little.

        Else a text that comes in the middle of a campaign waits for several sends, one
        for each step of reading it.
        """
        end_s = time.monotonic() + budget_s
        worked = port.lost is None and session.work()
        more = worked
        while more and port.lost is None and time.monotonic() < end_s:
            more = session.work()
        return worked

    def _drain(self) -> None:
        """Use up what woke the thread."""
        poll = select.poll()
        poll.register(self._wake_r, select.POLLIN)
        if poll.poll(0):
            os.read(self._wake_r, 4_096)

    def _show(self, session: Session) -> None:
        """Tell the house how the link is, and take jobs while it can send."""
        state = session.state
        with self._lock:
            self._refusal = "" if session.registered else state.reason
        if not session.registered:
            self._fail_jobs(state.reason)
        if (state.status, state.reason) != (self._state.status, self._state.reason):
            self._publish_state(state)

    def _send_one(self, port: Port) -> bool:
        with self._lock:
            job = self._jobs.popleft() if self._jobs else None
        if job is None or job.abandoned:
            return job is not None
        try:
            sent = send(port, job.submits)
        except LinkError as error:
            if isinstance(error.__cause__, TimeoutException):
                self._watch.unanswered()
            else:
                self._watch.answered()
            self._front.tell(_fail, job.outcome, error)
        else:
            self._watch.answered()
            self._front.tell(_succeed, job.outcome, sent)
        return True

    def _settle(self, shelf: Shelf) -> None:
        while self._done:
            offer, kept = self._done.popleft()
            self._under_way.discard(offer.key)
            if offer.parts is not None:
                self._past.settled(offer.parts, kept=kept)
            if offer.connection == self._connection:
                shelf.settle(offer, kept=kept)

    def _offer(self, session: Session) -> bool:
        offers = session.offers()
        for offer in offers:
            offer.connection = self._connection
        if offers:
            self._front.tell(self._front.offered, offers)
        return bool(offers)

    def _refuse(self, reason: str) -> None:
        with self._lock:
            self._refusal = reason
        self._fail_jobs(reason)

    def _fail_jobs(self, reason: str) -> None:
        with self._lock:
            jobs, self._jobs = self._jobs, deque()
        for job in jobs:
            self._front.tell(_fail, job.outcome, LinkDown(reason))

    def _publish(self, end: _End) -> None:
        """Tell why there is no connection: a locked SIM is no missing modem."""
        state = LinkState(
            status=LinkStatus.degraded if end.locked else LinkStatus.down,
            reason=f"{end.reason[:1].upper()}{end.reason[1:]}.",
            imei=self._state.imei,
            able=Able.no,
        )
        self._publish_state(state)

    def _publish_state(self, state: LinkState) -> None:
        if state != self._state:
            self._state = state
            self._front.tell(self._front.changed, state)


def _succeed(outcome: Future[Sent], sent: Sent) -> None:
    if not outcome.done():
        outcome.set_result(sent)


def _fail(outcome: Future[Sent], error: LinkError) -> None:
    if not outcome.done():
        outcome.set_exception(error)


def _where(error: BaseException) -> str:
    """Name an error and its place, and not its words, which may hold a text."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"
