"""The only wiring: what is opened, what runs beside what, and in which order it stops.

What comes in: a `Config`. What goes out: a running house, until it is told to stop. It
opens the ledger, builds the links, and runs in one task group: every link's receiving,
every link's `Sender`, the housekeeping, and the socket that shell commands speak to.
Stopping goes the other way round: nothing new is taken in, what is on its way is
settled, and the ledger is closed last. The way of one message begins in
`smsgate.gateway`.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from smsgate import logs, notify, web
from smsgate.clock import Clock
from smsgate.gateway import Gateway, Setting
from smsgate.gateway.answering import House
from smsgate.gateway.out import ways
from smsgate.gateway.out.routing import Routing
from smsgate.gateway.out.sending import Sender
from smsgate.gateway.rereading import read_again
from smsgate.gateway.rules import grammar_of, policy_of
from smsgate.gateway.unasked.alerting import Alerting
from smsgate.gateway.unasked.campaigning import Campaigning
from smsgate.gateway.unasked.housekeeping import Housekeeping
from smsgate.gateway.unasked.putback import hold_still
from smsgate.links import links_of, pacing_of, rules_of
from smsgate.members.paper import PaperKeys
from smsgate.members.pins import PinDesk, PinPolicy
from smsgate.messages import outbox
from smsgate.messages.keys import MessageKeys
from smsgate.operations import Desk
from smsgate.operations.campaigning.terms import terms_of
from smsgate.operations.door import socket
from smsgate.operations.people.telling import voice_of
from smsgate.store import Store, StoreError
from smsgate.store.runs import begin_run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence

    from modem.link import Capabilities, Link, LinkState, Noise, Reread
    from smsgate.config import Config

log = structlog.get_logger(__name__)

#: How long what is on its way may take when the daemon stops.
DRAIN_S = 8.0
#: So long may the last of the texts that are answered at once wait for its PIN.
_IN_FLIGHT_S = 0.5
#: How long one thread may keep another waiting for the interpreter.
_SWITCH_S = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A house that is up: what the socket, the demo and tests may look at."""

    config: Config
    clock: Clock
    store: Store
    keys: MessageKeys
    pins: PinDesk
    gateway: Gateway
    links: tuple[Link, ...]
    senders: Mapping[str, Sender]
    routing: Routing
    housekeeping: Housekeeping
    campaigning: Campaigning
    #: What the web server shows; None: there is none.
    site: web.Site | None

    def link_states(self) -> Mapping[str, LinkState]:
        """Return how each link is right now, by name."""
        return {link.name: link.state for link in self.links}

    def link_health(self) -> Mapping[str, float]:
        """Return how well each link has done lately, 1.0 being all well, by name."""
        now_s = self.clock.monotonic()
        return {name: one.score(now_s) for name, one in self.routing.health.items()}

    def capabilities(self) -> Mapping[str, Capabilities]:
        """Return what each link can do, by name."""
        return {link.name: link.capabilities for link in self.links}

    def texts_owed(self) -> None:
        """Wake every sender: a shell has owed a text."""
        for sender in self.senders.values():
            sender.wake()
        self.campaigning.wake()

    def clock_accepted(self) -> None:
        """Take note that an operator declared today's clock right."""
        self.gateway.time.accept()

    async def read_again(self, noises: Sequence[Noise]) -> Reread | None:
        """Read noise once more with its own link, and do what it says."""
        named = {link.name: link for link in self.links}
        return await read_again(self.gateway, named.get(noises[0].link), noises)

    def desk(self, actor: str) -> Desk:
        """Return where a shell's operation works."""
        return Desk(
            store=self.store,
            config=self.config,
            clock=self.clock,
            pins=self.pins,
            keys=self.keys,
            actor=actor,
            live=self,
        )


@asynccontextmanager
async def serve(
    config: Config,
    *,
    clock: Clock | None = None,
    links: Sequence[Link] | None = None,
) -> AsyncIterator[Running]:
    """Run the house while the `async with` block runs; leave it in order.

    `links` stand in for those of the configuration, for a demonstration or a benchmark.

    Raises:
        SmsgateError: the ledger, a key or a link cannot be opened; the text says why.
    """
    clock = clock or Clock()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            await Store.open(config.ledger_path, clock)
        )
        pins = PinDesk(config.keys.read_pin(), PinPolicy.of(config.security))
        stack.callback(pins.close)
        running = await _build(config, clock, store, pins, links)
        door = socket.listen(config.socket_path)
        stack.callback(door.close)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(work, name=name)
                for name, work in _work(running, door)
            ]
            notify.notify("READY=1", f"STATUS={len(running.links)} links")
            log.info("daemon.ready", links=len(running.links))
            try:
                yield running
            finally:
                notify.notify("STOPPING=1")
                await _drain(running)
                for task in tasks:
                    task.cancel()
        log.info("daemon.stopped")


