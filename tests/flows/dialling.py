"""A town that is dialled: an aggregator posts each step of a session to the house.

The aggregator is whoever posts the form that Africa's Talking documents, or the same in
JSON, over a real socket to the daemon's own web server; members get their texts over
the modem. Every screen must fit the smallest phone.
"""

from __future__ import annotations

import json
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Self

from modem.text import septets
from tests.flows.town import Town

SECRET = "only-the-aggregator-knows-this"
CODE = "*384*1#"
#: With the word that opens it on the wire.
_SCREEN_MAX = 160


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class DialTown(Town):
    """A town with a modem, and an aggregator that brings sessions."""

    port: int = field(default_factory=_free_port)
    trusted: bool = True
    #: The aggregator's preset, where it could carry texts as well.
    preset: str = ""
    sessions: int = 0

    def __post_init__(self) -> None:
        """Have the house listen."""
        self.settings.setdefault("http", {})["listen"] = f"127.0.0.1:{self.port}"
        super().__post_init__()

    def _config(self) -> str:
        for name, secret in (("hook", SECRET), ("key", "api-key-of-nobody")):
            path = self.folder / f"{name}.secret"
            path.write_text(secret, encoding="utf-8")
            path.chmod(0o600)
        lines = ["", "[[link]]", 'name = "dial"', 'driver = "http"', "ussd = true"]
        lines.append('hook_secret = "file:hook.secret"')
        if self.preset:
            # Nothing is sent over it: nobody is at that address of this machine.
            lines += [f'preset = "{self.preset}"', 'user = "sandbox"']
            lines.append(f'url = "http://127.0.0.1:{_free_port()}"')
            lines.append('api_key = "file:key.secret"')
        else:
            lines.append(f"trusted = {str(self.trusted).lower()}")
        return super()._config() + "\n".join([*lines, ""])

    def start(self) -> Self:
        """Start the house, and wait until it listens."""
        super().start()
        pause = threading.Event()
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            pause.wait(0.01)
        raise AssertionError("the web server does not listen")

    def asked(
        self,
        body: bytes | None,
        *,
        secret: str = SECRET,
        kind: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str, str]:
        """Send a request; return status, type and body. None: a GET."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/hook/dial/{secret}/ussd",
            data=body,
            headers={"Content-Type": kind},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                kind = answer.headers["Content-Type"]
                return answer.status, kind, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, "", ""

    def post(self, *, secret: str = SECRET, **form: str) -> tuple[int, str]:
        """Post a form as the aggregator."""
        body = urllib.parse.urlencode(form).encode()
        status, _, told = self.asked(body, secret=secret)
        return status, told

    def dials(self, name: str, session: str, *typed: str) -> str:
        """Return the screen after all that was typed."""
        self.clock.forward(seconds=1)
        status, screen = self.post(**self.step(name, session, *typed))
        assert status == 200
        assert septets(screen) <= _SCREEN_MAX, screen
        return screen

    def step(self, name: str, session: str, *typed: str) -> dict[str, str]:
        """Return the fields of a step."""
        return {
            "sessionId": session,
            "phoneNumber": self.people[name].phone,
            "serviceCode": CODE,
            "networkCode": "70601",
            "text": "*".join(typed),
        }

    def ends(self, name: str, session: str, status: str) -> None:
        """Have the aggregator tell how a session ended."""
        told = self.post(
            date="2026-11-25 09:00:00",
            sessionId=session,
            serviceCode=CODE,
            phoneNumber=self.people[name].phone,
            status=status,
            cost="0.01",
            durationInMillis="8000",
            hopsCount="4",
            lastAppResponse="END",
        )
        assert told == (200, "")

    def call(self, name: str) -> Call:
        """Begin a session of somebody's."""
        self.sessions += 1
        return Call(self, name, f"ATUid_{self.sessions}")


@dataclass
class Call:
    """One session of one phone: the aggregator's text grows with each answer."""

    town: DialTown
    name: str
    session: str
    typed: list[str] = field(default_factory=list)

    def dials(self, *parts: str) -> str:
        """Dial the code, with more behind it or not."""
        self.typed = list(parts)
        return self.repeats()

    def types(self, answer: str) -> str:
        """Answer the screen."""
        self.typed.append(answer)
        return self.repeats()

    def repeats(self) -> str:
        """Have the aggregator send the step (again)."""
        return self.town.dials(self.name, self.session, *self.typed)

    def in_json(self, answer: str | None = None) -> str:
        """Answer the screen, or dial, over an aggregator that speaks JSON."""
        self.typed += [] if answer is None else [answer]
        fields = self.town.step(self.name, self.session, *self.typed)
        self.town.clock.forward(seconds=1)
        kind = "application/json"
        status, told, screen = self.town.asked(json.dumps(fields).encode(), kind=kind)
        assert (status, told) == (200, "text/plain; charset=utf-8")
        assert septets(screen) <= _SCREEN_MAX, screen
        return screen

    def ends(self, status: str) -> None:
        """Have the aggregator tell how it ended."""
        self.town.ends(self.name, self.session, status)
