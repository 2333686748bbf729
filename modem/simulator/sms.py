"""The message commands of an emulated modem, in PDU mode.

What comes in: a `Request`, the PDU typed at `> `, and what waits in the network. What
goes out: stored messages, `+CMTI`, `+CMT`, `+CDSI` and `+CDS` as CNMI asks, references
of submitted messages, and the error codes of 3GPP TS 27.005. Memories are switched
with CPMS for reading, writing and receiving apart. The network is
`modem.simulator.network`.
"""

from __future__ import annotations

import binascii
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modem.simulator.happenings import Happening, What
from modem.simulator.pdus import is_submit, tpdu_of
from modem.simulator.request import Form, Handler, Lines, Prompt, Refused, Request
from modem.simulator.storage import Memory, Slot, Stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from modem.simulator.general import General
    from modem.simulator.network import Network

#: What networks say of a SIM without credit: the transfer is rejected.
_NO_CREDIT = "+CMS ERROR: 21"
_NOT_ALLOWED = "+CMS ERROR: 302"
_NOT_SUPPORTED = "+CMS ERROR: 303"
_BAD_PDU = "+CMS ERROR: 304"
_PIN_WANTED = "+CMS ERROR: 311"
_BAD_INDEX = "+CMS ERROR: 321"
_NO_NETWORK = "+CMS ERROR: 331"

_ALL = 4
#: What the second argument of CMGD frees, by number.
_FLAGS = {
    1: {Stored.read},
    2: {Stored.read, Stored.sent},
    3: {Stored.read, Stored.sent, Stored.unsent},
    4: set(Stored),
}


