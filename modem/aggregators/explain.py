"""What a message would mean in a dialect, told field by field.

What comes in: a vendor's dialect, or a vendor that is understood by code, and a message
that was kept in a file. What goes out: one sentence and, for each field, what stands
there and, of a dialect, where it was looked for. Nothing is sent, kept or believed.
Texts go through the caller's `redact`, so that no PIN is shown; `smsgate link dialect`
prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

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
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from modem.aggregators.dialect import Dialect
    from modem.aggregators.wire import Aggregator, HttpAnswer, Outcome
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
                        return _texts(texts, redact, _text_places(mapping))
                case ReportMapping():
                    reports = tuple(mapping.hear(hook))
                    if reports:
                        return _reports(reports, _report_places(mapping))
                case _:
                    assert_never(mapping)
    except Unreadable as error:
        return _unreadable(error)
    return _ignored(tuple(_why_ignored(dialect, hook, redact)))


def explain_vendor_hook(
    vendor: Aggregator, hook: Hook, redact: Callable[[str], str]
) -> Explanation:
    """Tell the same where a vendor is understood by code; it names no places."""
    try:
        heard = vendor.hear(hook)
    except Unreadable as error:
        return _unreadable(error)
    texts = tuple(one for one in heard if isinstance(one, HeardText))
    reports = tuple(one for one in heard if isinstance(one, HeardReport))
    if texts:
        return _texts(texts, redact, {})
    return _reports(reports, {}) if reports else _ignored()


def explain_answer(dialect: Dialect, answer: HttpAnswer) -> Explanation:
    """Tell what became of a text that was answered so."""
    answering = dialect.answering
    rule = answering.kind(answer.status, of_answer(answer))
    by = Field(
        name="rule", place=f"answer.{rule}" if rule else "", value=rule or "none"
    )
    places = {
        "id": answering.id.written,
        "code": answering.code.written,
        "reason": answering.reason.written,
        "after": "header:Retry-After",
    }
    return _outcome(answering.outcome(answer), (_status(answer), by), places)


def explain_vendor_answer(vendor: Aggregator, answer: HttpAnswer) -> Explanation:
    """Tell the same where a vendor is understood by code."""
    return _outcome(vendor.outcome(answer), (_status(answer),), {})


def _status(answer: HttpAnswer) -> Field:
    return Field(name="status", place="", value=str(answer.status))


def _outcome(
    outcome: Outcome, before: tuple[Field, ...], places: Mapping[str, str]
) -> Explanation:
    match outcome:
        case Accepted(references=references):
            meaning, sentence = "accepted", "The vendor took the text."
            told = [("id", one) for one in references] or [("id", "")]
        case Refused(reason=reason, code=code, opted_out=opted_out):
            meaning, sentence = "refused", "It will never take this text."
            told = [("code", code), ("reason", reason)]
            if opted_out:
                sentence = "The number opted out with the vendor."
        case NotNow(reason=reason, after_s=after_s):
            meaning, sentence = "not_now", "Nothing was sent; it is tried again."
            after = "" if after_s is None else f"{after_s:g} s"
            told = [("reason", reason), ("after", after)]
        case Perhaps(reason=reason):
            meaning = "perhaps"
            sentence = "It may have been sent: no rule knows this answer."
            told = [("reason", reason)]
        case _:
            assert_never(outcome)
    fields = (*before, *_placed(told, places))
    return Explanation(meaning=meaning, sentence=sentence, fields=fields)


def _texts(
    texts: tuple[HeardText, ...],
    redact: Callable[[str], str],
    places: Mapping[str, str],
) -> Explanation:
    told = []
    for text in texts:
        told += [
            ("from", text.sender),
            ("text", redact(text.text)),
            ("id", text.id),
            ("sent_at", _time(text.sent_at)),
        ]
        if text.part is not None:
            part = text.part
            said = f"{part.number} of {part.total} of {part.reference}"
            told.append(("part", said))
    count = "A text" if len(texts) == 1 else f"{len(texts)} texts"
    return Explanation(
        meaning="text",
        sentence=f"{count} from a phone.",
        fields=tuple(_placed(told, places)),
    )


def _text_places(mapping: TextMapping) -> dict[str, str]:
    part = mapping.part
    return {
        "from": mapping.sender.written,
        "text": mapping.text.written,
        "id": mapping.id.written,
        "sent_at": mapping.sent_at.written,
        "part": "" if part is None else part.number.written,
    }


def _reports(
    reports: tuple[HeardReport, ...], places: Mapping[str, str]
) -> Explanation:
    told = []
    for report in reports:
        told += [
            ("ref", report.reference),
            ("to", report.to),
            ("status", str(report.status)),
            ("at", _time(report.at)),
            ("code", report.code),
        ]
        if report.opted_out:
            told.append(("opted_out", "yes"))
    count = "A delivery report" if len(reports) == 1 else f"{len(reports)} reports"
    return Explanation(
        meaning="report",
        sentence=f"{count}.",
        fields=tuple(_placed(told, places)),
    )


def _report_places(mapping: ReportMapping) -> dict[str, str]:
    return {
        "ref": mapping.ref.written,
        "to": mapping.to.written,
        "status": mapping.status.written,
        "at": mapping.at.written,
        "code": mapping.code.written,
        "opted_out": mapping.code.written,
    }


def _placed(
    told: Iterable[tuple[str, str]], places: Mapping[str, str]
) -> Iterator[Field]:
    for name, value in told:
        yield Field(name=name, place=places.get(name, ""), value=value)


def _unreadable(error: Unreadable) -> Explanation:
    return Explanation(meaning="unreadable", sentence=f"Answered with 400: {error}.")


def _ignored(fields: tuple[Field, ...] = ()) -> Explanation:
    return Explanation(
        meaning="ignored",
        sentence="Acknowledged and ignored: neither a text nor a report that counts.",
        fields=fields,
    )


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
            yield Field(
                name=f"{name}.status",
                place=mapping.status.written,
                value=redact(found[:_SHOWN_CHARS]),
            )


def _time(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds")


#: What `--kind` may be, for webhooks.
KINDS = {"in": HookKind.incoming, "report": HookKind.report}
