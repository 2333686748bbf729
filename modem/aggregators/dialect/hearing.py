"""What a vendor's webhook brings: texts, parts of texts, delivery reports.

What comes in: a verified `Hook`. What goes out: what it brings, an empty tuple where it
is about something else, or `Unreadable` where it is not what the vendor documents. A
text is never guessed: one that cannot be decoded is refused, since a wrong character
could be a wrong amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from modem.aggregators.dialect.moments import moment
from modem.aggregators.dialect.picking import (
    NOWHERE,
    BodyForm,
    Condition,
    NoTree,
    Pick,
    Source,
    items,
    of_hook,
)
from modem.aggregators.wire import HeardReport, HeardText, Part
from modem.hooks import Unreadable
from modem.link import ReportStatus
from modem.text import from_septets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from modem.hooks import Hook

#: Nobody's id or number is longer; ours are kept.
_ID_CHARS = 200
_PARTS_MAX = 255
#: Shorter ones are short codes.
_INTERNATIONAL = re.compile(r"[1-9][0-9]{7,14}", re.ASCII)


class Meaning(StrEnum):
    """What a vendor's status means."""

    delivered = "delivered"
    trying = "trying"
    failed = "failed"
    ignore = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What texts and reports have in common: which messages they are, and where."""

    body: BodyForm = BodyForm.json
    when: tuple[Condition, ...] = ()
    items: str = ""

    def sources(self, hook: Hook) -> tuple[Source, ...]:
        """Return what concerns us: each item of a batch, or the message.

        Raises:
            Unreadable: it is no such body.
        """
        try:
            source = of_hook(hook, self.body)
            if not self.concerns(source):
                return ()
            return items(source, self.items)
        except NoTree as error:
            raise Unreadable(str(error)) from error

    def concerns(self, source: Source) -> bool:
        """Whether a message is one of these."""
        return all(condition.holds(source) for condition in self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charset:
    """How the text of a message is written, where the message says so."""

    at: Pick
    #: In lower case: "plain", "gsm" or a codec.
    names: Mapping[str, str] = field(default_factory=dict)
    percent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlaces:
    """Where a part says which it is."""

    reference: Pick
    number: Pick
    total: Pick


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A message that must not be read, and what to do about it."""

    when: tuple[Condition, ...]
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMapping:
    """Where an incoming text has what."""

    message: Message
    sender: Pick
    text: Pick
    #: Senders are international numbers that lack their plus sign.
    plus: bool = False
    id: Pick = NOWHERE
    sent_at: Pick = NOWHERE
    time: tuple[str, ...] = ("iso",)
    charset: Charset | None = None
    part: PartPlaces | None = None
    unreadable: tuple[Refusal, ...] = ()

    def hear(self, hook: Hook) -> Iterator[HeardText]:
        """Yield the texts of a webhook; raises Unreadable."""
        for source in self.message.sources(hook):
            for refusal in self.unreadable:
                if all(condition.holds(source) for condition in refusal.when):
                    raise Unreadable(refusal.say)
            yield self._text(source)

    def _text(self, source: Source) -> HeardText:
        sender = _needed(self.sender, source, "sender")
        if self.plus and _INTERNATIONAL.fullmatch(sender):
            sender = f"+{sender}"
        return HeardText(
            sender=sender,
            text=self._words(source),
            id=_word(self.id, source),
            sent_at=_moment(self.sent_at, self.time, source),
            part=None if self.part is None else _part(self.part, source),
        )

    def _words(self, source: Source) -> str:
        found = self.text.find(source)
        if found is None:
            raise Unreadable(f"there is no text at {self.text.written}")
        charset = "plain"
        percent = False
        if self.charset is not None:
            name = (self.charset.at.find(source) or "").lower()
            charset = self.charset.names.get(name, "plain")
            percent = self.charset.percent and charset != "plain"
        return _decoded(found, charset, raw=source.raw, percent=percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMapping:
    """Where a delivery report has what."""

    message: Message
    ref: Pick
    status: Pick
    map: Mapping[str, Meaning]
    #: For statuses that `map` does not name, in order.
    patterns: tuple[tuple[re.Pattern[str], Meaning], ...] = ()
    to: Pick = NOWHERE
    at: Pick = NOWHERE
    time: tuple[str, ...] = ("iso",)
    code: Pick = NOWHERE
    opted_out: frozenset[str] = frozenset()

    def hear(self, hook: Hook) -> Iterator[HeardReport]:
        """Yield the reports of a webhook; raises Unreadable."""
        for source in self.message.sources(hook):
            reference = _needed(self.ref, source, "reference")
            told = _needed(self.status, source, "status")
            meaning = self.meaning(told)
            if meaning is Meaning.ignore:
                continue
            code = _word(self.code, source)
            yield HeardReport(
                reference=reference,
                to=_word(self.to, source),
                status=ReportStatus(meaning.value),
                at=_moment(self.at, self.time, source),
                code=code,
                opted_out=code in self.opted_out,
            )

    def meaning(self, told: str) -> Meaning:
        """Return what a status means; one that is not named is ignored."""
        found = self.map.get(told)
        if found is not None:
            return found
        for pattern, meaning in self.patterns:
            if pattern.search(told):
                return meaning
        return Meaning.ignore


def _needed(pick: Pick, source: Source, what: str) -> str:
    found = _word(pick, source)
    if not found:
        raise Unreadable(f"there is no {what} at {pick.written}")
    return found


def _word(pick: Pick, source: Source) -> str:
    """Return a short text that is no member's words: an id, a number, a code."""
    found = pick.find(source) or ""
    if source.raw:
        found = found.encode("latin-1", "replace").decode("utf-8", "replace")
    word = _whole(found).strip()
    if len(word) > _ID_CHARS:
        raise Unreadable(f"what stands at {pick.written} is too long")
    return word


def _moment(pick: Pick, formats: tuple[str, ...], source: Source) -> datetime | None:
    found = pick.find(source)
    return None if not found else moment(found, formats)


def _part(places: PartPlaces, source: Source) -> Part | None:
    """Return which part it is; None where the text is whole."""
    told = [
        _word(pick, source) for pick in (places.reference, places.number, places.total)
    ]
    if not all(told) or told[2] == "1":
        return None
    numbers = [
        int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else 0
        for word in told[1:]
    ]
    if not 1 <= numbers[0] <= numbers[1] <= _PARTS_MAX:
        raise Unreadable(f"what stands at {places.number.written} is no part's number")
    return Part(reference=told[0], number=numbers[0], total=numbers[1])


def _decoded(found: str, charset: str, *, raw: bool, percent: bool) -> str:
    """Return a text as its sender wrote it; raises Unreadable."""
    if charset == "plain" and not raw:
        return _whole(found)
    try:
        if percent:
            code = unquote_to_bytes(found.replace("+", " ").encode("latin-1"))
        else:
            code = found.encode("latin-1")
        match charset:
            case "plain":
                return code.decode("utf-8")
            case "gsm":
                return from_septets(code)
            case _:
                return code.decode(charset)
    except (ValueError, LookupError):
        # The cause repeats bytes of the text: it is not chained.
        raise Unreadable(f"the text is not written in {charset}") from None


def _whole(text: str) -> str:
    """Return a text that can be written as UTF-8: no half of a pair alone."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
