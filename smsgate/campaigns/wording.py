"""Wording: a template filled for one recipient, and what is wrong with a template.

What comes in: a plan's texts and what is known of a recipient. What goes out: the text
as it is sent, opened by the network's name, because an aggregator may replace the
sender, and closed by how to opt out. A value is folded into the alphabet of the
template, so that one name with an accent does not double what a text costs. Nothing is
sent with a hole in it: an unknown field is a mistake of the plan, and a field of which
nothing is known says its fallback.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from commands.words import keyword
from modem.text import fold, is_gsm, segments, septets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smsgate.campaigns.plan import Plan, Wording

_FIELD = re.compile(r"\{([^{}]*)\}")
#: What is known of every member, in both languages.
FIELDS = {
    "nombre": "name",
    "name": "name",
    "codigo": "code",
    "code": "code",
    "saldo": "balance",
    "balance": "balance",
    "disponible": "available",
    "available": "available",
    "zona": "area",
    "area": "area",
    "rubro": "category",
    "category": "category",
}
#: Septets of a text that is not cut.
_ONE_SEGMENT = 160
_FOOTERS = {"es": " Para no recibir: BAJA", "en": " To stop: STOP"}
#: Words that ask a member for what nobody may ask for.
_SECRETS = frozenset({"PIN", "CLAVE", "TOKEN", "CONTRASENA", "PASSWORD"})
#: Words that promise what units are not: money one can take out.
_CASH = frozenset(
    {"EFECTIVO", "DINERO", "DOLAR", "DOLARES", "USD", "CASH", "MONEY", "REEMBOLSO"}
    | {"GRATIS", "FREE", "PREMIO", "PRIZE", "GANASTE", "GANO", "WINNER"}
)
_WORD = re.compile(r"[A-Z0-9]+")
#: What people answer; a text that asks for these would answer other questions.
_ANSWERS = frozenset({"SI", "NO", "YES"})
#: Commands that a promotion may name: how to get no more of it.
_FAREWELLS = frozenset({"BAJA", "STOP", "CANCELAR", "SALIR"})
#: With what may stand between the asking and the word: `Responda con la palabra "SI"`.
_ASKS = re.compile(
    r"\b(?:RESPOND(?:A|E|ER)|CONTEST(?:A|E|AR)|ENVI(?:A|E|AR)|ESCRIB(?:A|E|IR)|"
    r"MAND(?:A|E|AR)|REPLY|ANSWER|SEND|TEXT|WRITE)[\s\"'“”«»:*]+"
    r"(?:(?:CON|LA|UN|PALABRA|WITH|THE|A|WORD)[\s\"'“”«»:*]+)*([A-Z]+|[0-9]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A text as one recipient gets it."""

    text: str
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something about a template that staff should know."""

    sentence: str
    #: Whether it keeps the campaign from being approved.
    blocks: bool


def fields_of(template: str) -> frozenset[str]:
    """Return the fields that a template names."""
    return frozenset(match[1] for match in _FIELD.finditer(template))


def fill(
    wording: Wording,
    plan: Plan,
    *,
    network: str,
    language: str,
    facts: Mapping[str, str],
) -> Filled:
    """Write the text for one recipient.

    `facts` are by the names of `FIELDS`' values, or of a list's columns; what is empty
    or missing says its fallback.
    """
    template = _template(wording.of(language))
    said = [_opening(network, gsm=template.gsm)]
    for words, name in template.pieces:
        said.append(words)
        if name:
            known = facts.get(FIELDS.get(name, name)) or plan.fallbacks.get(name, "")
            said.append(fold(known) if template.gsm else known)
    if plan.footer:
        said.append(_FOOTERS["en" if language == "en" else "es"])
    text = " ".join("".join(said).split())
    return Filled(text=text, segments=_segments(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    """A template taken apart: words, each with the field behind them."""

    pieces: tuple[tuple[str, str], ...]
    gsm: bool


@lru_cache(maxsize=64)
def _template(text: str) -> _Template:
    parts = [*_FIELD.split(text), ""]
    pieces = tuple(zip(parts[::2], parts[1::2], strict=True))
    return _Template(pieces=pieces, gsm=is_gsm(text))


@lru_cache(maxsize=64)
def _opening(network: str, *, gsm: bool) -> str:
    return f"{fold(network) if gsm else network}: "


def _segments(text: str) -> int:
    """Count what is paid for; most texts are short and plain, and quickly counted."""
    if is_gsm(text) and septets(text) <= _ONE_SEGMENT:
        return 1
    return segments(text).segments


def cheaper(template: str) -> str:
    """Return the same template without the letters that make every text dearer."""
    return fold(template)


def remarks(plan: Plan, columns: frozenset[str]) -> Iterator[Remark]:
    """Yield what is wrong with a plan's texts, in either language.

    `columns` are the fields of a list beside those of every member.
    """
    for template in _templates(plan):
        yield from _field_remarks(template, plan, columns)
        yield from _word_remarks(template, plan)


def _templates(plan: Plan) -> Iterator[str]:
    for wording in (plan.text, plan.other, plan.answer):
        if wording is not None:
            yield from filter(None, (wording.es, wording.en))


def _field_remarks(
    template: str, plan: Plan, columns: frozenset[str]
) -> Iterator[Remark]:
    for name in sorted(fields_of(template)):
        if name not in FIELDS and name not in columns:
            known = ", ".join(sorted(columns | set(FIELDS)))
            yield Remark(
                sentence=f"field {{{name}}} is not known: use one of {known}",
                blocks=True,
            )
        elif not plan.fallbacks.get(name):
            yield Remark(
                sentence=f"field {{{name}}} says nothing where nothing is known: give "
                f"it a fallback, like --fallback {name}=vecino",
                blocks=FIELDS.get(name, name) not in {"name", "code"},
            )
    if "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        yield Remark(
            sentence="a curly bracket stands alone: a field is written {nombre}",
            blocks=True,
        )


def _bare(text: str) -> str:
    """Return capitals without any mark: Contraseña is CONTRASENA."""
    spread = unicodedata.normalize("NFKD", text.upper())
    return "".join([c for c in spread if not unicodedata.combining(c)])


def _word_remarks(template: str, plan: Plan) -> Iterator[Remark]:
    folded = _bare(template)
    words = frozenset(_WORD.findall(folded))
    if words & _SECRETS:
        yield Remark(
            sentence="the text speaks of a PIN or key: members learn that nobody ever "
            "asks for one, so leave it out",
            blocks=True,
        )
    for word in sorted(words & _CASH):
        yield Remark(
            sentence=f"{word.lower()} may read as a promise of cash: units buy goods "
            "and services of members and nothing else",
            blocks=False,
        )
    asked = frozenset(_ASKS.findall(folded))
    for word in sorted(asked & _ANSWERS | {one for one in asked if one.isdigit()}):
        yield Remark(
            sentence=f"the text asks for the reply {word}, which answers other "
            "questions: give the campaign a word of its own",
            blocks=True,
        )
    # Whoever is asked for a command gets the command's answer.
    for word in sorted(one for one in asked - _ANSWERS if one not in _FAREWELLS):
        if keyword(word) is not None:
            yield Remark(
                sentence=f"the text asks for {word}, which is a command: whoever "
                "writes it gets the answer to that command",
                blocks=False,
            )
    if "HTTP" in folded or "WWW." in folded:
        yield Remark(
            sentence="the text has a link, which basic phones cannot open and which "
            "looks like fraud",
            blocks=False,
        )
    if not plan.footer:
        yield Remark(
            sentence="the text does not say how to stop promotions: many countries "
            "ask for it",
            blocks=False,
        )
