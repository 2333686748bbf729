"""One connection to one modem, one exchange at a time.

What comes in: an open port. What goes out: listings onto the shelf, offers to the
house, emptied slots, and what is known of the network. Each call of `work` asks the
modem one thing at most, so that a text to be sent never waits for more than that. What
the modem says unasked only makes it look sooner. Run by `modem.gsm.owner`.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, NoReturn

from gsmmodem.exceptions import CommandError, GsmModemException, TimeoutException
from serial import SerialException

from modem.errors import LinkDown
from modem.gsm import at, ussd
from modem.gsm.faults import SIM_LOST
from modem.gsm.imei import imei_of, refuse_another
from modem.gsm.watch import RESTART
from modem.link import Able, LinkState, LinkStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from modem.gsm.airtime import Airtime
    from modem.gsm.notices import Notices
    from modem.gsm.offers import Offer
    from modem.gsm.port import Port
    from modem.gsm.settings import GsmSettings
    from modem.gsm.shelf import Shelf
    from modem.gsm.watch import Watch

log = logging.getLogger(__name__)

_REGISTERED = frozenset({1, 5})
_NOT_REGISTERED = {
    0: "The modem looks for no network; see to the antenna and the SIM.",
    2: "The modem looks for a network; see to the antenna if this lasts.",
    3: "The network refuses this SIM; ask the operator.",
}
_NO_SMSC = (
    "The SIM has no number of a service centre; set it in a phone (the operator tells "
    "it)."
)
_UNKNOWN = "The modem does not know whether it has a network; see to the antenna."
#: Memories of reports, of cell broadcasts, and names for several memories in one.
_NO_TEXTS = frozenset({"SR", "BM", "MT"})
_REPORTS = "SR"
#: From here on the operator is warned: four fifths.
_FULL = 0.8
#: As many failures in a row end the connection.
_FAILURES_MAX = 3


class Session:
    """What is going on over one port."""

    def __init__(
        self,
        settings: GsmSettings,
        port: Port,
        notices: Notices,
        shelf: Shelf,
        airtime: Airtime,
        watch: Watch,
    ) -> None:
        """Begin; `set_up` comes next."""
        self._airtime = airtime
        self._watch = watch
        self._smsc: str | None = None
        self._settings = settings
        self._port = port
        self._notices = notices
        self._shelf = shelf
        self._imei = ""
        self._registration: int | None = None
        self._signal_dbm: int | None = None
        self._totals: dict[str, int] = {}
        self._used: dict[str, int] = {}
        self._lingering: dict[str, int] = {}
        self._chosen = ""
        #: Memories to be listed, in order.
        self._wanted: dict[str, None] = {}
        self._unlisted: set[str] = set()
        self._questions: deque[Callable[[], None]] = deque()
        self._failures = 0
        #: Troubles of memories that are in the log already.
        self._complained: set[str] = set()
        self._poll_at_s = self._beat_at_s = 0.0

    def set_up(self) -> None:
        """Ask who the modem is and what it has.

        Raises:
            LinkDown: it is another modem than was asked for.
            CommandError: it refuses what it must be able to do.
        """
        self._imei = imei_of(self._try("AT+CGSN"))
        refuse_another(self._imei, self._settings.imei)
        # Programs before us may have left UCS2, in which USSD and numbers are garbled.
        self._try('AT+CSCS="GSM"')
        self._try("AT+CREG=1")
        self._smsc = at.service_centre(self._try("AT+CSCA?"))
        self._ask_registration()
        self._ask_signal()
        readable, receiving = at.memories(self._port.ask("AT+CPMS=?"))
        found = [m for m in readable if m in receiving and m not in _NO_TEXTS]
        # Where only the name for all memories is known, that one is read.
        found = found or [memory for memory in readable if memory == "MT"]
        if _REPORTS in readable:
            found.append(_REPORTS)
        self._totals = dict.fromkeys(found, 0)
        self._unlisted = set(found)
        self._wanted = dict.fromkeys(found)
        now_s = time.monotonic()
        self._poll_at_s = now_s + self._settings.poll_s
        self._beat_at_s = now_s + self._settings.heartbeat_s

    def _try(self, command: str) -> list[str]:
        """Ask what a modem need not know."""
        try:
            return self._port.ask(command)
        except CommandError:
            return []

    @property
    def registered(self) -> bool:
        """Whether texts can be sent."""
        return self._registration in _REGISTERED

    @property
    def state(self) -> LinkState:
        """How the link is."""
        reason, able = "", Able.partly
        if not self.registered:
            reason = _NOT_REGISTERED.get(self._registration or 0, _UNKNOWN)
            able = Able.no
        elif self._smsc == "":
            reason = _NO_SMSC
        elif not self._totals:
            reason = "The modem does not let stored texts be read; use another one."
        elif (crowded := self._crowded()) is not None:
            reason = (
                f"Memory {crowded} holds {self._used[crowded]} of "
                f"{self._totals[crowded]} texts that cannot be handled or deleted; see "
                "the log, and empty the SIM in a phone if this lasts."
            )
        else:
            reason, able = self._airtime.warning, Able.fully
        return LinkState(
            status=LinkStatus.degraded if reason else LinkStatus.up,
            reason=reason,
            signal_dbm=self._signal_dbm,
            imei=self._imei,
            slots=self._slots(),
            port=self._port.port,
            smsc=self._smsc or "",
            airtime=self._airtime.told_amount,
            airtime_low=self._airtime.low,
            able=able,
        )

    def _crowded(self) -> str | None:
        """A memory that stays nearly full although it was looked into before."""
        for memory, lingering in self._lingering.items():
            total = self._totals[memory]
            if memory != _REPORTS and total and lingering >= total * _FULL:
                return memory
        return None

    def _slots(self) -> tuple[int, int] | None:
        """Slots used and there, of the fullest memory for texts."""
        known = [
            (used, self._totals[memory])
            for memory, used in self._used.items()
            if memory != _REPORTS and self._totals[memory]
        ]
        return max(known, key=lambda pair: pair[0] / pair[1], default=None)

    def offers(self) -> list[Offer]:
        """What the house can be offered; nothing before every memory was listed once.

        Texts of one sender may lie in two memories.
        """
        return [] if self._unlisted else self._shelf.offers()

    def work(self) -> bool:
        """Ask the modem the most urgent thing; False when there is none.

        Raises:
            CommandError: it goes on refusing; connect anew.
            TimeoutException: it goes on saying nothing.
        """
        self._act_on_notices()
        now_s = time.monotonic()
        if now_s >= self._poll_at_s:
            self._poll_at_s = now_s + self._settings.poll_s
            self._wanted |= dict.fromkeys(self._totals)
        if now_s >= self._beat_at_s and not self._questions:
            self._beat_at_s = now_s + self._settings.heartbeat_s
            self._questions.extend((self._ask_registration, self._ask_signal))
        if self._airtime.due and not self._questions:
            self._questions.append(self._ask_airtime)
        if why := self._watch.wants_restart:
            self._restart(why)
        if slot := self._shelf.next_deletion(self._chosen):
            self._at(slot[0], lambda: self._delete(slot))
        elif self._questions:
            self._guarded(self._questions.popleft(), "")
        elif memory := self._next_wanted():
            self._at(memory, lambda: self._list(memory))
        else:
            return False
        return True

    def _next_wanted(self) -> str:
        """A memory to be listed; the chosen one if it is wanted."""
        if self._chosen in self._wanted:
            return self._chosen
        return next(iter(self._wanted), "")

    def _at(self, memory: str, step: Callable[[], None]) -> None:
        """Take a step in a memory, or choose the memory first, which is a step too."""
        if memory == self._chosen:
            self._guarded(step, memory)
        else:
            self._guarded(lambda: self._choose(memory), memory)

    def _guarded(self, step: Callable[[], None], memory: str) -> None:
        try:
            step()
        except (CommandError, TimeoutException) as error:
            self._failures += 1
            sim_lost = getattr(error, "code", None) in SIM_LOST
            if self._port.lost or sim_lost or self._failures >= _FAILURES_MAX:
                raise
            self._complain(f"memory {memory} cannot be used")
            # Not at once: the next poll asks again.
            self._wanted.pop(memory, None)
            self._unlisted.discard(memory)
            self._chosen = ""
        else:
            self._failures = 0

    def _complain(self, trouble: str) -> None:
        """Log a trouble once a connection: what stays is met again at every poll."""
        if trouble not in self._complained:
            self._complained.add(trouble)
            log.warning("gsm: %s; it is tried again", trouble)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to be asked now."""
        doomed = self._shelf.next_deletion(self._chosen)
        return doomed is None and not self._wanted and not self._questions

    def wait(self, wake: int) -> None:
        """Wait until something is to be done, or `wake` is readable."""
        due_s = min(self._poll_at_s, self._beat_at_s) - time.monotonic()
        self._port.listen(min(due_s, self._shelf.due_s()), wake)

    def _act_on_notices(self) -> None:
        notices = self._notices
        for memory in notices.memories:
            known = memory in self._totals
            self._wanted |= dict.fromkeys([memory] if known else self._totals)
        notices.memories.clear()
        while notices.direct:
            self._shelf.direct(notices.direct.popleft())
        while notices.ussd:
            self._take_ussd(notices.ussd.popleft())
        if notices.registration is not None:
            status, notices.registration = notices.registration, None
            if status in _REGISTERED:
                self._registration = status
            elif not self._questions:
                # An LTE modem may have lost nothing but its old network.
                self._questions.append(self._ask_registration)

    def _choose(self, memory: str) -> None:
        told = at.usage(self._port.ask(f'AT+CPMS="{memory}"'))
        self._chosen = memory
        if told is not None:
            self._totals[memory] = told[1]

    def _list(self, memory: str) -> None:
        # Before the answer: a text that comes meanwhile is told, and listed next time.
        self._wanted.pop(memory, None)
        # A full SIM is read slowly.
        lines = self._port.ask("AT+CMGL=4", 4 * self._settings.answer_s)
        listed = at.listing(lines)
        self._used[memory] = len(listed)
        total = self._totals[memory] or len(listed)
        self._lingering[memory] = self._shelf.listed(memory, total, listed)
        self._unlisted.discard(memory)

    def _delete(self, slot: tuple[str, int]) -> None:
        self._shelf.forget(slot)
        try:
            self._port.ask(f"AT+CMGD={slot[1]}")
        except CommandError as error:
            if error.code in SIM_LOST:
                raise
            self._complain(f"slots of {slot[0]} cannot be emptied")
            return
        self._used[slot[0]] = max(0, self._used.get(slot[0], 0) - 1)

    def _ask_registration(self) -> None:
        """Ask in the words of each kind of network until one has us."""
        for name in ("+CREG", "+CGREG", "+CEREG"):
            told = [at.registration(line) for line in self._try(f"AT{name}?")]
            # A notice may stand beside the answer; what was said last is true.
            status = told[-1] if told else None
            if self._registration is None or name == "+CREG":
                self._registration = status
            if status in _REGISTERED:
                self._registration = status
                self._watch.network(there=True)
                return
        soon_s = time.monotonic() + self._settings.poll_s
        self._beat_at_s = min(self._beat_at_s, soon_s)

        self._watch.network(there=False)

    def _ask_signal(self) -> None:
        self._signal_dbm = at.signal_dbm(self._try("AT+CSQ"))

    def _ask_airtime(self) -> None:
        """Dial the operator's code; its answer is most likely a notice later."""
        code = self._airtime.ask()
        if not code:
            return
        try:
            told = ussd.dial(self._port, code)
        except CommandError as error:
            self._airtime.unread(f"the modem cannot dial the code ({error})")
            return
        if told:
            self._take_ussd(told)

    def _take_ussd(self, told: str) -> None:
        answer = ussd.read(told)
        if answer.open:
            self._questions.append(lambda: ussd.hang_up(self._port))
        self._airtime.told(answer)

    def _restart(self, why: str) -> NoReturn:
        """Restart the modem, which ends the connection.

        Raises:
            LinkDown: always.
        """
        log.warning("gsm: the modem at %s is restarted: %s", self._port.port, why)
        self._watch.restarted()
        # It may be gone before it answers, or know no restart.
        with contextlib.suppress(GsmModemException, SerialException, OSError):
            self._port.ask(RESTART)
        raise LinkDown(f"the modem was restarted, because {why}; it is connected anew")
