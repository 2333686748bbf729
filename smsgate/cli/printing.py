"""Documents in words: tables, and fields one a line.

What comes in: parts of a document. What goes out: text on standard output, for people;
programs use `--json`. Names and texts come from strangers, so whatever could steer a
terminal is shown as a question mark.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smsgate.operations import Document

#: Into a file there is no width to keep to.
_FILE_WIDTH = 400


def plain(value: object) -> str:
    """Return a value as text that is safe on a terminal."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case _:
            text = str(value)
            if text.isprintable():
                return text
            return "".join(c if c.isprintable() else "?" for c in text)


def fields(document: Mapping[str, Any], names: Sequence[str]) -> None:
    """Print one field a line."""
    width = max(len(name) for name in names) + 2
    for name in names:
        click.echo(f"{name.replace('_', ' '):<{width}}{plain(document[name])}")


def table(
    rows: Iterable[Document], columns: Sequence[str], numbers: Sequence[str] = ()
) -> None:
    """Print a table; `numbers` are the columns that stand to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        justify = "right" if column in numbers else "left"
        shown.add_column(
            column.replace("_", " "),
            justify="right" if justify == "right" else "left",
            overflow="fold",
        )
    for row in rows:
        shown.add_row(*(Text(plain(row[column])) for column in columns))
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(file=sys.stdout, width=width, highlight=False).print(shown)


def spreadsheet_text(text: str) -> str:
    """Return free text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def complain(sentence: str, lines: Iterable[str] = ()) -> None:
    """Say on standard error what is wrong."""
    click.echo(f"smsgate: {sentence}", err=True)
    for line in lines:
        click.echo(f"  {line}", err=True)
