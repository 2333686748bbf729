"""The message slots of an emulated modem: memories "ME", "SM" and "SR".

What comes in: PDUs as the network hands them over, and the indices that `AT+CMGL`,
`AT+CMGR` and `AT+CMGD` name. What goes out: numbered slots. Slots are few, keep their
number until they are deleted and are filled lowest first, as on a real SIM, because
drivers go wrong exactly there. Used by `modem.simulator.sms`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Stored(IntEnum):
    """State of a stored message, with the numbers PDU mode gives them."""

    unread = 0
    read = 1
    unsent = 2
    sent = 3


@dataclass(slots=True, kw_only=True)
class Slot:
    """One stored message; `pdu` begins with the SMSC address."""

    pdu: bytes = field(repr=False)
    stored: Stored = Stored.unread


@dataclass(slots=True, kw_only=True)
class Memory:
    """A numbered memory of fixed size."""

    name: str
    total: int
    first: int = 1
    slots: dict[int, Slot] = field(default_factory=dict, repr=False)

    @property
    def used(self) -> int:
        """How many slots hold a message."""
        return len(self.slots)

    def has_room(self) -> bool:
        """Whether one more message fits."""
        return self.used < self.total

    def indices(self) -> range:
        """Every index there is, used or not."""
        return range(self.first, self.first + self.total)

    def store(self, pdu: bytes, stored: Stored = Stored.unread) -> int:
        """Put a PDU into the lowest free slot and tell its index.

        Raises:
            IndexError: every slot is used.
        """
        for index in self.indices():
            if index not in self.slots:
                self.slots[index] = Slot(pdu=pdu, stored=stored)
                return index
        raise IndexError(f"memory {self.name} is full")

    def delete(self, states: set[Stored]) -> None:
        """Free every slot whose message is in one of these states."""
        for index in [i for i, slot in self.slots.items() if slot.stored in states]:
            del self.slots[index]
