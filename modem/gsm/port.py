"""The port of a modem: python-gsmmodem-new opens it, one thread talks over it.

What comes in: AT commands. What goes out: the lines of each answer. The library is
subclassed for what it does well: the settings of the port, the sequence that gets a
modem of any make ready, the SIM PIN. Its reader thread, its callbacks and its way to
send lose texts under load, so here the thread that asks also reads: a notice in an
answer, a hang-up or bytes that are no text then surprise nobody. The session over it
is `modem.gsm.session`.
"""

from __future__ import annotations

import select
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from gsmmodem.exceptions import CommandError, PukRequiredError, TimeoutException
from gsmmodem.modem import GsmModem

from modem.gsm import at
from modem.gsm.imei import imei_of, refuse_another

if TYPE_CHECKING:
    from modem.gsm.notices import Notices
    from modem.gsm.pin import PinLatch
    from modem.gsm.settings import GsmSettings
    from modem.pdu import Submit

_WRITE_S = 3.0
_CHUNK_BYTES = 65_536
#: Notices where they are wanted: texts and reports are stored and told (TS 27.005).
_CNMI = "2,1,0,2,0"
#: A question whose answer has a name, asked to find the place in the conversation.
_MARK = "AT+CMEE?"
_MARK_AGAIN_S = 0.5
#: How long a port is quiet before what was said is taken for all.
_QUIET_S = 0.3
_BUSY_TRIES = 5


class Stopped(Exception):
    """The link is being stopped."""


