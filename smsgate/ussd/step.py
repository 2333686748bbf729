"""The values of a step: what was dialled, and what it is answered with.

What comes in: `modem.ussd.Dialled`, read and keyed by `smsgate.ussd.desk`. What goes
out: frozen values that `smsgate.ussd.stepping` works with inside the transaction; none
of them prints the input.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commands.reply import Page, WeakPin
from smsgate.members.pins import Checked, NewVerifier, PreparedChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.command import Bare
    from commands.reply import Voice
    from commands.secret import Secret
    from smsgate.handlers import Case
    from smsgate.members import Till
    from smsgate.messages.sessions import Session

#: What was found out about a PIN beforehand, in a thread.
Evidence = Checked | PreparedChange | NewVerifier | WeakPin

#: A screen of `smsgate.messages.sessions` that shows a result, and is none of the tree.
SHOWN = "shown"
#: The screens that ask for a PIN, or for the code that a first one is made with.
PINS = frozenset(
    {Page.pay_pin, Page.pin, Page.code, Page.old_pin, Page.new_pin, Page.again_pin}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was typed on one screen."""

    #: One or two digits alone, else "".
    choice: str
    #: What it could answer a screen of the tree with.
    bare: Bare | None = field(repr=False)
    #: Exactly as many digits as a PIN has.
    pin: Secret | None = None
    #: Exactly as many digits as a one-time code has.
    code: Secret | None = None

    def secret(self, page: str) -> Secret | None:
        """Return what a screen that asks for a PIN or a code can use of it."""
        return self.code if page == Page.code else self.pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """One step of a session as its transaction needs it."""

    link: str
    session: str
    #: The service code.
    code: str
    #: E.164; None: a number that is no subscriber's.
    phone: str | None
    trusted: bool
    #: Equal exactly when the same step comes again.
    key: bytes
    #: What is new in this step.
    entry: Entry = field(repr=False)
    #: All input of the session; what was dialled at once, when it is the first step.
    parts: tuple[str, ...] = field(repr=False)
    #: Read another input.
    read: Callable[[str], Entry] = field(repr=False)
    #: What stands between units and hundredths of an amount, and how many digits behind
    #: it; 0: the unit has none.
    decimal: str = "."
    decimals: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One step of a member's session while it is decided."""

    case: Case
    dial: Dial
    #: In the member's language.
    voice: Voice
    #: Where the session stood before this step.
    session: Session
    #: The till whose phone it is; its owner is the sender of the case.
    till: Till | None
    evidence: Evidence | None

    @property
    def home(self) -> Page:
        """The screen that a session opens with."""
        return Page.root if self.till is None else Page.till


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a step is answered with."""

    text: str
    ends: bool
    #: The reply's name, for the log.
    outcome: str
    #: False: the step was seen before, nothing was done.
    fresh: bool = True
    account: int | None = None
