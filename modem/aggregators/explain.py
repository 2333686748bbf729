"""What a message would mean in a dialect, told field by field.

What comes in: a vendor's dialect and a message that was kept in a file. What goes out:
one sentence and, for each field, where it was looked for and what stands there. Nothing
is sent, kept or believed. Texts go through the caller's `redact`, so that no PIN is
shown; `smsgate link dialect` prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from modem.aggregators.dialect.answering import retry_after_s
from modem.aggregators.dialect.hearing import ReportMapping, TextMapping
from modem.aggregators.dialect.picking import NoTree, of_answer, of_hook
from modem.aggregators.wire import (
    Accepted,
    HeardReport,
    HeardText,
    NotNow,
    Perhaps,
    Refused,
)
from modem.hooks import HookKind, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from modem.aggregators.dialect import Dialect
    from modem.aggregators.dialect.picking import Pick
    from modem.aggregators.wire import HttpAnswer
    from modem.hooks import Hook

_SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a message."""

    name: str
    #: Where the dialect looks for it; empty: it follows from others.
    place: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a message means."""

    #: "text", "report", "ignored", "unreadable", or an outcome: "accepted", "refused",
    #: "not_now", "perhaps".
    meaning: str
    sentence: str
    fields: tuple[Field, ...] = ()


def explain_hook(
    dialect: Dialect, hook: Hook, redact: Callable[[str], str]
) -> Explanation:
    """Tell what a webhook brings; its signature is not looked at."""
    try:
        for mapping in dialect.mappings(hook.kind):
            match mapping:
                case TextMapping():
                    texts = tuple(mapping.hear(hook))
                    if texts:
                        return _texts(mapping, texts, redact)
                case ReportMapping():
                    reports = tuple(mapping.hear(hook))
                    if reports:
                        return _reports(mapping, reports)
                case _:
                    assert_never(mapping)
    except Unreadable as error:
        return Explanation(
            meaning="unreadable", sentence=f"Answered with 400: {error}."
        )
    return Explanation(
        meaning="ignored",
        sentence="Acknowledged and ignored: neither a text nor a report that counts.",
        fields=tuple(_why_ignored(dialect, hook, redact)),
    )


def explain_answer(dialect: Dialect, answer: HttpAnswer) -> Explanation:
    """Tell what became of a text that was answered so."""
    answering = dialect.answering
    rule = answering.kind(answer.status, of_answer(answer))
    status = Field(name="status", place="", value=str(answer.status))
    by = Field(
        name="rule", place=f"answer.{rule}" if rule else "", value=rule or "none"
    )
    outcome = answering.outcome(answer)
    match outcome:
        case Accepted() as taken:
            meaning, sentence = "accepted", "The vendor took the text."
            found = [_field("id", answering.id, one) for one in taken.references] or [
                _field("id", answering.id, "")
            ]
        case Refused() as refused:
            meaning, sentence = "refused", "It will never take this text."
            found = [
                _field("code", answering.code, refused.code),
                _field("reason", answering.reason, refused.reason),
            ]
            if refused.opted_out:
                sentence = "The number opted out with the vendor."
        case NotNow() as later:
            meaning, sentence = "not_now", "Nothing was sent; it is tried again."
            after_s = retry_after_s(answer)
            told = "" if after_s is None else f"{after_s:g} s"
            found = [
                _field("reason", answering.reason, later.reason),
                Field(name="after", place="header:Retry-After", value=told),
            ]
        case Perhaps() as perhaps:
            meaning = "perhaps"
            sentence = "It may have been sent: no rule knows this answer."
            found = [_field("reason", answering.reason, perhaps.reason)]
        case _:
            assert_never(outcome)
    return Explanation(meaning=meaning, sentence=sentence, fields=(status, by, *found))


def _texts(
    mapping: TextMapping, texts: tuple[HeardText, ...], redact: Callable[[str], str]
) -> Explanation:
    fields = []
    for text in texts:
        fields += [
            _field("from", mapping.sender, text.sender),
            _field("text", mapping.text, redact(text.text)),
            _field("id", mapping.id, text.id),
            _field("sent_at", mapping.sent_at, _time(text.sent_at)),
        ]
        if mapping.part is not None and text.part is not None:
            part = text.part
            told = f"{part.number} of {part.total} of {part.reference}"
            fields.append(_field("part", mapping.part.number, told))
    count = "A text" if len(texts) == 1 else f"{len(texts)} texts"
    return Explanation(
        meaning="text", sentence=f"{count} from a phone.", fields=tuple(fields)
    )


def _reports(mapping: ReportMapping, reports: tuple[HeardReport, ...]) -> Explanation:
    fields = []
    for report in reports:
        fields += [
            _field("ref", mapping.ref, report.reference),
            _field("to", mapping.to, report.to),
            _field("status", mapping.status, str(report.status)),
            _field("at", mapping.at, _time(report.at)),
            _field("code", mapping.code, report.code),
        ]
        if report.opted_out:
            fields.append(_field("opted_out", mapping.code, "yes"))
    count = "A delivery report" if len(reports) == 1 else f"{len(reports)} reports"
    return Explanation(meaning="report", sentence=f"{count}.", fields=tuple(fields))


def _why_ignored(
    dialect: Dialect, hook: Hook, redact: Callable[[str], str]
) -> Iterator[Field]:
    """Yield what stands where a mapping's `when` and `status` look."""
    for mapping in dialect.mappings(hook.kind):
        name = "in" if isinstance(mapping, TextMapping) else "report"
        try:
            source = of_hook(hook, mapping.message.body)
        except NoTree:
            continue
        for condition in mapping.message.when:
            found = condition.place.find(source) or ""
            yield Field(
                name=f"{name}.when",
                place=condition.place.written,
                value=redact(found[:_SHOWN_CHARS]),
            )
        if isinstance(mapping, ReportMapping) and not mapping.message.items:
            found = mapping.status.find(source) or ""
            yield _field(f"{name}.status", mapping.status, redact(found[:_SHOWN_CHARS]))


def _field(name: str, pick: Pick, value: str) -> Field:
    return Field(name=name, place=pick.written, value=value)


def _time(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds")


#: What `--kind` may be, for webhooks.
KINDS = {"in": HookKind.incoming, "report": HookKind.report}
