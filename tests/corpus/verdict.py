"""Verdicts on texts in a notation of their own, and readings told in the same notation.

What comes in: a verdict as the corpus writes it, or what the parser made of a text.
What goes out: a `Verdict`, so that the two can be compared field by field. A command
that is built later joins by itself as long as its attributes are in `_SPELL`; until
then its keyword alone is asked for.

    PAY code=20417 amount=25.50 pin=4821 memo="pan dulce"
    YES token=47 pin=4821          an answer; ANSWER where neither SI nor NO was said
    REFUSE amount_unclear of=PAY   why, and the command that was meant
    REFUSE which_word suggest=CHARGE,BLOCK
    REFUSE unknown_word money      nothing was read; the reply begins "NO se pago"
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from commands.command import (
    Alias,
    Answer,
    Code,
    Command,
    Keyword,
    Misread,
    Phone,
    Said,
)
from commands.secret import Secret
from commands.words import MONEY, OPT_OUT, keyword

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSE = "REFUSE"
_ANSWER = "ANSWER"
#: Told in words only: case, accents and punctuation are not part of the promise.
_LOOSE = frozenset({"memo", "text", "name", "topic"})
_WORDS = re.compile(r"[a-z0-9]+")
_HIDDEN = re.compile(r"[0-9]{4,}")
_COUNTRY = "+503"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a text means: a verb of the notation, and its fields by name."""

    verb: str
    fields: dict[str, str]

    @property
    def refused(self) -> bool:
        """Whether nothing may be done."""
        return self.verb == REFUSE

    @property
    def keyword(self) -> Keyword | None:
        """The command it is, or was meant to be."""
        if self.verb == _ANSWER:
            return Keyword.si
        return keyword(self.fields.get("of", "") if self.refused else self.verb)

    @property
    def money(self) -> bool:
        """Whether its refusal must begin by saying that nothing was paid."""
        return "money" in self.fields or self.keyword in MONEY

    @property
    def suggested(self) -> frozenset[Keyword | None]:
        """The commands that are asked about."""
        named = self.fields.get("suggest", "").split(",")
        return frozenset(map(keyword, named)) - {None}


def written(notation: str) -> Verdict:
    """Read a verdict as the corpus writes it."""
    verb, *rest = shlex.split(notation)
    told: dict[str, str] = {}
    for part in rest:
        name, equals, value = part.partition("=")
        if verb == REFUSE and not equals and name != "money":
            name, value = "why", name
        if name == "about":
            value = str(keyword(value))
        told[name] = _loose(value) if name in _LOOSE else value
    return Verdict(verb=verb, fields=told)


def read(said: Command | Misread) -> Verdict:
    """Tell what the parser made of a text."""
    told: dict[str, str] = {}
    if isinstance(said, Misread):
        told["why"] = str(said.why)
        told["of"] = str(said.keyword or "")
        told["suggest"] = ",".join(map(str, said.suggestions))
        told |= {"money": ""} if said.money else {}
        return Verdict(verb=REFUSE, fields=told)
    for attribute in fields(said):
        value = getattr(said, attribute.name)
        if value is not None and attribute.name in _SPELL:
            told |= _SPELL[attribute.name](value)
    bare = isinstance(said, Answer) and said.said is Said.pin
    return Verdict(verb=_ANSWER if bare else str(said.keyword), fields=told)


def agree(verdict: Verdict, said: Command | Misread) -> bool:
    """Whether the parser read a text as the verdict says."""
    got = read(said)
    if verdict.refused:
        return got.refused and _same_refusal(verdict, got)
    if (got.verb == _ANSWER) != (verdict.verb == _ANSWER):
        return False
    return got.keyword is verdict.keyword and got.fields == verdict.fields


def _same_refusal(verdict: Verdict, got: Verdict) -> bool:
    """Compare why, the command meant, the words asked about, and how it opens."""
    if verdict.fields["why"] != got.fields["why"]:
        return False
    if verdict.keyword is not None and verdict.keyword is not got.keyword:
        return False
    # Whether an answer is about money, its question decides; so may a word in doubt.
    doubtful = verdict.keyword in (None, Keyword.si, Keyword.no)
    if verdict.money != got.money and (verdict.money or not doubtful):
        return False
    return verdict.suggested <= got.suggested


def _loose(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(_WORDS.findall(_HIDDEN.sub("", plain)))


def _recipient(value: Code | Phone | Alias) -> dict[str, str]:
    match value:
        case Code():
            return {"code": value.digits}
        case Phone():
            return {"phone": value.e164.removeprefix(_COUNTRY)}
        case Alias():
            return {"alias": value.word}


def _amount(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02}"}


def _secret(name: str) -> Callable[[Secret], dict[str, str]]:
    return lambda secret: {name: secret.reveal()}


def _words(name: str) -> Callable[[object], dict[str, str]]:
    return lambda value: {name: _loose(str(value))} if value else {}


def _plain(name: str) -> Callable[[object], dict[str, str]]:
    return lambda value: {name: str(value)} if value else {}


def _flag(name: str) -> Callable[[object], dict[str, str]]:
    return lambda value: {name: ""} if value else {}


def _topic(value: object) -> dict[str, str]:
    about = isinstance(value, Keyword)
    return _plain("about")(value) if about else _words("topic")(value)


#: What each attribute of a command is called in the notation. This is the whole of the
#: comparison: a command with an attribute that is new gets a line here.
_SPELL: dict[str, Callable[..., dict[str, str]]] = {
    "recipient": _recipient,
    "code": _recipient,
    "amount": _amount,
    "price": _amount,
    "pin": _secret("pin"),
    "old": _secret("old"),
    "new": _secret("new"),
    "again": _secret("again"),
    "page": lambda page: {} if page == 1 else {"page": str(page)},
    "token": _plain("token"),
    "ref": _plain("ref"),
    "language": _plain("language"),
    "memo": _words("memo"),
    "text": _words("text"),
    "query": _words("text"),
    "name": _words("name"),
    "topic": _topic,
    # CANCELAR and SALIR are told as STOP, whichever was written.
    "word": lambda word: {} if word in OPT_OUT else _plain("word")(word),
    "ad": _plain("ad"),
    "number": _secret("voucher"),
    "phone": lambda phone: {"phone": phone.removeprefix(_COUNTRY)},
    "date": lambda date: {"date": "{}/{}".format(*date)},
    "notices": _flag("notices"),
    "drop": _flag("drop"),
    "change": lambda change: _flag("drop")(change == "drop"),
    "wanted": lambda wanted: {"wanted": "yes" if wanted else "no"},
}
