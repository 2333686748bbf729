"""A spreadsheet as it was saved, to lines of cells.

What comes in: the bytes of a CSV file: commas, semicolons, tabs or bars, UTF-8 with or
without its mark, UTF-16, or what Windows writes in the West; any other delimiter or
encoding can be named. What goes out: its rows with the line each begins on, or what is
wrong with the file's form. What the cells mean is known by
`smsgate.operations.people.roster` and `smsgate.operations.campaigning.audiences`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsgate.operations.desk import OperationRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How files of LibreOffice and of old and new Excel begin.
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: Delimiters that are looked for where none of these is.
_RARE = {":": "colons", "^": "carets", "~": "tildes", "#": "number signs"}
#: Some spreadsheets say their delimiter in a line of its own, in front.
_TOLD = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
#: What our own files put before a cell that could be taken for a formula.
_GUARD = re.compile(r"'(?=[=+\-@\t\r])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a file is written, in words for whoever looks at its preview."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says of a file's form; '': it is found out."""

    encoding: str = ""
    #: One character.
    delimiter: str = ""


def form_of(raw: bytes, told: Told | None = None) -> Form:
    """Say how a file is written.

    Raises:
        OperationRefused: it is no text.
    """
    told = told or Told()
    text, encoding = _decoded(raw, told.encoding)
    delimiter = told.delimiter or _delimiter(text)[0]
    names = _DELIMITERS | _RARE
    return Form(encoding=encoding, delimiter=names.get(delimiter, delimiter))


def decoded(raw: bytes, encoding: str = "") -> str:
    """Return a file's text; `encoding` '': it is found out.

    Raises:
        OperationRefused: it is no text.
    """
    return _decoded(raw, encoding)[0]


def unguarded(cell: str) -> str:
    """Return a cell without the mark that keeps spreadsheets from calculating it."""
    return _GUARD.sub("", cell, count=1) if cell.startswith("'") else cell


def _decoded(raw: bytes, encoding: str) -> tuple[str, str]:
    return (_as_told(raw, encoding), encoding) if encoding else _found_out(raw)


def _as_told(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except LookupError as error:
        raise OperationRefused(
            f"there is no encoding {encoding}: name one like cp850, mac-roman or utf-16"
        ) from error
    except UnicodeDecodeError as error:
        raise OperationRefused(
            f"the file is not in {encoding}: name another encoding, or none"
        ) from error
    return text.removeprefix("\ufeff")


def _found_out(raw: bytes) -> tuple[str, str]:
    if raw.startswith(_NO_TEXT):
        raise OperationRefused(
            "this is the spreadsheet itself: save the sheet as CSV, in UTF-8, and try "
            "that file"
        )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(raw, "utf-16"), "UTF-16"
    if b"\0" in raw:
        # Without its mark: of Western letters every second byte is zero.
        halves = raw[1::2], raw[0::2]
        full = [2 * half.count(0) > len(half) for half in halves]
        if sum(full) != 1:
            raise OperationRefused(
                "this is no CSV file: save the sheet as CSV, in UTF-8, and try that "
                "file"
            )
        return _utf16(raw, "utf-16-le" if full[0] else "utf-16-be"), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        # Every byte is some letter of Latin-1.
        return raw.decode("latin-1"), "Latin-1"


def _utf16(raw: bytes, how: str) -> str:
    try:
        return raw.decode(how)
    except UnicodeDecodeError as error:
        raise OperationRefused(
            "this file begins like UTF-16 and is none: save the sheet as CSV anew"
        ) from error


def _delimiter(text: str) -> tuple[str, bool]:
    """Return the delimiter, and whether the first line says nothing else."""
    told = _TOLD.match(text)
    if told is not None and told.end() <= len(text.split("\n", 1)[0]) + 1:
        return told[1], True
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    bare = _QUOTED.sub("", first_line)
    usual = max(_DELIMITERS, key=bare.count)
    rare = max(_RARE, key=bare.count)
    return (rare if usual not in bare and rare in bare else usual), False


def lines(text: str, named: str = "") -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line that it begins on.

    `named` is the delimiter; '': it is found out.

    Raises:
        OperationRefused: a quote is not closed.
    """
    delimiter, told = _delimiter(text)
    delimiter = named or delimiter
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not (told and number == 1):
                yield number, stripped
            number = reader.line_num + 1
    except csv.Error as error:
        raise OperationRefused(
            f"line {number}: this is no CSV ({error}): look for a quote that is open"
        ) from error
