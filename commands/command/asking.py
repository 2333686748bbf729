"""What is said about asking for money, calling it off and giving it back.

Frozen values, as in `commands.command`; read by `commands.asking`, carried out by
`smsgate.handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from commands.command.names import Keyword, Recipient
from commands.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """COBRAR: ask another member to pay."""

    keyword: ClassVar[Keyword] = Keyword.cobrar
    #: Who is to pay.
    recipient: Recipient
    #: Minor units, above zero.
    amount: int
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """ANULAR: a question or request by its token, a payment by its reference.

    With neither, whatever is open.
    """

    keyword: ClassVar[Keyword] = Keyword.anular
    token: int | None = None
    #: Ten digits, check digit right or not.
    ref: str | None = None
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """DEVOLVER: give a payment back, or ask for it back."""

    keyword: ClassVar[Keyword] = Keyword.devolver
    #: Ten digits, check digit right or not.
    ref: str
    #: Minor units, above zero; None: all that is left of it.
    amount: int | None = None
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowReceipt:
    """ULTIMO: a receipt once more, the last one where no reference is given."""

    keyword: ClassVar[Keyword] = Keyword.ultimo
    ref: str | None = None
