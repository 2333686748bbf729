"""Where the modem is now: ports come and go under other names, an IMEI does not.

What comes in: `port` as it was configured, a device, a pattern or nothing, and the IMEI
that is wanted. What goes out: the path to open, or a `LinkDown` that says what was
found instead. With an IMEI each port that is there is asked for its modem's, briefly,
the last known one first; ports that another program or link has are left alone. Used
by `modem.gsm.owner`, before anything is said that could change a modem or its SIM.
"""

from __future__ import annotations

import glob
import os
import select
import time
from dataclasses import dataclass

from serial import Serial, SerialException

from modem.errors import LinkDown
from modem.gsm.at import Lines
from modem.gsm.imei import imei_of, same
from modem.gsm.port import Stopped

#: Where a modem can turn up when no port is named; names that stay come first.
EVERYWHERE = ("/dev/serial/by-id/*", "/dev/ttyUSB*", "/dev/ttyACM*")
#: A modem says its IMEI at once; most sticks have ports that say nothing at all.
_ANSWER_S = 0.8
_ASK_AGAIN_S = 0.4
_CHUNK_BYTES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a port said when it was asked."""

    path: str
    #: Digits, '' for silence, None when it could not be opened.
    imei: str | None


def candidates(port: str) -> list[str]:
    """Every port that is there now, each device once."""
    found: dict[str, str] = {}
    for pattern in (port,) if port else EVERYWHERE:
        for path in sorted(glob.glob(pattern)):  # noqa: PTH207 - a pattern, absolute
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


class Search:
    """Finds the port of one modem again and again; lives as long as its thread."""

    def __init__(self, port: str, imei: str, baud: int, stop: int) -> None:
        """Look for this IMEI, or take any modem; `stop` is readable to give up."""
        self._port = port
        self._imei = imei
        self._baud = baud
        self._stop = stop
        self._last = ""
        self._attempts = 0

    def here(self) -> frozenset[str]:
        """The devices that are there now."""
        return frozenset(map(os.path.realpath, candidates(self._port)))

    def next(self) -> str:
        """Return the port to open.

        Raises:
            LinkDown: none of those that are there is the modem's.
            Stopped: the link is being stopped.
        """
        found = candidates(self._port)
        if not self._imei or found == [self._port]:
            # One after the other; opening it tells whether it is of any use.
            self._attempts += 1
            return found[self._attempts % len(found)] if found else self._port
        if not found:
            raise LinkDown(self._none_there())
        asked = []
        for path in sorted(found, key=lambda path: path != self._last):
            told = _Found(path=path, imei=imei_at(path, self._baud, self._stop))
            if told.imei and same(told.imei, self._imei):
                self._last = path
                return path
            asked.append(told)
        raise LinkDown(self._elsewhere(asked))

    def _none_there(self) -> str:
        if not self._port:
            return "there is no modem at any USB port; plug it in"
        return f"there is no modem at {self._port}; plug it in, or correct port"

    def _elsewhere(self, asked: list[_Found]) -> str:
        others = [f"{told.imei} at {told.path}" for told in asked if told.imei]
        held = [told.path for told in asked if told.imei is None]
        seen = f"found {', '.join(others)}" if others else "no other modem answers"
        if held:
            seen += f"; {', '.join(held)} cannot be opened or is in use"
        return (
            f"no modem here has the IMEI {self._imei} ({seen}); plug the right one in, "
            "or correct imei"
        )


def imei_at(path: str, baud: int, stop: int) -> str | None:
    """Ask the modem at a port for its IMEI; '' when it says none in time.

    None when the port cannot be opened, or somebody else has it.

    Raises:
        Stopped: the link is being stopped.
    """
    try:
        with Serial(path, baud, timeout=0, write_timeout=1, exclusive=True) as port:
            return _asked(port, stop)
    except (SerialException, OSError, ValueError):
        return None


def _asked(port: Serial, stop: int) -> str:
    lines, poll = Lines(), select.poll()
    poll.register(port.fd, select.POLLIN)
    poll.register(stop, select.POLLIN)
    end_s, again_s = time.monotonic() + _ANSWER_S, 0.0
    while (now_s := time.monotonic()) < end_s:
        if now_s >= again_s:
            again_s = now_s + _ASK_AGAIN_S
            # A prompt that somebody left open is closed first.
            port.write(b"\x1bAT+CGSN\r")
        ready = poll.poll((min(end_s, again_s) - now_s) * 1000)
        if any(handle == stop for handle, _ in ready):
            raise Stopped
        if ready and (told := imei_of(lines.feed(port.read(_CHUNK_BYTES)))):
            return told
    return ""
