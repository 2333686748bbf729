"""A spreadsheet as it was saved, to lines of cells.

What comes in: the bytes of a CSV file: commas, semicolons, tabs or bars, UTF-8 with or
without its mark, UTF-16 with its mark, or Latin-1. What goes out: its rows with the
line each begins on, or what is wrong with the file's form. What the cells mean is known
by `smsgate.operations.roster` and `smsgate.operations.audiences`.
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from smsgate.operations.desk import OperationRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS = ",;\t|"


def decoded(raw: bytes) -> str:
    """Return a file's text.

    Raises:
        OperationRefused: it is no text.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise OperationRefused(
                "this file begins like UTF-16 and is none: save the sheet as CSV anew"
            ) from error
    if b"\0" in raw:
        raise OperationRefused(
            "this is no CSV file: save the sheet as CSV, in UTF-8, and try that file"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Every byte is some letter of Latin-1; older spreadsheets write it.
        return raw.decode("latin-1")


def lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line that it begins on.

    Raises:
        OperationRefused: a quote is not closed.
    """
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=max(_DELIMITERS, key=first_line.count),
        strict=True,
    )
    number = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
            number = reader.line_num + 1
    except csv.Error as error:
        raise OperationRefused(
            f"line {number}: this is no CSV ({error}): look for a quote that is open"
        ) from error
