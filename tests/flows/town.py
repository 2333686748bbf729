"""A town: members with phones, one modem, one house, everything real but the radio.

Texts go in through the emulated modem and the real driver and come out the same way;
staff use the very commands of a shell. The clock is the real one plus what a test adds
to it. When a town closes, its books must be right, every answer one segment, and no PIN
of its people in any file.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import structlog

from modem.simulator import EmulatedModem
from modem.text import segments
from smsgate import config, daemon, logs
from smsgate.__main__ import main
from smsgate.clock import Clock
from tests.canary import leaks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from modem.link import Link

#: A PIN of six digits, such as no reference is likely to hold.
CANARY = "739154"
_PATIENCE_S = 15.0


class TownClock(Clock):
    """The real clock, moved forward (or back) by a test."""

    def __init__(self) -> None:
        """Begin with the real time."""
        self._added_ms = self._off_ms = 0

    def now_ms(self) -> int:
        """Return the town's time."""
        return super().now_ms() + self._added_ms + self._off_ms

    def monotonic(self) -> float:
        """Return seconds that pass as the town's time does."""
        return super().monotonic() + self._added_ms / 1000

    def forward(self, *, seconds: float = 0, minutes: float = 0) -> None:
        """Let time pass."""
        self._added_ms += round((seconds + 60 * minutes) * 1000)

    def off_by(self, *, minutes: float) -> None:
        """Set the clock wrong by so much, 0: right again; what is waited for is not."""
        self._off_ms = round(60 * minutes * 1000)


@dataclass
class Person:
    """Somebody with a phone; what was heard so far is counted."""

    phone: str
    code: str = ""
    heard: int = 0
    #: And over each modem beside the first.
    heard_over: Counter[str] = field(default_factory=Counter)


