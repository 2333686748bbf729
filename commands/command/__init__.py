"""What a member can mean: frozen values, one for each command, and `Misread`.

Made by `commands.parse`; carried out by `smsgate.handlers`. Amounts are minor units,
phones E.164, PINs `Secret`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from commands.command.asking import Cancel, Charge, Refund, ShowReceipt
from commands.command.market import DropAd, FindOffers, Need, Offer
from commands.command.names import Alias, Code, Keyword, Phone, Recipient
from commands.command.people import (
    AskWho,
    CallMe,
    ChangeAlias,
    Dispute,
    Guard,
    HideBalance,
    Join,
    OptOut,
    Promotions,
    ShowCredit,
)
from commands.command.till import (
    AskCard,
    ManageTill,
    SetWord,
    ShowTotals,
    TillChange,
    UseVoucher,
)
from commands.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Alias",
    "Answer",
    "AskCard",
    "AskWho",
    "Bare",
    "Block",
    "CallMe",
    "Cancel",
    "ChangeAlias",
    "ChangePin",
    "Charge",
    "Code",
    "Command",
    "Dispute",
    "DropAd",
    "FindOffers",
    "Guard",
    "Help",
    "HideBalance",
    "Info",
    "Join",
    "Keyword",
    "ManageTill",
    "Misread",
    "Need",
    "Offer",
    "OpenMenu",
    "OptOut",
    "Pay",
    "Phone",
    "Promotions",
    "Reading",
    "Recipient",
    "Refund",
    "Said",
    "SetLanguage",
    "SetWord",
    "ShowBalance",
    "ShowCredit",
    "ShowHistory",
    "ShowReceipt",
    "ShowTotals",
    "TillChange",
    "UseVoucher",
    "Verify",
    "Why",
    "keyword_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """PAGAR: pay a member, at once with a PIN, in two steps without."""

    keyword: ClassVar[Keyword] = Keyword.pagar
    recipient: Recipient
    #: Minor units, above zero.
    amount: int
    pin: Secret | None = None
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowBalance:
    """SALDO."""

    keyword: ClassVar[Keyword] = Keyword.saldo
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHistory:
    """MOVS: the page counts from 1."""

    keyword: ClassVar[Keyword] = Keyword.movs
    page: int = 1
    pin: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """VER: is this receipt genuine? Ten digits, check digit right or not."""

    keyword: ClassVar[Keyword] = Keyword.ver
    ref: str


class Said(StrEnum):
    """How a question was answered."""

    yes = "yes"
    no = "no"
    #: A bare PIN, or a token and a PIN, without SI or NO.
    pin = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """SI, NO or a bare PIN; the house knows to which question."""

    said: Said
    token: int | None = None
    pin: Secret | None = None
    #: The same digits where they may be a code of the member's card.
    card: Secret | None = None

    @property
    def keyword(self) -> Keyword:
        """NO, or SI for everything that agrees."""
        return Keyword.no if self.said is Said.no else Keyword.si


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePin:
    """PIN: the old PIN or a one-time code of eight digits, and the new one twice."""

    keyword: ClassVar[Keyword] = Keyword.pin
    old: Secret
    new: Secret
    again: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """ROBO: from the member's own phone; with a code, for another member's."""

    keyword: ClassVar[Keyword] = Keyword.robo
    code: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLanguage:
    """IDIOMA: `language` is "es", "en", or None where the word was not understood."""

    keyword: ClassVar[Keyword] = Keyword.idioma
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """AYUDA: one page of the commands, or one command."""

    keyword: ClassVar[Keyword] = Keyword.ayuda
    topic: Keyword | None = None
    #: Counts from 1; nothing where there is a topic.
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMenu:
    """MENU."""

    keyword: ClassVar[Keyword] = Keyword.menu


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """A word of the network that only informs; `word` as the configuration has it."""

    keyword: ClassVar[None] = None
    word: str


Command = (
    Pay
    | ShowBalance
    | ShowHistory
    | Verify
    | Charge
    | Cancel
    | Refund
    | ShowReceipt
    | SetWord
    | ManageTill
    | ShowTotals
    | UseVoucher
    | AskCard
    | Answer
    | ChangePin
    | Block
    | SetLanguage
    | Offer
    | Need
    | FindOffers
    | DropAd
    | Help
    | Join
    | CallMe
    | Dispute
    | AskWho
    | ChangeAlias
    | ShowCredit
    | OptOut
    | Promotions
    | Guard
    | HideBalance
    | OpenMenu
    | Info
)


class Why(StrEnum):
    """Why a text was not understood; the first that applies is told."""

    #: Nothing but white space, emoji or punctuation.
    empty = "empty"
    #: A character that would be read as another number.
    strange_digits = "strange_digits"
    #: The first word is no command; `suggestions` may name some.
    unknown_word = "unknown_word"
    #: The first word lies between two commands (`suggestions`), or correcting it would
    #: move money on an incomplete text.
    which_word = "which_word"
    #: `¡` inside a word: a damaged `@`.
    damaged_alias = "damaged_alias"
    amount_unclear = "amount_unclear"
    #: Amount or PIN missing: one number only, and it could be either.
    amount_or_pin_missing = "amount_or_pin_missing"
    #: Five digits whose check digit is wrong, where a recipient must stand.
    code_mistyped = "code_mistyped"
    #: More than one reading of recipient, amount and PIN.
    two_readings = "two_readings"
    #: The keyword is right, the rest is not what it takes.
    syntax = "syntax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """A text with no single accepted reading, and why."""

    why: Why
    #: The command it was meant for, where its first word was read or corrected.
    keyword: Keyword | None = None
    #: Keywords, or words of the network that only inform.
    suggestions: tuple[Keyword | str, ...] = ()
    #: Whether the refusal must begin with "NO se pago".
    money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A text without a command word: what it could answer an open screen with."""

    #: One or two digits alone, else "".
    choice: str
    recipient: Recipient | None
    #: Minor units; None for anything unclear, and for what may be a PIN.
    amount: int | None
    #: Whether it asks to leave.
    leaves: bool
    #: Whether it is one word.
    alone: bool
    #: What it would be behind a command word.
    behind: Callable[[Keyword], Command | Misread] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One text as it was read; its `repr` shows nothing that could be a PIN."""

    #: Hidden: an amount or alias that was read wrongly may be the PIN.
    said: Command | Misread = field(repr=False)
    #: Safe to store, log and echo.
    redacted: str
    #: The whole text in one normal form; may hold a PIN, so only its MAC is kept.
    normal: str = field(repr=False)
    #: The first word as it was written, folded, when it is not a number; else "".
    word: str = ""
    #: What it could answer a screen with; None where a command word opens it.
    bare: Bare | None = field(default=None, repr=False)

    @property
    def has_secret(self) -> bool:
        """Whether the text holds a PIN or one-time code that must be checked."""
        # By attribute, so that no command to come can be forgotten here.
        return (
            isinstance(self.said, ChangePin)
            or getattr(self.said, "pin", None) is not None
        )

    @property
    def keyword(self) -> Keyword | None:
        """The keyword that the text was read as, for logs and the inbox row."""
        return keyword_of(self.said)


def keyword_of(said: Command | Misread) -> Keyword | None:
    """Return the keyword a value stands for; None for a text that has none."""
    return said.keyword
