"""A dialect with one link's settings: the vendor, as `modem.http` talks to it.

What comes in: a `Dialect` and the values of its keys, secrets among them. What goes
out: an `Aggregator`. Whoever prints it prints no value; the values live here and in the
requests that are being sent, nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modem.aggregators import signatures
from modem.aggregators.dialect.signing import scheme_of
from modem.aggregators.dialect.trial import try_out
from modem.aggregators.dialect.values import Dialect
from modem.aggregators.keys import BadDialect
from modem.aggregators.wire import Heard, HttpRequest, Traits
from modem.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.aggregators.wire import HttpAnswer, Outcome
    from modem.hooks import Hook
    from modem.link import Outgoing

#: Beside a dialect's own keys: where the vendor is to send its reports.
REPORT_URL = "report_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectAggregator:
    """One vendor, declared; fulfils `modem.aggregators.wire.Aggregator`."""

    dialect: Dialect = field(repr=False)
    #: By the names of the dialect's keys, and "report_url" where the link has one.
    values: Mapping[str, str] = field(repr=False)
    scheme: signatures.Scheme = field(repr=False)

    @property
    def traits(self) -> Traits:
        """What it can do, as declared."""
        dialect = self.dialect
        sending = dialect.sending
        return Traits(
            send=sending is not None,
            receive=dialect.texts is not None,
            report=dialect.reports is not None,
            sent_times=dialect.texts is not None and bool(dialect.texts.sent_at),
            idempotent=dialect.idempotent,
            keeps_sender=dialect.keeps_sender,
            trusted=dialect.trusted,
            hook_ok_body=dialect.hook_answer.encode(),
            window=4 if sending is None else sending.window,
            timeout_s=15.0 if sending is None else sending.timeout_s,
        )

    def request(self, outgoing: Outgoing) -> HttpRequest:
        """Write the request that sends this text."""
        if self.dialect.sending is None:
            raise Rejected("this link does not send: its dialect has no [send]")
        return self.dialect.sending.request(outgoing, self.values, self.secret)

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read what became of it; never raises, whatever the bytes."""
        return self.dialect.answering.outcome(answer)

    def verify(self, hook: Hook) -> str:
        """Check signature and time window; return a nonce to be seen once, or ''.

        Raises:
            Forged: it does not come from the vendor, or is replayed.
        """
        return signatures.check(
            self.scheme, hook, window_s=self.dialect.signing.window_s
        )

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read what a verified webhook brings; empty: nothing that concerns us.

        Raises:
            Unreadable: it is not what the vendor documents.
        """
        for mapping in self.dialect.mappings(hook.kind):
            found: tuple[Heard, ...] = tuple(mapping.hear(hook))
            if found:
                return found
        return ()

    @property
    def secret(self) -> bytes:
        """What tells this link's texts from those of another network's."""
        own = sorted(name for name, key in self.dialect.keys.items() if key.secret)
        return "\0".join(
            self.values[name] for name in own if name in self.values
        ).encode()


def bind(dialect: Dialect, options: Mapping[str, object]) -> DialectAggregator:
    """Join a dialect and what a link sets for its keys.

    Raises:
        BadDialect: a key is unknown, missing, of a wrong form, or makes bad requests.
    """
    values = _given(dialect, options)
    for name, key in dialect.keys.items():
        if name not in values and key.default is not None:
            values[name] = key.default
        if name not in values:
            if key.needed:
                raise BadDialect(name, f"it is missing; {key.hint}")
        elif wrong := key.wrong(values[name]):
            raise BadDialect(name, wrong)
    made = DialectAggregator(
        dialect=dialect, values=values, scheme=_scheme(dialect, values)
    )
    if dialect.sending is not None:
        missing = sorted(dialect.sending.needed - values.keys())
        if missing:
            raise BadDialect(missing[0], "there is no request without it: set it")
        try_out(dialect.sending, values, made.secret)
    return made


def _given(dialect: Dialect, options: Mapping[str, object]) -> dict[str, str]:
    """Return what a link sets, as texts; an empty one is not set."""
    values = {}
    for name, option in options.items():
        if name != REPORT_URL and name not in dialect.keys:
            known = ", ".join(dialect.keys) or "none"
            raise BadDialect(name, f"this dialect has no such key; there are {known}")
        if not isinstance(option, (str, int)) or isinstance(option, bool):
            raise BadDialect(name, "write a text in quotation marks")
        if option != "":
            values[name] = str(option)
    return values


def _scheme(dialect: Dialect, values: Mapping[str, str]) -> signatures.Scheme:
    try:
        return scheme_of(dialect.signing, values)
    except BadDialect as error:
        raise BadDialect(f"signature.{error.path}", error.hint) from error
