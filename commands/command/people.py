"""What is said about people: joining, who is who, guardians, being left alone.

Frozen values, as in `commands.command`; read by `commands.people`, carried out by
`smsgate.handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from commands.command.names import Keyword, Recipient
from commands.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """ALTA: somebody wants to be a member; the name as written, redacted."""

    keyword: ClassVar[Keyword] = Keyword.alta
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMe:
    """LLAMAR: staff are to call; what about, redacted, or empty."""

    keyword: ClassVar[Keyword] = Keyword.llamar
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """RECLAMO: something is wrong with a payment; the words redacted."""

    keyword: ClassVar[Keyword] = Keyword.reclamo
    ref: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWho:
    """QUIEN: who has this phone, code or alias?"""

    keyword: ClassVar[Keyword] = Keyword.quien
    recipient: Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAlias:
    """ALIAS: the word to be paid by, folded; it may be one that nobody can have."""

    keyword: ClassVar[Keyword] = Keyword.alias
    word: str
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCredit:
    """CREDITO: limit and what is used of it; or, with words, a request to staff."""

    keyword: ClassVar[Keyword] = Keyword.credito
    pin: Secret | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """BAJA: no promotions any more; `notices`: no notices of matches either."""

    keyword: ClassVar[Keyword] = Keyword.baja
    notices: bool = False
    #: Said as CANCELAR or SALIR, which may have meant something else.
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotions:
    """PROMOS: whether promotions are wanted."""

    keyword: ClassVar[Keyword] = Keyword.promos
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """GUARDIAN: this member is to guard the sender's account, or no more (`drop`)."""

    keyword: ClassVar[Keyword] = Keyword.guardian
    recipient: Recipient
    drop: bool = False
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HideBalance:
    """SALDO OCULTO and SALDO VISIBLE: whether receipts tell the balance."""

    keyword: ClassVar[Keyword] = Keyword.saldo
    hidden: bool
    pin: Secret | None = None
