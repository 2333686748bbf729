"""A town with two ways in: the modem, and a vendor whose webhooks the house takes.

The vendor is the one of `tests.modem.aggregators.fakes`, on a loop of its own; texts
come and go in its documented bytes over real sockets. Whatever is sent twice rings a
phone twice here, as it would there.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from modem.aggregators import known
from tests.flows.town import Town
from tests.modem.aggregators.fakes import fake

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from tests.modem.aggregators.fakes import FakeVendor
    from tests.modem.aggregators.spoken import Post

PATIENCE_S = 15.0
SECRET = "only-the-vendor-knows-this-path"
#: The server speaks as the phone does, and knows an id again.
_INSTEAD = {"sms-gate-local": "sms-gate-server"}


def free_port() -> int:
    """Return a port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class WebTown(Town):
    """A town whose house has a link over HTTP, called `web`."""

    kind: str = "sms-gate"
    trusted: bool = False
    #: What the vendor knows of texts, by phone: how many were heard.
    rung: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the vendor, then make the house."""
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._far = threading.Thread(target=self._loop.run_forever, name="vendor")
        self._far.start()
        self._stack = AsyncExitStack()
        self.vendor: FakeVendor = self.far(
            self._stack.enter_async_context(fake(self.kind))
        )
        self.settings.setdefault("http", {})["listen"] = f"127.0.0.1:{self.port}"
        self.settings["http"]["public_url"] = self.origin
        super().__post_init__()

    @property
    def origin(self) -> str:
        """Where the house listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def hook(self) -> str:
        """Where the vendor's webhooks go, without what they are about."""
        return f"{self.origin}/hook/web/{SECRET}"

    def far(
        self, coroutine: Coroutine[Any, Any, Any], *, patience_s: float = PATIENCE_S
    ) -> Any:
        """Have the vendor do something."""
        done = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return done.result(patience_s)

    def _config(self) -> str:
        # At a path of its own: the system gives the number of a pulled port to others.
        self.modem.replug(self.folder / "modem")
        lines = ["", "[[link]]", 'name = "web"', 'driver = "http"']
        preset = _INSTEAD.get(self.vendor.preset, self.vendor.preset)
        lines.append(f'preset = "{preset}"')
        lines.append(f"trusted = {str(self.trusted).lower()}")
        lines.append(f'hook_secret = "{self._kept("hook", SECRET)}"')
        facts = known.keys(preset)
        for key, value in self.vendor.options.items():
            told = self._kept(key, value) if facts[key].secret else value
            lines.append(f'{key} = "{told}"')
        return super()._config() + "\n".join([*lines, ""])

    def _kept(self, name: str, value: str) -> str:
        """Keep a secret in a file; return its reference."""
        path = self.folder / f"{name}.secret"
        path.write_text(value, encoding="utf-8")
        path.chmod(0o600)
        return f"file:{path.name}"

    def start(self) -> Self:
        """Start the house, and wait until webhooks are heard."""
        super().start()
        pause = threading.Event()
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            pause.wait(0.01)
        raise AssertionError("the web server does not listen")

    def close(self) -> None:
        """Stop everything."""
        try:
            super().close()
        finally:
            self.far(self._stack.aclose())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._far.join(PATIENCE_S)
            self._loop.close()

    # ---- the vendor's side

    def vendor_down(self) -> None:
        """End the vendor: nothing listens at its address."""
        self.far(self._stack.aclose())

    def vendor_up(self) -> None:
        """Start it again where it was, with all that it knew."""
        port, before = urlsplit(self.vendor.url).port or 0, self.vendor
        again = self._stack.enter_async_context(fake(self.kind, port))
        self.vendor = self.far(again)
        self.vendor.speaker = before.speaker
        self.vendor.taken, self.vendor.phone = before.taken, before.phone
        self.vendor.requests = before.requests

    def written(
        self, name: str, text: str, *, at: datetime | None = None, **more: Any
    ) -> Post:
        """Return the webhook of a text, or of a part of one, from somebody's phone."""
        self.clock.forward(seconds=1)
        phone = self.people[name].phone if name in self.people else name
        at = at or self.clock.now()
        return self.vendor.incoming(self.hook, sender=phone, text=text, at=at, **more)

    def post(self, post: Post) -> int:
        """Have the vendor send a webhook; return what it is answered."""
        return int(self.far(self.vendor.post(post)))

    def texts(self, name: str, text: str, **more: Any) -> int:
        """Have somebody text over the vendor; return what the vendor is answered."""
        return self.post(self.written(name, text, **more))

    def rings(self, name: str) -> str:
        """Wait for the next text that the vendor brings to somebody's phone."""
        phone = self.people[name].phone
        count = self.rung.get(phone, 0) + 1
        self.rung[phone] = count
        pause = threading.Event()
        for _ in range(1500):
            texts = [text for to, text in list(self.vendor.phone) if to == phone]
            if len(texts) >= count:
                return texts[count - 1]
            pause.wait(0.01)
        raise AssertionError(f"nothing rang at {name}")

    def rang(self, name: str) -> int:
        """Return how often somebody's phone rang in all."""
        phone = self.people[name].phone
        return sum(to == phone for to, _ in list(self.vendor.phone))

    def reports(self, place: int, status: str) -> int:
        """Have the vendor report on the text at this place of what it took."""
        taken = self.vendor.taken[place]
        return self.post(
            self.vendor.report(
                self.hook,
                reference=taken.id,
                to=taken.to,
                status=status,
                at=self.clock.now(),
            )
        )
