"""A dialect: all that is known of how one vendor talks, as a value.

What comes in: the parts that `modem.aggregators.dialect.reading` has read and found
right. What goes out: a `Dialect`, the same for every link that speaks it; a link's own
settings and secrets are joined to it in `modem.aggregators.dialect.aggregator`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from modem.aggregators.dialect.answering import Answering
from modem.aggregators.dialect.template import EMPTY, Template
from modem.aggregators.keys import KeyFact
from modem.hooks import HookKind

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from modem.aggregators.dialect.hearing import ReportMapping, TextMapping
    from modem.aggregators.dialect.sending import Sending


class KeyForm(StrEnum):
    """What the value of a key looks like."""

    text = "text"
    url = "url"
    number = "number"


_FORMS = {
    KeyForm.text: (re.compile(r"[^\x00-\x1f\x7f]+"), "one line of text"),
    KeyForm.url: (
        re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[^\s?#\"<>]*)?", re.ASCII),
        "an address like https://example.org, without ? and #",
    ),
    KeyForm.number: (re.compile(r"-?[0-9]{1,9}", re.ASCII), "a whole number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectKey:
    """What a link that speaks a dialect may set."""

    hint: str
    secret: bool = False
    needed: bool = True
    #: None: what needs it is left out where the link has none.
    default: str | None = None
    form: KeyForm = KeyForm.text

    @property
    def fact(self) -> KeyFact:
        """What the configuration has to know of it."""
        needed = self.needed and self.default is None
        return KeyFact(secret=self.secret, needed=needed, hint=self.hint)

    def wrong(self, value: str) -> str:
        """Return what to write instead of a value; '' where it will do."""
        form, words = _FORMS[self.form]
        return "" if form.fullmatch(value) else f"write {words}; {self.hint}"


class SignatureScheme(StrEnum):
    """How a vendor's webhooks prove their origin."""

    none = "none"
    basic = "basic"
    bearer = "bearer"
    header = "header"
    hmac = "hmac"
    jwt_hs256 = "jwt-hs256"
    ed25519 = "ed25519"
    twilio = "twilio"
    vonage = "vonage"
    plivo_v2 = "plivo-v2"
    plivo_v3 = "plivo-v3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A declared signature; its templates take the link's keys."""

    scheme: SignatureScheme = SignatureScheme.none
    hash: str = "sha256"
    encoding: str = "hex"
    header: str = ""
    parts: tuple[str, ...] = ("body",)
    time_header: str = ""
    nonce_header: str = ""
    prefix: str = ""
    issuer: str = ""
    method: str = "md5hash"
    key: Template = EMPTY
    user: Template = EMPTY
    password: Template = EMPTY
    token: Template = EMPTY
    audience: Template = EMPTY
    public_key: Template = EMPTY
    window_s: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one vendor talks."""

    about: str
    #: The day on which its facts were looked up.
    facts: datetime.date | None = None
    keys: Mapping[str, DialectKey] = field(default_factory=dict)
    sending: Sending | None = None
    answering: Answering = field(default_factory=Answering)
    texts: TextMapping | None = None
    reports: ReportMapping | None = None
    signing: Signing = field(default_factory=Signing)
    idempotent: bool = False
    keeps_sender: bool = True
    trusted: bool = False
    hook_answer: str = ""

    def mappings(self, kind: HookKind) -> tuple[TextMapping | ReportMapping, ...]:
        """Return what may read a webhook, its own kind first.

        A vendor that sends everything to one address is understood there, as long as
        its messages say what they are.
        """
        texts, reports = self.texts, self.reports
        match kind:
            case HookKind.incoming:
                first: TextMapping | ReportMapping | None = texts
                second: TextMapping | ReportMapping | None = reports
            case HookKind.report:
                first, second = reports, texts
            case HookKind.ussd:
                return ()
            case _:
                assert_never(kind)
        other = second if second is not None and second.message.when else None
        return tuple(one for one in (first, other) if one is not None)
