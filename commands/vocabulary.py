"""Words that a network adds: more words for a command, and words that only inform.

What comes in: the words of its configuration. What goes out: a `Vocabulary`, by which a
text's first word is known, and a sentence for each word that cannot be added because
it could be taken for another. The distances are those of `commands.words`: two edits
between words of different commands, three where both have five letters and more; a word
that informs may lie two edits from any. Shorter words than four letters are never
corrected, so they need only differ.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands import words
from commands.command import Keyword
from commands.normalise import clean, split
from commands.redact import names_digit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commands.words import More

#: Letters of a word that a network adds.
LETTERS_MIN, LETTERS_MAX = 2, 15
_FORM = re.compile(rf"[A-Z]{{{LETTERS_MIN},{LETTERS_MAX}}}")
#: How far apart words lie; both of them long, and otherwise.
_APART_LONG, _APART = 3, 2
_LONG_FROM = 5


class Vocabulary:
    """The words by which texts of one network begin."""

    __slots__ = ("_long", "_meaning")

    def __init__(
        self,
        synonyms: Mapping[Keyword, Sequence[str]] | None = None,
        info: Sequence[str] = (),
    ) -> None:
        """Add words, folded; those for which `mistakes` has a sentence are not safe."""
        more: list[tuple[str, Keyword | str]] = [
            (word, keyword)
            for keyword, added in (synonyms or {}).items()
            for word in added
        ]
        more += [(word, word) for word in info]
        self._meaning = dict(more)
        self._long: More = tuple(
            (word, meant) for word, meant in more if len(word) >= words.CORRECTED_FROM
        )

    def meaning(self, word: str) -> Keyword | str | None:
        """Return the keyword that a word means, or the word itself where it informs."""
        return words.keyword(word) or self._meaning.get(word)

    def one_slip(self, word: str) -> tuple[Keyword | str, ...]:
        """Return what a word one edit away may have meant (`words.one_slip`)."""
        return words.one_slip(word, self._long)

    def hints(self, word: str) -> tuple[Keyword | str, ...]:
        """Return what a word two edits away may have meant (`words.hints`)."""
        return words.hints(word, self._long)


#: Every network's words.
PLAIN = Vocabulary()


def fold(word: str) -> str:
    """Return a word as texts are folded: capitals, no accents."""
    found = split(clean(word)[0])
    return found[0].text if len(found) == 1 else word.upper()


def mistakes(
    synonyms: Mapping[Keyword, Sequence[str]], info: Sequence[str]
) -> Iterator[tuple[Keyword | None, int, str]]:
    """Yield what is wrong with folded words: whose list, the place in it, a sentence.

    A word is compared with every word of the language and with those before it.
    """
    taken: list[tuple[str, Keyword | str]] = [
        (word, keyword)
        for keyword, known in words.SYNONYMS.items()
        for word in known
        if word.isalpha()
    ]
    asked: list[tuple[Keyword | None, int, str]] = [
        (keyword, place, word)
        for keyword, added in synonyms.items()
        for place, word in enumerate(added)
    ]
    asked += [(None, place, word) for place, word in enumerate(info)]
    for whose, place, word in asked:
        meant = word if whose is None else whose
        wrong = _wrong(word, meant, taken)
        if wrong:
            yield whose, place, wrong
        else:
            taken.append((word, meant))


def _wrong(
    word: str, meant: Keyword | str, taken: Sequence[tuple[str, Keyword | str]]
) -> str:
    if not _FORM.fullmatch(word):
        return f"write {LETTERS_MIN} to {LETTERS_MAX} letters and nothing else"
    if names_digit(word):
        return f"{word} is a number in words: choose another word"
    if word in words.RESERVED or any(word == known for known, _ in taken):
        return f"{word} means something already: choose another word"
    for known, other in taken:
        if other != meant and _too_near(word, known, informs=word == meant):
            return (
                f"{word} is too near to {known} for a phone with keys: "
                "choose a word that differs in more letters"
            )
    return ""


def _too_near(word: str, known: str, *, informs: bool) -> bool:
    shorter = min(len(word), len(known))
    if shorter < words.CORRECTED_FROM:
        return False
    apart = _APART if informs or shorter < _LONG_FROM else _APART_LONG
    return words.distance(word, known, apart) < apart
