"""What the scripted conversation prints: chat lines, and the books at the end.

What comes in: who wrote what to whom, and when. What goes out: on a terminal coloured
columns, into a file one line a text, so that both can be read and the second searched.
PINs are asterisks here. Used by
`smsgate.demo.script`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo
    from typing import TextIO

GATEWAY = "smsgate"
MASK = "****"

_WHO = 20
_FILE_WIDTH = 400
_TIME_STYLE, _PHONE_STYLE, _GATEWAY_STYLE, _NOTE_STYLE = (
    "dim",
    "cyan",
    "green",
    "italic",
)


class Teller:
    """Prints what happens."""

    def __init__(
        self, *, zone: tzinfo, secrets: Sequence[str], out: TextIO | None = None
    ) -> None:
        """Print to `out`, or standard output; `secrets` become asterisks."""
        self._zone = zone
        # Whole words only: a reference may hold the same four digits.
        self._secret = re.compile(rf"\b(?:{'|'.join(map(re.escape, secrets))})\b")
        self._console = Console(file=out, highlight=False, soft_wrap=False)
        if not self._console.is_terminal:
            self._console.width = _FILE_WIDTH

    def opening(self, sentence: str) -> None:
        """Say what is about to be played."""
        self._console.print(Text(sentence))

    def scene(self, title: str) -> None:
        """Begin a part of the conversation."""
        self._console.print()
        self._console.print(Text(title, style="bold"))

    def says(self, who: str, text: str, at: datetime) -> None:
        """Print a text from a phone."""
        shown = self._secret.sub(MASK, text)
        self._line(f"{who} → {GATEWAY}", shown, at, _PHONE_STYLE)

    def hears(self, who: str, text: str, at: datetime) -> None:
        """Print a text to a phone."""
        self._line(f"{GATEWAY} → {who}", text, at, _GATEWAY_STYLE)

    def note(self, sentence: str) -> None:
        """Say what cannot be seen in the texts."""
        self._console.print(Text(f"          · {sentence}", style=_NOTE_STYLE))

    def books(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        """Print what everybody has at the end: a name, then amounts."""
        self.scene(title)
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        for row in (heads, *rows):
            cells = [
                f"{cell:>{width}}" if place else f"{cell:<{width}}"
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            style = "bold" if row is heads else ""
            self._console.print(Text("  ".join(cells).rstrip(), style=style))

    def verdict(self, sentence: str, *, good: bool) -> None:
        """Print how it ended."""
        self._console.print()
        self._console.print(Text(sentence, style="bold green" if good else "bold red"))

    def _line(self, who: str, text: str, at: datetime, style: str) -> None:
        time = f"{at.astimezone(self._zone):%H:%M:%S}"
        if self._console.is_terminal:
            row = Table.grid(padding=(0, 2))
            row.add_column(width=len(time))
            row.add_column(width=_WHO)
            row.add_column(ratio=1)
            row.add_row(
                Text(time, style=_TIME_STYLE), Text(who, style=style), Text(text)
            )
            self._console.print(row)
        else:
            one = " / ".join(text.splitlines())
            self._console.print(Text(f"{time}  {who:<{_WHO}}  {one}"), no_wrap=True)
