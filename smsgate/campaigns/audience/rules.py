"""A rule over what is known of members, as staff write it at a shell or in a page.

    kind = business and (area = "Santa Tecla" or area = Soyapango) and idle > 30
    balance < 0 and not bought_from = 20417 and joined >= 2026-01-01

What comes in: such a text, or `everybody`; `y`, `o`, `no` and `todos` do as well. What
goes out: a tree of `All`, `Any`, `Not` and `Fact`, or `RuleBad`, which says what was
expected at which word. What each fact means is in `smsgate.campaigns.audience.facts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Deeper brackets than this nobody reads.
_DEPTH_MAX = 20
_LENGTH_MAX = 2_000
_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<sign><=|>=|!=|<|>|=|\(|\))"""
    r"""|(?P<word>[^\s()<>=!"']+))"""
)
_AND, _OR, _NOT = (
    frozenset({"and", "y"}),
    frozenset({"or", "o"}),
    frozenset({"not", "no"}),
)
_EVERYBODY = frozenset({"everybody", "todos"})
SIGNS = frozenset({"<", "<=", "=", "!=", ">=", ">"})


class RuleBad(SmsgateError):
    """This is no rule; the text says what was expected where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One comparison, such as `balance < 0`."""

    name: str
    sign: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every one of these."""

    of: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """At least one of these."""

    of: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Not this."""

    of: Rule


Rule = All | Any | Not | Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    quoted: bool = False


def read(text: str) -> Rule:
    """Read a rule; an empty text is everybody.

    Raises:
        RuleBad: it is none.
    """
    if len(text) > _LENGTH_MAX:
        raise RuleBad(f"a rule has at most {_LENGTH_MAX} characters: save parts of it")
    tokens = _tokens(text)
    if not tokens:
        return All(of=())
    reader = _Reader(tokens)
    rule = reader.either(0)
    reader.end()
    return rule


def facts_in(rule: Rule) -> Iterator[Fact]:
    """Yield every comparison of a rule."""
    match rule:
        case All(of=of) | Any(of=of):
            for one in of:
                yield from facts_in(one)
        case Not(of=negated):
            yield from facts_in(negated)
        case Fact():
            yield rule
        case _:
            assert_never(rule)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise RuleBad(
                f"at {text[at:].split()[0]!r}: a quotation mark is not closed"
            )
        at = match.end()
        quoted = match["quoted"]
        tokens.append(
            _Token(text=quoted[1:-1], quoted=True)
            if quoted is not None
            else _Token(text=match["sign"] or match["word"])
        )
    return tokens


class _Reader:
    """Reads tokens from left to right; `or` binds weaker than `and`."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def either(self, depth: int) -> Rule:
        found = [self._each(depth)]
        while self._takes(_OR):
            found.append(self._each(depth))
        return found[0] if len(found) == 1 else Any(of=tuple(found))

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise RuleBad(
                f"at {self._tokens[self._at].text!r}: expected `and`, `or` or the end"
            )

    def _each(self, depth: int) -> Rule:
        found = [self._one(depth)]
        while self._takes(_AND):
            found.append(self._one(depth))
        return found[0] if len(found) == 1 else All(of=tuple(found))

    def _one(self, depth: int) -> Rule:
        if depth > _DEPTH_MAX:
            raise RuleBad("the brackets are too deep: save parts of it as audiences")
        if self._takes(_NOT):
            return Not(of=self._one(depth + 1))
        if self._takes(frozenset({"("})):
            inner = self.either(depth + 1)
            if not self._takes(frozenset({")"})):
                raise RuleBad("a bracket is not closed: add )")
            return inner
        return self._fact()

    def _fact(self) -> Rule:
        if self._takes(_EVERYBODY):
            return All(of=())
        name = self._next("the name of a fact, such as kind")
        sign = self._next(f"a sign behind {name.text}, such as =")
        if sign.text not in SIGNS or sign.quoted:
            raise RuleBad(
                f"at {sign.text!r}: expected one of {' '.join(sorted(SIGNS))} "
                f"behind {name.text}"
            )
        value = self._next(f"a value behind {name.text} {sign.text}")
        if not value.quoted and (value.text in SIGNS or value.text in {"(", ")"}):
            raise RuleBad(f"at {value.text!r}: expected a value behind {name.text}")
        return Fact(name=name.text.lower(), sign=sign.text, value=value.text)

    def _next(self, expected: str) -> _Token:
        if self._at >= len(self._tokens):
            raise RuleBad(f"the rule ends too early: expected {expected}")
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, words: frozenset[str]) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        if token.quoted or token.text.lower() not in words:
            return False
        self._at += 1
        return True
