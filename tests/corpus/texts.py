"""The corpus as a table: each text with its verdicts, and its skeleton.

What comes in: `texts.tsv`. What goes out: a `Row` for each text, and what is left of a
text once digits, names, case and accents are taken away, by which two texts that only
look different are found. Judged in `tests.corpus.test_corpus`, mutated in
`tests.commands.test_fuzz`, measured in `bench.texts`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.corpus.verdict import Verdict, written

_FILE = Path(__file__).with_name("texts.tsv")
_HEADER = ["kind", "text", "first", "second", "holds", "why"]
_ESCAPE = re.compile(r"\\(?:([nrt])|u([0-9a-f]{4}))")
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}
_DIGITS = re.compile(r"\d+")
_NAMES = re.compile(
    r"(?<![a-z0-9])(?:rosa|rsoa|rosita|panaderialuz|tiendaluz|donluis|luis|juan|ana"
    r"|marta|martinez|perez|lopez|mejia|diaz|maria|peter|penate|nonito|jose)(?![a-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One text; `holds` and `why` are empty where both verdicts hold."""

    line: int
    kind: str
    text: str
    first: str
    second: str
    holds: str
    why: str

    @property
    def verdict(self) -> Verdict:
        """What the text means."""
        return written(self.holds or self.first)


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return every text of the corpus."""
    lines = _FILE.read_text(encoding="utf-8").split("\n")
    told = [
        (number, line.split("\t"))
        for number, line in enumerate(lines, 1)
        if line and not line.startswith("# ")
    ]
    (_, header), *rest = told
    assert header == _HEADER
    return tuple(_row(number, cells) for number, cells in rest)


def _row(line: int, cells: list[str]) -> Row:
    kind, text, first, second, holds, why = cells + [""] * (len(_HEADER) - len(cells))
    text = _ESCAPE.sub(_unescaped, text)
    return Row(
        line=line,
        kind=kind,
        text=text,
        first=first,
        second=second,
        holds=holds,
        why=why,
    )


def _unescaped(match: re.Match[str]) -> str:
    return _NAMED[match[1]] if match[1] else chr(int(match[2], 16))


def skeleton(text: str) -> str:
    """Return what is left of a text without its digits, names, case and accents."""
    apart = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    named = _NAMES.sub("N", _DIGITS.sub("0", plain))
    return re.sub(" +", " ", named).strip(" ")
