"""`smsgate member import`: the files around the operation.

What comes in: a CSV file to read and, with `--codes`, the name of a new one. What goes
out: the operation's counts; the one-time codes stand in the new file only (mode 0600),
never on the screen or in the JSON document. The checks are `operations.member_import`.
"""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, TextIO

from smsgate.cli.printing import spreadsheet_text
from smsgate.operations import OperationRefused
from smsgate.operations.people.roster import read_csv
from smsgate.operations.requests import MemberImport

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.cli.shell import Shell
    from smsgate.operations import Document

_COLUMNS = ("phone", "name", "code", "one_time_code")


def bring_in(
    shell: Shell,
    file: Path,
    *,
    dry_run: bool,
    from_treasury: bool,
    codes: Path | None,
) -> Document:
    """Import a file; return the counts.

    Raises:
        OperationRefused: the file has mistakes, or the codes' file exists.
    """
    request = MemberImport(
        rows=read_csv(file.read_bytes()),
        dry_run=dry_run,
        opening_from_treasury=from_treasury,
        codes=codes is not None and not dry_run,
    )
    if codes is None or dry_run:
        document = shell.do(request).document
        return document | {"codes": len(document["codes"])}
    with _new_file(codes) as out:
        try:
            document = shell.do(request).document
            _write(out, document["codes"])
        except BaseException:
            if out.tell() == 0:
                codes.unlink()
            raise
    if not document["codes"]:
        codes.unlink()
    return document | {"codes": len(document["codes"])}


def _new_file(path: Path) -> TextIO:
    # Made before the codes are: there must be somewhere to write them.
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise OperationRefused(
            f"{path} is there already and may hold codes: name a new file"
        ) from error
    return os.fdopen(opened, "w", encoding="utf-8", newline="")


def _write(out: TextIO, codes: list[Document]) -> None:
    if not codes:
        return
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in codes:
        safe = row | {"name": spreadsheet_text(row["name"])}
        writer.writerow([safe[column] for column in _COLUMNS])
    out.flush()
    os.fsync(out.fileno())
