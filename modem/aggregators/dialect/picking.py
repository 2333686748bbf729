"""Places in a message, and what stands there.

What comes in: a place as a dialect writes it, and a message (`Source`). What goes out:
the text found there, or None. A place is a JSON Pointer (RFC 6901; in forms and queries
`/name`), `header:NAME`, `query:NAME`, `body`, or `regex:PATTERN`, whose first group
counts. A list of places gives the first that has something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never
from urllib.parse import parse_qsl, urlsplit

from modem.aggregators.keys import BadDialect

if TYPE_CHECKING:
    from modem.aggregators.wire import HttpAnswer
    from modem.hooks import Hook

#: A pattern looks at no more than this: it may be slow, and the body is a stranger's.
_LOOK_CHARS = 4096
#: Deeper JSON is nobody's message, and unreadable.
_POINTER_PARTS_MAX = 20


class NoTree(ValueError):
    """The body is not what the dialect says it is."""


class BodyForm(StrEnum):
    """How a body is written."""

    json = "json"
    form = "form"
    query = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A message, or one item of a batch, as places look at it."""

    tree: object = field(repr=False)
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False, default_factory=dict)
    #: The body is parameters: its values are bytes, one a character, until decoded.
    raw: bool = False


def of_hook(hook: Hook, form: BodyForm) -> Source:
    """Read a webhook's body.

    Raises:
        NoTree: it is no JSON, the address is none, or a parameter is there twice.
    """
    # Decoded here, not by whoever received it: some send other bytes than UTF-8.
    try:
        asked = urlsplit(hook.url).query
    except ValueError as error:
        raise NoTree("the address is none") from error
    pairs = _pairs(asked) if asked else [(k, _as_raw(v)) for k, v in hook.query]
    query = dict(reversed(pairs))
    match form:
        case BodyForm.json:
            tree: object = _json(hook.body)
        case BodyForm.form:
            tree = _once(_pairs(hook.body.decode("latin-1")))
        case BodyForm.query:
            tree = _once(pairs)
        case _:
            assert_never(form)
    return Source(
        tree=tree,
        text=hook.body.decode("utf-8", "replace"),
        headers=hook.headers,
        query=query,
        raw=form is not BodyForm.json,
    )


def of_answer(answer: HttpAnswer) -> Source:
    """Read an answer; what is no JSON has a text only."""
    try:
        tree = _json(answer.body)
    except NoTree:
        tree = None
    return Source(
        tree=tree,
        text=answer.body.decode("utf-8", "replace"),
        headers=answer.headers,
    )


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NoTree("the body is no JSON") from error


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return parameters in order, a character a byte."""
    return parse_qsl(text, keep_blank_values=True, encoding="latin-1")


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return parameters by name; one of two senders, or texts, is not guessed at."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NoTree("a field is there twice")
    return found


def _as_raw(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def items(source: Source, place: str) -> tuple[Source, ...]:
    """Return the items of a batch; the message itself where there is no place.

    Raises:
        NoTree: there is no list at that place.
    """
    if not place:
        return (source,)
    found = _walk(source.tree, place)
    if not isinstance(found, list):
        raise NoTree(f"there is no list at {place}")
    return tuple(
        Source(tree=one, text="", headers=source.headers, query=source.query)
        for one in found
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    written: str
    pattern: re.Pattern[str] | None = field(repr=False, default=None)

    def find(self, source: Source) -> str | None:
        """Return what stands there; None where there is nothing."""
        kind, _, name = self.written.partition(":")
        if self.pattern is not None:
            found = self.pattern.search(source.text[:_LOOK_CHARS])
            return None if found is None else found[1 if self.pattern.groups else 0]
        match kind:
            case "header":
                return source.headers.get(name.lower())
            case "query":
                return source.query.get(name)
            case "body":
                return source.text
            case _:
                return _as_text(_walk(source.tree, self.written))


@dataclass(frozen=True, slots=True)
class Pick:
    """One place, or several of which the first counts that has something."""

    places: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any place to look at."""
        return bool(self.places)

    @property
    def written(self) -> str:
        """The places, as the dialect writes them."""
        return " or ".join(place.written for place in self.places)

    def find(self, source: Source) -> str | None:
        """Return the first text that is not empty, else an empty one, else None."""
        best = None
        for place in self.places:
            found = place.find(source)
            if found:
                return found
            best = found if best is None else best
        return best


#: No place at all.
NOWHERE = Pick()


@dataclass(frozen=True, slots=True)
class Condition:
    """What must stand at a place."""

    place: Place
    values: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()

    def holds(self, source: Source) -> bool:
        """Whether one of the values stands there."""
        found = self.place.find(source)
        if found is None:
            return False
        return found in self.values or any(
            pattern.search(found[:_LOOK_CHARS]) for pattern in self.patterns
        )


def place_of(written: str, path: str) -> Place:
    """Read a place; raises BadDialect."""
    kind, colon, rest = written.partition(":")
    if written.startswith("/"):
        if written.count("/") > _POINTER_PARTS_MAX:
            raise BadDialect(path, "this place is too deep")
        return Place(written)
    if written == "body" or (colon and kind in ("header", "query") and rest):
        return Place(written)
    if colon and kind == "regex":
        return Place(written, pattern_of(rest, path))
    raise BadDialect(
        path, "write a place: /name/of/key, header:NAME, query:NAME, regex:… or body"
    )


def pick_of(written: object, path: str) -> Pick:
    """Read a place or a list of them; nothing written is no place."""
    if written is None:
        return NOWHERE
    listed = written if isinstance(written, (list, tuple)) else [written]
    return Pick(tuple(place_of(str(one), path) for one in listed))


def conditions_of(written: Mapping[str, object], path: str) -> tuple[Condition, ...]:
    """Read a table of places and what stands there; all of them must hold."""
    found = []
    for place, value in written.items():
        where = f"{path}.{place}"
        listed = value if isinstance(value, (list, tuple)) else [value]
        texts = [_as_text(one) for one in listed]
        if not texts or any(text is None for text in texts):
            raise BadDialect(where, "write a text, a number, true, false, or a list")
        patterns = [t[6:] for t in texts if t is not None and t.startswith("regex:")]
        values = [t for t in texts if t is not None and not t.startswith("regex:")]
        found.append(
            Condition(
                place_of(place, where),
                frozenset(values),
                tuple(pattern_of(one, where) for one in patterns),
            )
        )
    return tuple(found)


def pattern_of(written: str, path: str) -> re.Pattern[str]:
    """Compile a pattern; raises BadDialect."""
    try:
        return re.compile(written)
    except re.error as error:
        raise BadDialect(path, f"this pattern cannot be read: {error}") from error


def _walk(tree: object, pointer: str) -> object:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, Mapping):
            tree = tree.get(name)
        elif isinstance(tree, list) and name.isdecimal() and int(name) < len(tree):
            tree = tree[int(name)]
        else:
            return None
    return tree


def _as_text(value: object) -> str | None:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return None
