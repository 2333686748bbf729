"""A pseudo-terminal with a thread behind it: the plug of an emulated modem.

What comes in: bytes a driver writes to the slave side, handed to `Listener.hear`; what
goes out: the bytes given to `write`. The thread ends at `unplug`, which closes the
master, so a driver sees a hang-up as when a stick is pulled; `plug` opens a new
terminal, reachable through the same symbolic link if one was asked for. The story
goes on in `modem.simulator.talk`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import sys
import termios
import threading
import time
import tty
from pathlib import Path
from typing import Protocol

_CHUNK_BYTES = 65_536
#: What nobody reads is lost beyond this, as at a real UART.
_OUT_MAX_BYTES = 1_048_576


class Listener(Protocol):
    """What a port needs of the modem; fulfilled by `modem.simulator.EmulatedModem`."""

    def hear(self, data: bytes) -> None:
        """Take what the driver wrote."""

    def tick(self) -> float | None:
        """Do what is due; tell when (time.monotonic) something is due next."""


class Port:
    """One plug; it can be pulled and put back any number of times."""

    def __init__(self, listener: Listener, link: Path | None) -> None:
        """Begin unplugged; `link` is where the symbolic link will be, if anywhere."""
        self._listener = listener
        self._link = link
        self._lock = threading.Lock()
        self._terminal: _Terminal | None = None

    @property
    def path(self) -> str:
        """What a driver opens; empty while unplugged without a link."""
        terminal = self._terminal
        if self._link is not None:
            return str(self._link)
        return terminal.path if terminal else ""

    @property
    def traffic(self) -> tuple[int, int]:
        """Bytes written to the driver, and those of them that it has not read."""
        terminal = self._terminal
        return terminal.traffic() if terminal else (0, 0)

    def plug(self, link: Path | None = None) -> None:
        """Open a new terminal and move the symbolic link to it."""
        self.unplug()
        self._link = link or self._link
        terminal = _Terminal(self._listener)
        if self._link is not None:
            _point(self._link, terminal.path)
        with self._lock:
            self._terminal = terminal
        terminal.start()

    def unplug(self) -> None:
        """Hang up and end the thread; does nothing when unplugged."""
        with self._lock:
            terminal, self._terminal = self._terminal, None
        if terminal is not None:
            if self._link is not None:
                self._link.unlink(missing_ok=True)
            terminal.stop()

    def write(self, data: bytes) -> None:
        """Write to the driver, in order, without waiting; lost when unplugged."""
        terminal = self._terminal
        if terminal is not None:
            terminal.write(data)

    def wake(self) -> None:
        """Have `tick` called soon."""
        terminal = self._terminal
        if terminal is not None:
            terminal.wake()


def _point(link: Path, target: str) -> None:
    beside = link.with_name(f"{link.name}.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)


class _Terminal:
    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        # The slave stays open here: a driver may close and open it again.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._waker, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._out = bytearray()
        self._written = 0
        self._out_lock = threading.Lock()
        self._stopping = False
        self._closed = False
        self._thread = threading.Thread(
            target=self._run, name=f"modem {self.path}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self.wake()
        # A callback of the modem may pull the plug from its own thread.
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def write(self, data: bytes) -> None:
        with self._out_lock:
            taken = data[: max(_OUT_MAX_BYTES - len(self._out), 0)]
            self._out += taken
            self._written += len(taken)
        if threading.current_thread() is not self._thread:
            self.wake()

    def traffic(self) -> tuple[int, int]:
        with self._out_lock:
            if self._closed:
                return 0, 0
            count = fcntl.ioctl(self._slave, termios.FIONREAD, bytes(4))
            unread = len(self._out) + int.from_bytes(count, sys.byteorder)
            return self._written, unread

    def wake(self) -> None:
        with self._out_lock:
            if not self._closed:
                # A full pipe will wake the thread just as well.
                with contextlib.suppress(BlockingIOError):
                    os.write(self._wake, b"\0")

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._turn()
        finally:
            with self._out_lock:
                self._closed = True
                for handle in (self._master, self._slave, self._waker, self._wake):
                    os.close(handle)

    def _turn(self) -> None:
        due = self._listener.tick()
        if self._stopping:
            # Pulled out just now: what was still to be written is lost.
            return
        poll = select.poll()
        poll.register(self._waker, select.POLLIN)
        wanted = select.POLLIN | (select.POLLOUT if self._flush() else 0)
        poll.register(self._master, wanted)
        timeout = None if due is None else max(0.0, due - time.monotonic()) * 1000
        for handle, event in poll.poll(timeout):
            if handle == self._waker:
                os.read(self._waker, _CHUNK_BYTES)
            elif event & select.POLLIN and not self._stopping:
                self._listener.hear(os.read(self._master, _CHUNK_BYTES))

    def _flush(self) -> bool:
        """Write what fits; tell whether anything is left."""
        with self._out_lock:
            with contextlib.suppress(BlockingIOError):
                while self._out:
                    del self._out[: os.write(self._master, self._out)]
            return bool(self._out)
