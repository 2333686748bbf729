"""`smsgate audience import`: the files around the operation.

What comes in: a CSV file, and perhaps the name of a new one. What goes out: the counts,
and the wrong rows as they stood, with what is wrong, in the new file. A long file is
sent in parts, all of which are checked before the first is kept; the same phone always
falls into the same part, so that none is taken twice. The checks are
`smsgate.operations.campaigning.audiences`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.cli.new_file import write_csv
from smsgate.operations import OperationRefused
from smsgate.operations.campaigning.audiences import read_list
from smsgate.operations.campaigning.requests import AudienceImport
from smsgate.operations.spreadsheet import Told, form_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smsgate.cli.shell import Shell
    from smsgate.operations import Document

Rows = tuple[tuple[int, dict[str, str]], ...]
#: Rows of one part: the socket takes lines of 16 MiB.
_PART = 20_000
#: Digits at the end of a number by which it falls into a part.
_TAIL = 7


def bring_in(
    shell: Shell,
    name: str,
    file: Path,
    told: Told,
    *,
    dry_run: bool,
    partly: bool,
    errors: Path | None,
) -> Document:
    """Import a file; return the counts and what is wrong.

    Raises:
        OperationRefused: it is no list, or rows are wrong and all are wanted.
    """
    raw = file.read_bytes()
    form, rows = form_of(raw, told), read_list(raw, told)
    parts = _parts(rows)
    document = _together([_ask(shell, name, part, dry_run=True) for part in parts])
    mistakes = sorted(document["mistakes"], key=lambda one: int(one["line"]))
    if mistakes and errors is not None:
        _write(errors, rows, mistakes)
    if mistakes and not partly and not dry_run:
        raise OperationRefused(
            f"{len(mistakes)} rows are wrong, nothing was done: correct them, or take "
            "the others with --partly",
            [f"line {one['line']}: {one['what']}" for one in mistakes],
        )
    if not dry_run:
        document = _together([_ask(shell, name, part, dry_run=False) for part in parts])
    found = {"encoding": form.encoding, "delimiter": form.delimiter}
    return document | {"mistakes": mistakes, "dry_run": dry_run, "form": found}


def _parts(rows: Rows) -> list[Rows]:
    count = max(1, -(-len(rows) // _PART))
    parts: list[list[tuple[int, dict[str, str]]]] = [[] for _ in range(count)]
    for row in rows:
        digits = "".join(c for c in row[1].get("phone", "") if c in "0123456789")
        parts[int(digits[-_TAIL:] or 0) % count].append(row)
    columns = {name: "" for _, cells in rows for name in cells}
    for part in parts:
        # Each part must know of every column, also of those that it does not use.
        part[:1] = [(line, {**columns, **cells}) for line, cells in part[:1]]
    return [tuple(part) for part in parts]


def _ask(shell: Shell, name: str, rows: Rows, *, dry_run: bool) -> Document:
    request = AudienceImport(name=name, rows=rows, dry_run=dry_run, partly=True)
    return shell.do(request).document


def _together(documents: Sequence[Document]) -> Document:
    counted = {
        key: sum(int(one[key]) for one in documents)
        for key in ("rows", "phones", "twice", "wrong", "new")
    }
    mistakes = [mistake for one in documents for mistake in one["mistakes"]]
    return documents[0] | counted | {"mistakes": mistakes}


def _write(path: Path, rows: Rows, mistakes: Sequence[Document]) -> None:
    wrong = {int(one["line"]): str(one["what"]) for one in mistakes}
    found = [(line, cells) for line, cells in rows if line in wrong]
    columns = list(dict.fromkeys(name for _, cells in found for name in cells))
    columns = ["line", "error", "phone", *(one for one in columns if one != "phone")]
    write_csv(
        path,
        columns,
        ({**cells, "line": line, "error": wrong[line]} for line, cells in found),
    )