@dataclass(slots=True, kw_only=True)
class Messages:
    """State behind the message commands."""

    general: General
    network: Network
    memories: dict[str, Memory]
    #: Write unsolicited lines.
    say: Callable[..., None]
    #: Told of every step of a message.
    happened: Callable[[Happening], None]
    #: Memories to read from, to write to and to receive into.
    chosen: list[str] = field(default_factory=lambda: ["ME", "ME", "ME"])
    #: CNMI: mode, mt, bm, ds, bfr.
    notify: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])

    def handlers(self) -> dict[str, Handler]:
        """Every message command by name."""
        return {
            "+CMGF": self.cmgf,
            "+CPMS": self.cpms,
            "+CNMI": self.cnmi,
            "+CMGL": self.cmgl,
            "+CMGR": self.cmgr,
            "+CMGD": self.cmgd,
            "+CMGS": self.cmgs,
            "+CNMA": lambda _: [],
        }

    def reset(self) -> None:
        """Go back to the choices at power-on; messages stay."""
        self.chosen = ["ME", "ME", "ME"]
        self.notify = [0, 0, 0, 0, 0]

    @property
    def _reading(self) -> Memory:
        return self.memories[self.chosen[0]]

    def _require_card(self) -> None:
        if not self.general.ready:
            raise Refused(_PIN_WANTED)

    def cmgf(self, request: Request) -> Lines:
        """PDU mode is the only one."""
        if request.form is Form.write and request.number(0) != 0:
            raise Refused(_NOT_SUPPORTED)
        words = {Form.test: ["+CMGF: (0)"], Form.read: ["+CMGF: 0"]}
        return words.get(request.form, [])

    def cpms(self, request: Request) -> Lines:
        """Choose memories, or tell how full they are."""
        self._require_card()
        if request.form is Form.test:
            return ['+CPMS: ("ME","SM","SR"),("ME","SM"),("ME","SM")']
        if request.form is Form.write:
            return [f"+CPMS: {','.join(self._choose(request.arguments))}"]
        told = (
            f'"{name}",{usage}'
            for name, usage in zip(self.chosen, self._usages(), strict=True)
        )
        return [f"+CPMS: {','.join(told)}"]

    def _choose(self, names: tuple[str, ...]) -> list[str]:
        allowed = all(
            name in self.memories and (name != "SR" or place == 0)
            for place, name in enumerate(names)
        )
        if not allowed or not 1 <= len(names) <= len(self.chosen):
            raise Refused(_NOT_ALLOWED)
        self.chosen[: len(names)] = names
        return self._usages()

    def _usages(self) -> list[str]:
        memories = (self.memories[name] for name in self.chosen)
        return [f"{memory.used},{memory.total}" for memory in memories]

    def cnmi(self, request: Request) -> Lines:
        """How arrivals are told."""
        if request.form is Form.test:
            return ["+CNMI: (0-2),(0-2),(0),(0-2),(0,1)"]
        if request.form is Form.read:
            return [f"+CNMI: {','.join(map(str, self.notify))}"]
        values = [request.number(place, 0) for place in range(len(self.notify))]
        if any(value > 2 for value in values):
            raise Refused(_NOT_SUPPORTED)
        self.notify = values
        return []

    def cmgl(self, request: Request) -> Lines:
        """List messages by state; listing marks them as read."""
        self._require_card()
        if request.form is Form.test:
            return ["+CMGL: (0-4)"]
        wanted = request.number(0, 0)
        if wanted > _ALL:
            raise Refused(_NOT_ALLOWED)
        listed = [
            (index, slot)
            for index, slot in sorted(self._reading.slots.items())
            if wanted in {_ALL, slot.stored}
        ]
        for _, slot in listed:
            self.happened(Happening(what=What.listed, pdu=slot.pdu))
        return [
            line for index, slot in listed for line in _told(f"+CMGL: {index},", slot)
        ]

    def cmgr(self, request: Request) -> Lines:
        """Read one message, which marks it as read."""
        self._require_card()
        slot = self._reading.slots.get(request.number(0))
        if slot is None:
            raise Refused(_BAD_INDEX)
        self.happened(Happening(what=What.listed, pdu=slot.pdu))
        return _told("+CMGR: ", slot)

    def cmgd(self, request: Request) -> Lines:
        """Free one slot, or all slots in some states."""
        self._require_card()
        memory = self._reading
        if request.form is Form.test:
            return [f"+CMGD: ({','.join(map(str, sorted(memory.slots)))}),(0-4)"]
        flag = request.number(1, 0)
        before = dict(memory.slots)
        if flag in _FLAGS:
            memory.delete(_FLAGS[flag])
        elif request.number(0) in memory.indices():
            memory.slots.pop(request.number(0), None)
        else:
            raise Refused(_BAD_INDEX)
        for index in before.keys() - memory.slots.keys():
            self.happened(Happening(what=What.deleted, pdu=before[index].pdu))
        self.receive()
        return []

    def cmgs(self, request: Request) -> Lines | Prompt:
        """Ask for a PDU of the given length and hand it to the network."""
        self._require_card()
        if request.form is Form.test:
            return []
        length = request.number(0)
        if length < 0:
            raise Refused(_BAD_PDU)
        return Prompt(finish=lambda body: self._submit(length, body), came=self._typed)

    def _typed(self, body: bytes) -> None:
        with contextlib.suppress(binascii.Error):
            pdu = binascii.unhexlify(body.strip())
            self.happened(Happening(what=What.typed, pdu=pdu))

    def _submit(self, length: int, body: bytes) -> Lines:
        try:
            tpdu = tpdu_of(binascii.unhexlify(body.strip()))
        except binascii.Error:
            raise Refused(_BAD_PDU) from None
        if len(tpdu) != length or not is_submit(tpdu):
            raise Refused(_BAD_PDU)
        if not self.general.registered:
            raise Refused(_NO_NETWORK)
        if self.network.broke:
            raise Refused(_NO_CREDIT)
        submitted = self.network.take(tpdu)
        return [f"+CMGS: {submitted.reference}"]

    def receive(self) -> None:
        """Take from the network what waits there, as far as there is room."""
        if not self.general.registered:
            return
        while self.network.messages and self._receive(self.network.messages[0]):
            self.network.messages.popleft()
        while self.network.reports and self._report(self.network.reports[0]):
            self.network.reports.popleft()

    def _receive(self, pdu: bytes) -> bool:
        mode, mt, *_ = self.notify
        if mode and mt == 2:
            self.say(f"+CMT: ,{len(tpdu_of(pdu))}\r\n{_hex(pdu)}")
            return True
        memory = self.memories[self.chosen[2]]
        if not memory.has_room():
            return False
        index = memory.store(pdu)
        if mode and mt == 1:
            self.say(f'+CMTI: "{memory.name}",{index}')
        return True

    def _report(self, pdu: bytes) -> bool:
        mode, _, _, ds, _ = self.notify
        if ds == 1 and mode:
            self.say(f"+CDS: {len(tpdu_of(pdu))}\r\n{_hex(pdu)}")
        if ds != 2:
            # Nobody asked for reports to be kept, so they are lost, as on air.
            return True
        memory = self.memories["SR"]
        if not memory.has_room():
            return False
        index = memory.store(pdu)
        if mode:
            self.say(f'+CDSI: "SR",{index}')
        return True


def _told(head: str, slot: Slot) -> Lines:
    """One message as CMGL and CMGR show it; it counts as read from now on."""
    length = max(len(tpdu_of(slot.pdu)), 0)
    line = f"{head}{slot.stored.value},,{length}\r\n{_hex(slot.pdu)}"
    if slot.stored is Stored.unread:
        slot.stored = Stored.read
    return [line]


def _hex(pdu: bytes) -> str:
    return pdu.hex().upper()
