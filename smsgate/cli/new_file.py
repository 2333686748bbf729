"""A new CSV file for its owner's eyes: phones and names of people stand in it.

What comes in: where it is to be, its columns, and rows. What goes out: the file, mode
0600, never in place of one that is there; no cell of it is a formula to a spreadsheet,
and `smsgate.operations.campaigning.audiences` reads it back.
"""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

from smsgate.cli.printing import spreadsheet_text
from smsgate.operations import OperationRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> int:
    """Write the rows into a new file; return how many they were.

    Raises:
        OperationRefused: there is such a file.
    """
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise OperationRefused(f"{path} is there already: name a new file") from error
    count = 0
    try:
        # With the mark, without which some spreadsheets take UTF-8 for Latin-1.
        with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([spreadsheet_text(name) for name in columns])
            for row in rows:
                writer.writerow([_cell(row.get(name)) for name in columns])
                count += 1
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink()
        raise
    return count


def _cell(value: object) -> str:
    return "" if value is None else spreadsheet_text(str(value))
