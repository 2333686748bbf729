"""A member list as a spreadsheet saved it, to rows by column name.

What comes in: the bytes of a CSV file, as `smsgate.operations.spreadsheet` reads them.
What goes out: each row with its line number and cells, or all that is wrong with the
file's form. What the cells mean is checked against the ledger by
`smsgate.operations.people.member_import`.
"""

from __future__ import annotations

from smsgate.operations.desk import OperationRefused
from smsgate.operations.spreadsheet import decoded, lines

#: What a file must have, and what it may have besides.
NEEDED = ("phone", "name")
OPTIONAL = (
    "kind",
    "limit",
    "ceiling",
    "alias",
    "language",
    "balance",
    "area",
    "category",
    "email",
    "joined",
    "promos",
)
#: The most rows of one file.
ROWS_MAX = 20_000

#: Line number in the file, cells by column name; empty cells are left out.
Row = tuple[int, dict[str, str]]


def read_csv(raw: bytes) -> tuple[Row, ...]:
    """Read a member list.

    Raises:
        OperationRefused: the file is no such list; its lines name each mistake.
    """
    rest = lines(decoded(raw))
    first = next(rest, None)
    if first is None:
        raise OperationRefused("the file is empty: its first line names the columns")
    columns = [cell.strip().lower() for cell in first[1]]
    mistakes = _wrong_columns(columns)
    if mistakes:
        raise OperationRefused("the first line does not name the columns", mistakes)
    rows: list[Row] = []
    for number, cells in rest:
        if len(cells) > len(columns) and not any(cells[len(columns) :]):
            del cells[len(columns) :]
        if len(cells) != len(columns):
            mistakes.append(
                f"line {number}: {len(cells)} cells where the first line names "
                f"{len(columns)}; put quotes around a cell that holds the delimiter"
            )
            continue
        named = zip(columns, cells, strict=True)
        rows.append((number, {name: cell for name, cell in named if cell}))
    if len(rows) > ROWS_MAX:
        mistakes.append(f"{len(rows)} rows: import at most {ROWS_MAX} at a time")
    if mistakes:
        raise OperationRefused(
            "the file is not a member list, nothing was done", mistakes
        )
    return tuple(rows)


def _wrong_columns(columns: list[str]) -> list[str]:
    known = NEEDED + OPTIONAL
    mistakes = [
        f"line 1: there is no column {name!r}" for name in NEEDED if name not in columns
    ]
    mistakes += [
        f"line 1: the column {name!r} is not known; there may be {', '.join(known)}"
        for name in columns
        if name not in known
    ]
    mistakes += [
        f"line 1: the column {name!r} stands there twice"
        for name in known
        if columns.count(name) > 1
    ]
    return mistakes
