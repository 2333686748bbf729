"""The emulated modem as its users see it: a port for a driver, a phone for a person.

What comes in: AT commands at the port, texts from phones, faults on demand. What goes
out: answers at the port, and every TPDU the driver submitted. It runs in a thread of
its own and every method may be called from any thread, so that tests, the demo and
training use the very driver that real modems use. The conversation goes on in
`modem.simulator.talk`.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Self

from modem.simulator.card import SimCard
from modem.simulator.faults import Faults
from modem.simulator.general import General, Identity
from modem.simulator.happenings import Happening
from modem.simulator.network import Network, Submitted
from modem.simulator.phone import Phones, Text
from modem.simulator.port import Port
from modem.simulator.sms import Messages
from modem.simulator.storage import Memory
from modem.simulator.talk import Talk
from modem.simulator.ussd import Codes

if TYPE_CHECKING:
    from collections.abc import Callable

#: Status "delivered" in a status report.
DELIVERED = 0


def wall_clock() -> datetime:
    """The network's own time, for use without a clock of the house."""
    return datetime.now(UTC)  # noqa: TID251 - a network keeps its own time


class EmulatedModem:
    """A GSM modem on a pseudo-terminal, with its SIM and the network behind it."""

    def __init__(
        self,
        *,
        imei: str = "490154203237518",
        number: str = "+50370009999",
        sim_pin: str | None = None,
        slots: int = 20,
        sm_slots: int = 10,
        sr_slots: int = 10,
        first_slot: int = 1,
        latency_s: float = 0.0,
        radio_s: float = 0.0,
        report_status: int | None = DELIVERED,
        clock: Callable[[], datetime] = wall_clock,
        link: Path | None = None,
    ) -> None:
        """Build it unplugged; `link` is a symbolic link that always names its port."""
        self._changed = threading.Condition(threading.RLock())
        self._plugged = False
        self._told = 0
        self._callbacks: list[Callable[[Submitted], None]] = []
        self._watchers: list[Callable[[Happening], None]] = []
        self._phones = Phones()
        self._port = Port(self, link)
        #: What goes wrong on demand.
        self.faults = Faults()
        #: The SIM, with its PIN and the tries left.
        self.card = SimCard(pin=sim_pin)
        self._network = Network(clock, report_status)
        #: USSD codes and how they are answered.
        self.codes = Codes(network=self._network)
        self._restarts = 0
        self._on_restart: list[Callable[[], None]] = []
        self._general = General(
            identity=Identity(imei=imei, number=number),
            card=self.card,
            network=self._network,
            say=self.say,
            say_afterwards=self._say_afterwards,
            set_echo=self._set_echo,
            codes=self.codes,
            restart=self._restart,
        )
        self._messages = Messages(
            general=self._general,
            network=self._network,
            memories={
                name: Memory(name=name, total=total, first=first_slot)
                for name, total in (("ME", slots), ("SM", sm_slots), ("SR", sr_slots))
            },
            say=self.say,
            happened=self._happened,
        )
        handlers = self._general.handlers() | self._messages.handlers()
        handlers["+CLAC"] = lambda _: [name for name in handlers if name]
        self._talk = Talk(handlers, self.faults, self._port.write, self.unplug)
        self._talk.latency_s, self._talk.radio_s = latency_s, radio_s

    @property
    def path(self) -> str:
        """What a driver opens."""
        return self._port.path

    @property
    def sent(self) -> list[Submitted]:
        """Every TPDU the network took, oldest first."""
        with self._changed:
            return list(self._network.sent)

    @property
    def texts(self) -> list[Text]:
        """Every whole text that phones show, oldest first."""
        with self._changed:
            return list(self._phones.texts)

    @property
    def ussd(self) -> dict[str, str]:
        """Answers to USSD codes, to be filled."""
        return self.codes.answers

    @property
    def airtime(self) -> Decimal | None:
        """Credit of the SIM, told to `*567#`; None: it never ends."""
        with self._changed:
            return self._network.airtime

    def top_up(self, amount: Decimal | None, price: Decimal = Decimal(0)) -> None:
        """Set the credit of the SIM, and what each message takes of it."""
        with self._changed:
            self._network.airtime, self._network.price = amount, price

    @property
    def restarts(self) -> int:
        """How often the driver had it restarted (AT+CFUN=1,1)."""
        return self._restarts

    def on_restart(self, callback: Callable[[], None]) -> None:
        """Have this called, in the modem's thread, when it is restarted."""
        with self._changed:
            self._on_restart.append(callback)

    def _restart(self) -> None:
        self._restarts += 1
        self._general.reset()
        self._messages.reset()
        self._general.function = 1
        self._talk.echo = True
        self.card.unlocked = False
        for callback in self._on_restart:
            callback()

    @property
    def waiting(self) -> int:
        """How many messages and reports wait in the network for room."""
        with self._changed:
            return len(self._network.messages) + len(self._network.reports)

    def stored(self, memory: str = "ME") -> dict[int, bytes]:
        """The PDUs in a memory by index."""
        with self._changed:
            slots = self._messages.memories[memory].slots
            return {index: slot.pdu for index, slot in slots.items()}

    def start(self) -> Self:
        """Plug it in."""
        self.replug()
        return self

    def close(self) -> None:
        """Pull it out for good; its thread has ended afterwards."""
        self.unplug()

    def __enter__(self) -> Self:
        """Plug it in."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Pull it out."""
        self.close()

    def unplug(self) -> None:
        """Hang up; what was under way is forgotten, what is stored stays."""
        self._port.unplug()
        with self._changed:
            self._plugged = False
            self._talk.reset()
            self._general.reset()
            self._messages.reset()
            self.card.unlocked = False
            self._changed.notify_all()

    def replug(self, link: Path | None = None) -> None:
        """Come back on a new terminal, under the same link or another."""
        self.unplug()
        with self._changed:
            self._plugged = True
        self._port.plug(link)

    def deliver_pdu(self, pdu: bytes) -> None:
        """Have the network deliver this PDU (SMSC address first), whatever it holds."""
        with self._changed:
            self._network.messages.append(pdu)
            self._receive()

    def store_pdu(self, pdu: bytes, memory: str = "ME") -> int:
        """Put bytes into a memory without a word and tell the index."""
        with self._changed:
            return self._messages.memories[memory].store(pdu)

    def deliver(self, sender: str, text: str, sent_at: datetime | None = None) -> None:
        """Have a phone send this text; a long one comes in parts."""
        at = sent_at or self._network.clock()
        with self._changed:
            self._network.messages.extend(self._phones.write(sender, text, at))
            self._receive()

    def report(self, submitted: Submitted, status: int = DELIVERED) -> None:
        """Send a status report by hand, wanted or not."""
        with self._changed:
            self._network.report(submitted, status)
            self._receive()

    def report_by_itself(self, status: int | None) -> None:
        """Which status wanted reports have from now on; None sends none."""
        with self._changed:
            self._network.report_status = status

    def on_submit(self, callback: Callable[[Submitted], None]) -> None:
        """Have this called, in the modem's thread, for every TPDU taken."""
        with self._changed:
            self._callbacks.append(callback)

    def on_happening(self, callback: Callable[[Happening], None]) -> None:
        """Have this called at every step of a message, before the driver hears of it.

        In the modem's thread and while it stands still, so it must be quick.
        """
        with self._changed:
            self._watchers.append(callback)

    @property
    def written(self) -> int:
        """How many bytes the driver was written since the plug was put in."""
        return self._port.traffic[0]

    @property
    def unread(self) -> int:
        """How many of these the driver has not read yet."""
        return self._port.traffic[1]

    def wait_sent(self, count: int, timeout_s: float = 10.0) -> list[Submitted]:
        """Wait until at least so many TPDUs were taken.

        Raises:
            TimeoutError: there were fewer when the time was over.
        """
        self._wait(lambda: len(self._network.sent) >= count, timeout_s)
        return self.sent

    def wait_texts(self, count: int, timeout_s: float = 10.0) -> list[Text]:
        """Wait until phones show at least so many whole texts.

        Raises:
            TimeoutError: there were fewer when the time was over.
        """
        self._wait(lambda: len(self._phones.texts) >= count, timeout_s)
        return self.texts

    def wait_stored(
        self, count: int, memory: str = "ME", timeout_s: float = 10.0
    ) -> dict[int, bytes]:
        """Wait until a memory holds exactly so many messages.

        Raises:
            TimeoutError: it never did before the time was over.
        """
        self._wait(lambda: self._messages.memories[memory].used == count, timeout_s)
        return self.stored(memory)

    def wait_unplugged(self, timeout_s: float = 10.0) -> None:
        """Wait until it is pulled out, by a fault or a callback.

        Raises:
            TimeoutError: it still was in when the time was over.
        """
        self._wait(lambda: not self._plugged, timeout_s)

    def wait_empty(self, timeout_s: float = 10.0) -> None:
        """Wait until every message is read out, deleted, and none waits.

        Raises:
            TimeoutError: there still were some when the time was over.
        """
        memories = self._messages.memories.values()
        self._wait(
            lambda: not self.waiting and not any(m.used for m in memories),
            timeout_s,
        )

    def _wait(self, done: Callable[[], bool], timeout_s: float) -> None:
        with self._changed:
            if not self._changed.wait_for(done, timeout_s):
                raise TimeoutError("the emulated modem did not get there in time")

    def register(self, status: int) -> None:
        """Change the registration: 1 home, 5 roaming, 2 searching, 0 none, 3 denied."""
        with self._changed:
            self._general.register(status)
            self._receive()

    def set_speed(self, *, latency_s: float = 0.0, radio_s: float = 0.0) -> None:
        """Change how long answers take, and the radio for each message sent."""
        with self._changed:
            self._talk.latency_s, self._talk.radio_s = latency_s, radio_s

    def set_signal(self, rssi: int) -> None:
        """Change what CSQ tells: 0 to 31, or 99 for unknown."""
        with self._changed:
            self._network.signal = rssi

    def say(self, *lines: str) -> None:
        """Write unsolicited lines, whatever they are."""
        with self._changed:
            self._talk.say(*lines)

    def garbage(self, data: bytes) -> None:
        """Write raw bytes, as a bad cable does."""
        self._port.write(data)

    def hear(self, data: bytes) -> None:
        """Take bytes from the port; for the port's thread."""
        with self._changed:
            self._talk.hear(data)

    def tick(self) -> float | None:
        """Do what is due and tell when more is; for the port's thread."""
        with self._changed:
            due = self._talk.tick()
            self._receive()
            fresh = self._network.sent[self._told :]
            self._told += len(fresh)
            for submitted in fresh:
                self._phones.show(submitted)
            callbacks = list(self._callbacks)
            self._changed.notify_all()
        # Outside the lock: a callback may wait for another thread.
        for submitted in fresh:
            for callback in callbacks:
                callback(submitted)
        return time.monotonic() if fresh and callbacks else due

    def _happened(self, happening: Happening) -> None:
        for watcher in self._watchers:
            watcher(happening)

    def _receive(self) -> None:
        if self._plugged:
            self._messages.receive()
            self._changed.notify_all()

    def _say_afterwards(self, *lines: str) -> None:
        self._talk.say_afterwards(*lines)

    def _set_echo(self, on: bool) -> None:  # noqa: FBT001 - it is a switch
        self._talk.echo = on