async def _build(
    config: Config,
    clock: Clock,
    store: Store,
    pins: PinDesk,
    given: Sequence[Link] | None,
) -> Running:
    # Before the start itself is written down: the clock is judged by it.
    newest_ms = store.newest_ms
    run = await store.write(begin_run)
    keys = MessageKeys(config.keys.read_messages())
    links = tuple(links_of(config, clock) if given is None else given)
    known = {link.name for link in links if link.capabilities.idempotent}
    await store.write(lambda tx: outbox.sweep(tx, run, known))
    await hold_still(store, newest_ms)
    plan = ways.plan_of(config, links)
    routing = Routing({link.name: link for link in links}, store, clock, plan)
    sender = partial(Sender, store=store, clock=clock, run=run, routing=routing)
    senders = {
        link.name: sender(link, pacing=pacing_of(config, link.name)) for link in links
    }
    house = House(
        policy=policy_of(config),
        voice=voice_of(config),
        run=run,
        paper=PaperKeys(keys, config.keys.read_cards()),
    )
    setting = Setting(
        store=store,
        clock=clock,
        keys=keys,
        pins=pins,
        house=house,
        grammar=grammar_of(config),
        country=config.network.country,
        rules={link.name: rules_of(link) for link in config.links},
        in_flight_max=config.daemon.in_flight_max
        or max(1, round(pins.calibrated_rate * _IN_FLIGHT_S)),
        newest_ms=newest_ms,
    )
    gateway = Gateway(setting, senders, routing)
    alerting = Alerting(routing, house.voice, ways.alerts_of(config), gateway.time)
    return Running(
        config=config,
        clock=clock,
        store=store,
        keys=keys,
        pins=pins,
        gateway=gateway,
        links=links,
        senders=senders,
        routing=routing,
        housekeeping=Housekeeping(
            store, clock, senders, time=gateway.time, house=house, more=alerting.works
        ),
        campaigning=_campaigning(config, store, clock, senders, gateway),
        site=web.Site.of(config, gateway, store, clock, links),
    )


def _campaigning(
    config: Config,
    store: Store,
    clock: Clock,
    senders: Mapping[str, Sender],
    gateway: Gateway,
) -> Campaigning:
    return Campaigning(
        store,
        clock,
        senders,
        time=gateway.time,
        terms=terms_of(config),
        zone=ZoneInfo(config.network.timezone),
    )


def _work(
    running: Running, door: socket.Listening
) -> list[tuple[str, Coroutine[object, object, None]]]:
    """Everything that runs beside each other until the daemon stops."""
    work: list[tuple[str, Coroutine[object, object, None]]] = [
        ("socket", socket.serve(running.desk, door.path, door)),
        ("housekeeping", running.housekeeping.run()),
        ("routing", running.routing.run()),
        ("campaigning", running.campaigning.run()),
        ("watchdog", _watch(running)),
    ]
    if running.site is not None:
        work.append(("web", web.serve(running.site)))
    for link in running.links:
        work.append((f"link {link.name}", link.run(running.gateway)))
        work.append((f"sender {link.name}", running.senders[link.name].run()))
    return work


async def _watch(running: Running) -> None:
    """Tell systemd that we live, while the loop turns and the ledger can be written."""
    interval_s = notify.watchdog_interval_s()
    while interval_s is not None:
        try:
            await running.store.write(lambda _: None)
            notify.notify("WATCHDOG=1")
        except StoreError as error:
            notify.notify(f"STATUS={error}")
        await asyncio.sleep(interval_s)


async def _drain(running: Running) -> None:
    """Take nothing new in, and let what is on its way be settled."""
    running.gateway.stop_receiving()
    for sender in running.senders.values():
        sender.stop()
    try:
        async with asyncio.timeout(DRAIN_S):
            await running.gateway.idle.wait()
            for sender in running.senders.values():
                await sender.idle.wait()
    except TimeoutError:
        log.warning("daemon.undrained", why="texts on their way become unsure")


def run(config: Config) -> int:
    """Run the daemon until SIGTERM or SIGINT; return the exit code."""
    logs.setup(level=config.logs.level, form=config.logs.format)
    # The loop and the writer share one lock of the interpreter. At the usual 5 ms a
    # busy loop keeps the writer waiting after each statement: measured at 200 payments
    # a second, the 99th percentile was 309 ms, and 42 ms at this.
    sys.setswitchinterval(_SWITCH_S)
    asyncio.run(_until_stopped(config))
    return 0


def _keep_what_stays() -> None:
    """Have the collector look no more at what lives as long as the process.

    That is nearly all there is. Looking through it stopped every thread for 50 ms,
    every ten seconds at 200 payments a second: the worst waits of all. Not done by
    `serve`, which a process may call many times.
    """
    gc.collect()
    gc.freeze()


async def _until_stopped(config: Config) -> None:
    stop, up = asyncio.Event(), asyncio.Event()
    loop, life = asyncio.get_running_loop(), asyncio.current_task()

    def stopping() -> None:
        stop.set()
        # A start can hang on a disk that fails, and must end when it is told to.
        if life is not None and not up.is_set():
            life.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping)
    try:
        async with serve(config):
            up.set()
            _keep_what_stays()
            await stop.wait()
    except asyncio.CancelledError:
        if up.is_set() or not stop.is_set():
            raise
        log.warning("daemon.unstarted", why="it was told to stop before it was up")