class Port(GsmModem):  # type: ignore[misc] # the library has no types
    """A modem at a port, used by one thread only."""

    #: For pyserial: reads never wait, because this class waits for more than bytes.
    timeout = 0

    def __init__(
        self, path: str, settings: GsmSettings, *, notices: Notices, stop: int
    ) -> None:
        """Prepare it; `stop` is a pipe that is readable once the link is stopped."""
        super().__init__(
            path,
            settings.baud,
            AT_CNMI=_CNMI,
            exclusive=True,
            write_timeout=_WRITE_S,
        )
        self._settings = settings
        self._notices = notices
        self._stop = stop
        self._lines = at.Lines()
        self._heard: deque[str] = deque()
        self._awake = False
        self._latch: PinLatch | None = None
        #: Why nothing more can be said over this port; None while it can be used.
        self.lost: Exception | None = None

    def open(self, latch: PinLatch) -> None:
        """Open the port, get the modem ready and unlock the SIM.

        Raises:
            Exception: whatever the library makes of it; see `modem.gsm.faults`.
        """
        self._latch = latch
        self.connect(latch.pin or None)

    def close(self) -> None:
        """Close the port; does nothing when it is not open."""
        if self.alive:
            super().close()

    def _readLoop(self) -> None:  # noqa: N802 - the library's name
        """Read nothing: the library starts a thread here, and it ends at once."""

    def _unlockSim(self, pin: str | None) -> None:  # noqa: N802 - the library's name
        """Unlock the SIM as the library does, if that may be tried."""
        imei = imei_of(self.write("AT+CGSN", parseError=False))
        if imei:
            refuse_another(imei, self._settings.imei)
        match self._pin_state():
            case "READY" | "SIM PIN2" | "SIM PUK2":
                # The second code guards nothing that is used here.
                return
            case "SIM PIN" if self._latch is not None:
                # Not before the modem is known: the PIN may be another SIM's.
                refuse_another(imei, self._settings.imei)
                self._latch.tried(self._tries_left())
                try:
                    super()._unlockSim(pin)
                except CommandError as error:
                    self._latch.failed(error)
                    raise
                self._latch.accepted()
            case "SIM PUK":
                raise PukRequiredError("AT+CPIN")
            case _:
                raise CommandError("AT+CPIN")

    def _pin_state(self) -> str:
        try:
            lines = self.write("AT+CPIN?", timeout=15)
        except TimeoutException as error:
            # Some makes answer this one without OK.
            lines = error.data or []
            if not lines:
                raise
        told = [line.partition(":")[2] for line in lines if line.startswith("+CPIN:")]
        return "".join(told).strip()

    def _tries_left(self) -> int | None:
        """How many tries the SIM leaves; None where the modem does not tell."""
        for command in at.TRIES:
            left = at.tries_left(self.write(command, parseError=False))
            if left is not None:
                return left
        return None

    def write(
        self,
        data: str,
        waitForResponse: bool = True,  # noqa: FBT001, FBT002, N803
        timeout: float = 10,
        parseError: bool = True,  # noqa: FBT001, FBT002, N803
        writeTerm: str = "\r",  # noqa: N803
        expectedResponseTermSeq: str | None = None,  # noqa: N803
    ) -> list[str]:
        """Ask what the library asks while it connects; nothing of it is logged."""
        if not waitForResponse or expectedResponseTermSeq or writeTerm != "\r":
            raise TypeError("only questions with an answer are asked this way")
        if not self._awake:
            self._awake = True
            self.resync()
        timeout = min(timeout, self._settings.answer_s)
        lines = self._exchange(data, timeout)
        for _ in range(_BUSY_TRIES):
            if not at.is_busy(lines[-1]):
                break
            self._wait_for_sim()
            lines = self._exchange(data, timeout)
        if parseError:
            at.raise_for(data, lines[-1])
        return lines

    def _wait_for_sim(self) -> None:
        """Give a SIM that is busy half a second."""
        poll = select.poll()
        poll.register(self._stop, select.POLLIN)
        if poll.poll(500):
            raise Stopped

    def ask(self, command: str, timeout_s: float | None = None) -> list[str]:
        """Ask a command and return the lines of its answer without the last.

        Raises:
            CommandError: the modem refused.
            TimeoutException: no answer came; the conversation is in step again.
        """
        timeout_s = timeout_s or self._settings.answer_s
        *lines, final = self._exchange(command, timeout_s)
        at.raise_for(command, final)
        return lines

    def offer(self, submit: Submit) -> None:
        """Announce a PDU and wait for the prompt.

        Raises:
            CommandError: the modem refused.
            TimeoutException: no prompt came.
        """
        command = f"AT+CMGS={submit.length}"
        self._put(f"{command}\r".encode())
        deadline = time.monotonic() + self._settings.prompt_s
        while not self._lines.take_prompt():
            if not self._heard:
                self._read(deadline)
                continue
            line = self._heard.popleft()
            if line.startswith(">"):
                return
            if not self._notices.heard(line, "+CMGS") and at.is_final(line):
                # An OK is left over from an earlier question.
                at.raise_for(command, line)

    def hand_over(self, submit: Submit) -> int:
        """Write the PDU after the prompt and return the reference (TP-MR) it got.

        Raises:
            CommandError: the modem or the network refused.
            TimeoutException: no answer came, so it may have been sent.
        """
        self._put(submit.pdu.hex().upper().encode() + b"\x1a")
        deadline = time.monotonic() + self._settings.submit_s
        while True:
            line = self._line(deadline)
            reference = at.submitted([line])
            if reference is not None:
                self._final()
                return reference
            if at.is_final(line):
                at.raise_for("AT+CMGS", line)
            self._notices.heard(line, "+CMGS")

    def _final(self) -> None:
        """Read the OK behind a reference; the reference counts without it too."""
        deadline = time.monotonic() + self._settings.answer_s
        try:
            while not at.is_final(line := self._line(deadline)):
                self._notices.heard(line, "+CMGS")
        except TimeoutException:
            self.resync()

    def resync(self) -> list[str]:
        """Leave any prompt, get in step with the modem, return what was left unread.

        Raises:
            TimeoutException: it says nothing that makes sense; the port is lost.
        """
        deadline = time.monotonic() + self._settings.answer_s
        said: list[str] = []
        tries = 0
        while time.monotonic() < deadline and self.lost is None:
            tries += 1
            self._put(f"\x1b{_MARK}\r".encode())
            if self._marked(said, min(deadline, time.monotonic() + _MARK_AGAIN_S)):
                if tries > 1:
                    self._until_quiet()
                return said
        self.lost = TimeoutException(None)
        raise self.lost

    def _marked(self, said: list[str], deadline: float) -> bool:
        """Whether the answer to the mark came, whole."""
        marked = False
        try:
            while True:
                line = self._line(deadline)
                if marked and at.is_final(line):
                    return True
                marked = marked or line.startswith("+CMEE:")
                if not marked and not self._notices.heard(line):
                    said.append(line)
        except TimeoutException:
            return False

    def _until_quiet(self) -> None:
        """Pass over answers to marks that were asked more than once."""
        try:
            while True:
                self._notices.heard(self._line(time.monotonic() + _QUIET_S))
        except TimeoutException:
            return

    def listen(self, timeout_s: float, wake: int) -> None:
        """Wait for a notice, for `wake` to be readable, or until the time is over.

        Raises:
            Stopped: the link is being stopped.
        """
        self._hear_rest()
        if self._notices.any:
            return
        poll = select.poll()
        for handle in (self.serial.fd, wake, self._stop):
            poll.register(handle, select.POLLIN)
        ready = {handle for handle, _ in poll.poll(max(0.0, timeout_s) * 1000)}
        if self._stop in ready:
            raise Stopped
        if self.serial.fd in ready:
            self._take()
            self._hear_rest()

    def _exchange(self, command: str, timeout_s: float) -> list[str]:
        """Write a command and read up to the end of its answer."""
        self._put(f"{command}\r".encode())
        deadline = time.monotonic() + timeout_s
        asked, lines = at.name_of(command), list[str]()
        try:
            while not at.is_final(line := self._line(deadline)):
                # A modem that echoes repeats the command first.
                if line != command and not self._notices.heard(line, asked):
                    lines.append(line)
        except TimeoutException as error:
            self.resync()
            raise TimeoutException(lines) from error
        return [*lines, line]

    def _line(self, deadline: float) -> str:
        while not self._heard:
            self._read(deadline)
        return self._heard.popleft()

    def _read(self, deadline: float) -> None:
        """Wait for bytes and take them.

        Raises:
            TimeoutException: none came in time.
            Stopped: the link is being stopped.
        """
        poll = select.poll()
        poll.register(self.serial.fd, select.POLLIN)
        poll.register(self._stop, select.POLLIN)
        ready = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            raise TimeoutException(None)
        if any(handle == self._stop for handle, _ in ready):
            raise Stopped
        self._take()

    def _take(self) -> None:
        """Take the bytes that are there."""
        data = self._do(self.serial.read, _CHUNK_BYTES)
        self._heard.extend(self._lines.feed(data))

    def _put(self, data: bytes) -> None:
        # What is still unread belongs to nothing that is asked now.
        self._hear_rest()
        self._do(self.serial.write, data)

    def _hear_rest(self) -> None:
        while self._heard:
            self._notices.heard(self._heard.popleft())

    def _do(self, action: Any, argument: Any) -> Any:
        """Use the port; whatever it raises means that it is lost."""
        try:
            return action(argument)
        except Exception as error:
            self.lost = error
            raise
