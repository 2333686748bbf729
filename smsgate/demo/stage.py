"""The stage: a network in a folder, its daemon, and the emulated modem behind it.

What comes in: a new folder. What goes out: `Stage`, on which phones text, dial and
listen. Its configuration is what `smsgate init` writes, with two links: the driver for
real modems on an emulated one, and one for USSD over a web server of its own, which
only this machine reaches. Logs go to a file in the folder, so that the terminal belongs
to the play. Played on by `smsgate.demo.script` and by `smsgate.demo.showing`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from modem.errors import LinkError
from modem.simulator.link import SimulatorLink
from smsgate import config, daemon, logs
from smsgate.clock import Clock
from smsgate.demo import cast
from smsgate.errors import SmsgateError
from smsgate.operations.house import setup
from smsgate.operations.texts import hooks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from modem.simulator import EmulatedModem, Submitted, Text
    from smsgate.demo.cast import Player

CONFIG = "config.toml"
LOG = "smsgate.log"
COUNTRY, UNIT, LANGUAGE = "SV", "PT", "es"
#: What members write to: the number of the emulated SIM.
NUMBER = "+50370009999"
#: What they dial.
DIALLED = "*123#"

#: The link that brings what they dial, and what its address ends in.
USSD = "ussd"
_LINKS = f"""
# Added by `smsgate demo`.
[[link]]
name = "modem"
driver = "simulator"

[[link]]
name = "{USSD}"
driver = "http"
ussd = true
trusted = true
hook_secret = "file:{USSD}.hook"
"""

Listener: TypeAlias = "Callable[[Text], None]"


class DemoError(SmsgateError):
    """The demo cannot be played as asked; the text says what to do."""


def found_demo(folder: Path) -> Path:
    """Make a network in a new folder; return its configuration.

    Raises:
        AlreadyThere: there is one already.
        DemoError: the folder cannot be written.
    """
    try:
        setup.found(folder, country=COUNTRY, unit=UNIT, language=LANGUAGE)
        path = folder / CONFIG
        text = path.read_text(encoding="utf-8")
        text = text.replace('\nhelp_phone = ""\n', '\nhelp_phone = "2222-0000"\n')
        text = text.replace('\nlisten = ""\n', f'\nlisten = "{_free_address()}"\n')
        path.write_text(text + _LINKS, encoding="utf-8")
        # Draws the secret in the address.
        hooks.addresses(config.load(path), USSD, Clock())
    except OSError as error:
        raise DemoError(
            f"{folder} cannot be written ({error.strerror}): name another with --keep"
        ) from error
    return path


def _free_address() -> str:
    """Return an address of this machine only, where nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything on it, up and running."""

    running: daemon.Running
    link: SimulatorLink
    players: tuple[Player, ...]
    #: Called in the event loop for each text that a phone receives.
    listeners: list[Listener] = field(default_factory=list)
    _shown: int = 0

    @property
    def modem(self) -> EmulatedModem:
        """The modem, with its faults."""
        return self.link.modem

    @property
    def terminal(self) -> str:
        """The pseudo-terminal the modem is at; empty while it is pulled out."""
        path = Path(self.modem.path)
        return str(path.resolve()) if path.exists() else ""

    def player(self, who: str) -> Player:
        """Return one of the members by what everybody calls them."""
        return next(player for player in self.players if player.role.who == who)

    def say(self, phone: str, text: str, sent_at: datetime | None = None) -> datetime:
        """Have a phone send a text; return when, as the network stamps it.

        Raises:
            DemoError: no phone can send that.
        """
        at = sent_at or self.running.clock.now()
        try:
            self.modem.deliver(phone, text, at)
        except (LinkError, ValueError) as error:
            raise DemoError(f"a phone cannot send this text: {error}") from error
        return at

    def hear(self) -> None:
        """Tell the listeners what phones have received since the last time."""
        texts = self.modem.texts[self._shown :]
        self._shown += len(texts)
        for text in texts:
            for listener in self.listeners:
                listener(text)

    async def plug(self, *, plugged: bool) -> None:
        """Put the modem in, or pull it out."""
        await asyncio.to_thread(self.modem.replug if plugged else self.modem.unplug)


@asynccontextmanager
async def raised(
    config_path: Path, *, clock: Clock | None = None
) -> AsyncIterator[Stage]:
    """Run the house with its members while the `async with` block runs.

    Raises:
        SmsgateError: the house cannot be started.
    """
    settings = config.load(config_path)
    with _logging(config_path.parent / LOG):
        async with daemon.serve(settings, clock=clock) as running:
            link = next(one for one in running.links if isinstance(one, SimulatorLink))
            players = await cast.join(running.desk("demo"))
            stage = Stage(running=running, link=link, players=players)
            loop = asyncio.get_running_loop()

            def taken(_: Submitted) -> None:
                loop.call_soon_threadsafe(stage.hear)

            link.modem.on_submit(taken)
            yield stage


@contextmanager
def _logging(path: Path) -> Iterator[None]:
    with path.open("a", encoding="utf-8") as log:
        logs.setup(level="info", form="keyvalue", stream=log)
        try:
            yield
        finally:
            logs.setup(level="warning")
