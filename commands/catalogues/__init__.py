"""The words of every reply, one module a language and topic, nothing but data.

What comes in: a language. What goes out: its `Catalogue`. A template is named after its
reply, as the outbox names it (`paid_payer`), with a variant behind a dot where one
reply has several texts (`not_understood.syntax`). Its sentences are told apart by the
`.`, `?` or line end that closes them; which slots there are and which sentences are
left out is told in `commands.replies`. A language is added by one module here.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.catalogues import (
    en,
    en_alarm,
    en_asking,
    en_help,
    en_market,
    en_menu,
    en_people,
    en_safety,
    en_till,
    es,
    es_alarm,
    es_asking,
    es_help,
    es_market,
    es_menu,
    es_people,
    es_safety,
    es_till,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commands.command import Keyword


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What is said in one language."""

    language: str
    #: Opens every refusal of money.
    not_paid: str
    #: Stands before the last of several suggestions.
    either: str
    #: The word by which a reply names a command; only commands that are built.
    words: Mapping[Keyword, str]
    #: How a command is written, and an example of it.
    usage: Mapping[Keyword, str]
    samples: Mapping[Keyword, str]
    templates: Mapping[str, str]


def _of(language: str, module: object, *more: object) -> Catalogue:
    """Put a language together: its own module, and one for each further topic."""
    values = {name: getattr(module, name.upper()) for name in _PHRASES}
    for name in _TABLES:
        parts = [getattr(part, name.upper()) for part in (module, *more)]
        values[name] = dict(ChainMap(*parts[::-1]))
    return Catalogue(language=language, **values)


_PHRASES = ("not_paid", "either")
_TABLES = ("words", "usage", "samples", "templates")
#: By language; the first is spoken to those whose language is not here.
CATALOGUES = {
    "es": _of(
        *("es", es, es_asking, es_market, es_till, es_people, es_menu),
        *(es_safety, es_help, es_alarm),
    ),
    "en": _of(
        *("en", en, en_asking, en_market, en_till, en_people, en_menu),
        *(en_safety, en_help, en_alarm),
    ),
}


def catalogue(language: str) -> Catalogue:
    """Return the words of a language, of Spanish where there are none."""
    return CATALOGUES.get(language, CATALOGUES["es"])
