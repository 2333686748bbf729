"""The words of a language with a network's own command words put into them.

What comes in: a `Voice`, with the words that its network shows instead of ours. What
goes out: its `Catalogue`, in which every reply, form and example names commands by
those words; and a sentence for each word that cannot be shown. Templates write command
words in capitals, so that they can be found in them. Used by `commands.replies`;
`commands.vocabulary` knows the same words when they come back.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from commands import words
from commands.catalogues import CATALOGUES, catalogue
from commands.command import Keyword

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commands.catalogues import Catalogue
    from commands.reply import Voice

#: Language, command, word; a tuple, so that a `Voice` can be compared and kept.
Shown = tuple[tuple[str, Keyword, str], ...]

#: Letters of a word that is shown: longer ones would push sentences out of a reply.
SHOWN_MIN, SHOWN_MAX = 2, 10
_FORM = re.compile(rf"[A-Z]{{{SHOWN_MIN},{SHOWN_MAX}}}")
#: In replies these are more than command words: answers, and the name of a number.
FIXED = frozenset({Keyword.si, Keyword.no, Keyword.pin})
#: What these are told to do; elsewhere such words are commands of their own.
_TOLD = r"(?<!CAJERO )(?<!TILL )(?<!GUARDIAN )(?<!GUARD )"


def spoken(voice: Voice) -> Catalogue:
    """Return the words of a voice's language, commands named as its network does."""
    return (
        _spoken(voice.language, voice.shown)
        if voice.shown
        else catalogue(voice.language)
    )


@lru_cache(maxsize=32)
def _spoken(language: str, shown: Shown) -> Catalogue:
    ours = catalogue(language)
    theirs = {
        ours.words[keyword]: word
        for where, keyword, word in shown
        if where == ours.language and keyword not in FIXED
    }
    if not theirs:
        return ours
    known = re.compile(rf"{_TOLD}\b({'|'.join(theirs)})\b(?!\}})")

    def renamed(table: Mapping[Keyword, str]) -> dict[Keyword, str]:
        return {key: put(text) for key, text in table.items()}

    def put(text: str) -> str:
        return known.sub(lambda found: theirs[found[1]], text)

    return replace(
        ours,
        words=renamed(ours.words),
        usage=renamed(ours.usage),
        samples=renamed(ours.samples),
        templates={key: put(text) for key, text in ours.templates.items()},
    )


def mistakes(
    shown: Mapping[str, Mapping[Keyword, str]],
    synonyms: Mapping[Keyword, Sequence[str]],
) -> Iterator[tuple[str, Keyword, str]]:
    """Yield what is wrong with folded words to show: language, command, a sentence.

    `synonyms` are the words that the network adds.
    """
    for language, named in shown.items():
        for keyword, word in named.items():
            wrong = _wrong(keyword, word, synonyms.get(keyword, ()))
            if wrong:
                yield language, keyword, wrong


def languages() -> tuple[str, ...]:
    """Return the languages in which words can be shown."""
    return tuple(CATALOGUES)


def _wrong(keyword: Keyword, word: str, added: Sequence[str]) -> str:
    if keyword in FIXED:
        return f"{keyword} is shown as it is: leave this line out"
    if not _FORM.fullmatch(word):
        return f"write {SHOWN_MIN} to {SHOWN_MAX} letters and nothing else"
    if word not in words.SYNONYMS[keyword] and word not in added:
        return (
            f"{word} is no word for {keyword}: "
            f'add {keyword.name} = ["{word}"] under [words], or choose another'
        )
    return ""