@dataclass
class Town:
    """The whole house in a folder, and the phones around it."""

    folder: Path
    #: Lines of TOML by section, in place of what `init` writes.
    settings: dict[str, dict[str, object]] = field(default_factory=dict)
    pins: set[str] = field(default_factory=lambda: {CANARY})
    #: Modems beside the first, "gsm", by the name of their links. Where there are any,
    #: each can be pulled out and put back.
    spares: tuple[str, ...] = ()
    #: Further keys of links, by name.
    links: dict[str, dict[str, object]] = field(default_factory=dict)
    #: How many texts the modem holds.
    slots: int = 40
    #: The form of the log, "keyvalue" or "json".
    log_form: str = "keyvalue"

    def __post_init__(self) -> None:
        """Make the house and plug the modem in; nothing runs yet."""
        self.clock = TownClock()
        self.modem = EmulatedModem(clock=self.clock.now, slots=self.slots).start()
        self.modems = {"gsm": self.modem}
        for place, name in enumerate(self.spares):
            spare = EmulatedModem(
                clock=self.clock.now, slots=self.slots, number=f"+5037000888{place}"
            )
            self.modems[name] = spare.start()
        self.people: dict[str, Person] = {}
        #: Texts of several SMS that staff sent; no answer may be one.
        self.long_texts: set[str] = set()
        self._thread: threading.Thread | None = None
        self._stop: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._fault: BaseException | None = None
        assert self.shell("init", str(self.folder), "--country", "SV")[0] == 0
        self.config_path = self.folder / "config.toml"
        self.config_path.write_text(self._config(), encoding="utf-8")

    # ---- the house

    def _config(self) -> str:
        sections: dict[str, dict[str, object]] = {
            "network": {"name": "Red", "unit": "PT", "help_phone": "2222-0000"},
            "security": {"pin_length": 6},
            "sms": {},
        }
        for name, values in self.settings.items():
            sections.setdefault(name, {}).update(values)
        written = config.initial_text(country="SV", sections=sections)
        return written + "".join(self._link(name) for name in self.modems)

    def _link(self, name: str) -> str:
        modem = self.modems[name]
        if self.spares:
            self.plug_in(name)
        keys = {"name": name, "driver": "gsm", "port": modem.path, "poll_s": 0.2}
        keys |= self.links.get(name, {})
        # What JSON writes of texts, numbers and lists of them is TOML, too.
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
        return "\n".join(["", "[[link]]", *lines, ""])

    def plug_in(self, name: str) -> None:
        """Put a modem back at its port."""
        self.modems[name].replug(self.folder / f"port-{name}")

    def link(self, name: str) -> Any:
        """Return what `link list` tells of a link."""
        return next(
            one for one in self.told("link", "list")["links"] if one["name"] == name
        )

    def link_is(self, name: str, status: str) -> None:
        """Wait until a link is in this state."""
        pause, seen = threading.Event(), ""
        for _ in range(int(_PATIENCE_S / 0.1)):
            seen = self.link(name)["status"]
            if seen == status:
                return
            pause.wait(0.1)
        raise AssertionError(f"{name} never was {status}, it is {seen}")

    def _links(self, _: config.Config) -> Sequence[Link] | None:
        """Return links in place of those of the configuration; None: none."""
        return None

    def start(self) -> Self:
        """Start the daemon and wait until it is ready."""
        self._log = (self.folder / "daemon.log").open("a", encoding="utf-8")
        logs.setup(form=self.log_form, stream=self._log)
        ready = threading.Event()

        async def live() -> None:
            stop = asyncio.Event()
            self._stop = asyncio.get_running_loop(), stop
            loaded = config.load(self.config_path)
            links = self._links(loaded)
            async with daemon.serve(loaded, clock=self.clock, links=links):
                ready.set()
                await stop.wait()

        def run() -> None:
            try:
                asyncio.run(live())
            except BaseException as fault:  # noqa: BLE001 - told to the test below
                self._fault = fault
                ready.set()

        self._thread = threading.Thread(target=run, name="daemon")
        self._thread.start()
        assert ready.wait(_PATIENCE_S), "the daemon was not ready in time"
        if self._fault is not None:
            raise self._fault
        return self

    def stop(self) -> None:
        """Stop the daemon in order."""
        if self._stop is not None and self._thread is not None:
            loop, stop = self._stop
            # A daemon that could not start has ended by itself; why is told below.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)
            self._thread.join(_PATIENCE_S)
            assert not self._thread.is_alive(), "the daemon did not stop"
            # Later tests in this process must not write to this file.
            logging.getLogger().handlers.clear()
            structlog.reset_defaults()
            self._log.close()
        self._stop = self._thread = None
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault

    def close(self) -> None:
        """Stop everything, and hold the house to what it always promises."""
        try:
            self.stop()
        finally:
            for modem in self.modems.values():
                modem.close()
        code, out = self.shell("ledger", "check")
        assert code == 0, out
        for modem in self.modems.values():
            for text in modem.texts:
                if text.text not in self.long_texts:
                    assert segments(text.text).segments == 1, text.text
        assert leaks(self.folder, self.pins) == []

    # ---- staff

    def shell(self, *words: str) -> tuple[int, str]:
        """Run a command of a shell; its exit code and what it printed."""
        out = io.StringIO()
        where = [] if words[0] == "init" else ["-c", str(self.folder / "config.toml")]
        with redirect_stdout(out), redirect_stderr(out):
            try:
                code = main([*where, *words]) or 0
            except SystemExit as end:
                code = int(end.code or 0)
        return code, out.getvalue()

    def told(self, *words: str) -> Any:
        """Run a command with --json and return its document."""
        code, out = self.shell(*words, "--json")
        assert code == 0, out
        return json.loads(out)

    def joins(
        self, name: str, phone: str, *options: str, pin: str | None = CANARY
    ) -> Person:
        """Make somebody a member, with a PIN unless told otherwise."""
        added = self.told("member", "add", phone, name, *options)
        person = Person(phone=added["phone"], code=added["code"])
        self.people[name] = person
        if pin is not None:
            self.pins.add(pin)
            self.set_pin(name, pin)
        return person

    def set_pin(self, name: str, pin: str) -> None:
        """Take a member through the first PIN: a code read out, one text."""
        code = self.told("member", "pin", self.people[name].phone)["one_time_code"]
        self.says(name, f"PIN {code} {pin} {pin}")
        assert "PIN" in self.hears(name)

    def limit(self, name: str, amount: str) -> None:
        """Grant a credit limit."""
        code, out = self.shell("member", "limit", self.people[name].phone, amount)
        assert code == 0, out

    def balance(self, name: str) -> str:
        """Look a balance up in the books."""
        shown = self.told("member", "show", self.people[name].phone)
        return str(shown["balance"])

    # ---- phones

    def says(
        self, name: str, text: str, sent_at: datetime | None = None, to: str = "gsm"
    ) -> None:
        """Have somebody send a text, a second after the one before; `to`: a modem."""
        self.clock.forward(seconds=1)
        phone = self.people[name].phone if name in self.people else name
        self.modems[to].deliver(phone, text, sent_at)

    def hears_over(self, modem: str, name: str) -> str:
        """Wait for the next text to somebody's phone over a modem beside the first."""
        person = self.people.setdefault(name, Person(phone=name))
        place, found = person.heard_over[modem], self.modems[modem]
        person.heard_over[modem] += 1
        total = 0
        while True:
            texts = [text.text for text in found.texts if text.to == person.phone]
            if len(texts) > place:
                return texts[place]
            total = max(total, len(found.texts))
            total = len(found.wait_texts(total + 1, _PATIENCE_S))

    def hears(self, name: str) -> str:
        """Wait for the next text to somebody's phone."""
        person = self.people.setdefault(name, Person(phone=name))
        person.heard += 1

        def mine() -> list[str]:
            return [text.text for text in self.modem.texts if text.to == person.phone]

        total = len(self.modem.texts)
        while len(mine()) < person.heard:
            total = len(self.modem.wait_texts(total + 1, _PATIENCE_S))
        return mine()[person.heard - 1]

    def asks(self, name: str, text: str) -> str:
        """Send a text and wait for the answer."""
        self.says(name, text)
        return self.hears(name)

    def nothing_for(self, name: str) -> bool:
        """Say whether somebody has heard nothing more, once all is answered."""
        self.modem.wait_empty(_PATIENCE_S)
        person = self.people.setdefault(name, Person(phone=name))
        texts = [text for text in self.modem.texts if text.to == person.phone]
        return len(texts) == person.heard
