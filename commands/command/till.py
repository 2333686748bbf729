"""What is said about tills, secret words, vouchers and code cards.

Frozen values, as in `commands.command`; read by `commands.till`, carried out by
`smsgate.handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from commands.command.names import Keyword
from commands.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWord:
    """PALABRA: the word that is to open the member's genuine receipts, in capitals."""

    keyword: ClassVar[Keyword] = Keyword.palabra
    word: str
    pin: Secret | None = None


class TillChange(StrEnum):
    """What is to be done about tills."""

    add = "add"
    drop = "drop"
    #: Tell which there are.
    list = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageTill:
    """CAJERO: a phone that is to receive for the member, or no longer."""

    keyword: ClassVar[Keyword] = Keyword.cajero
    change: TillChange
    #: E.164; None where only a name was given.
    phone: str | None = None
    name: str = ""
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTotals:
    """CIERRE: what was received on a day, by till; the page counts from 1."""

    keyword: ClassVar[Keyword] = Keyword.cierre
    #: How many days ago, where no date is given.
    ago: int = 0
    #: Day and month.
    date: tuple[int, int] | None = None
    page: int = 1
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseVoucher:
    """VALE: the ten digits of a voucher, check digit right or not."""

    keyword: ClassVar[Keyword] = Keyword.vale
    number: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCard:
    """TARJETA: the member wants a code card."""

    keyword: ClassVar[Keyword] = Keyword.tarjeta
