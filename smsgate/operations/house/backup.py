"""A copy of the ledger that is known to be good.

What comes in: the path of a new file. What goes out: that file, written by whoever
holds the ledger, examined as `ledger check` would and by the database itself, and the
head of the chain, to be noted elsewhere. The keys are not in it: they are kept apart.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from smsgate.operations.desk import Answer, OperationRefused
from smsgate.operations.house.ledger import examine
from smsgate.store import open_for_check

if TYPE_CHECKING:
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import Backup


async def back_up(desk: Desk, request: Backup) -> Answer:
    """Copy the ledger into a new file and examine the copy; 1 where it is not good.

    Raises:
        LedgerExists: there is a file of this name.
        StorageFailed: the daemon, which writes it, cannot write there.
    """
    target = Path(request.path)
    if not target.is_absolute():
        raise OperationRefused("name the file from the root of the file system on")
    desk.progress("copying the ledger", 0, 0)
    await desk.store.snapshot(target)
    desk.progress("examining the copy", 0, 0)
    return await asyncio.to_thread(_examined, target)


def _examined(target: Path) -> Answer:
    with open_for_check(target) as query:
        told = [str(row[0]) for row in query.all("PRAGMA integrity_check(10)")]
    damage = [{"where": "file", "what": one} for one in told if one != "ok"]
    books = examine(target)
    findings = damage + books.document["findings"]
    with target.open("rb") as copy:
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
    document: Document = {
        "ok": not findings,
        "file": str(target),
        "bytes": target.stat().st_size,
        "sha256": digest,
        "head": books.document["head"],
        "findings": findings,
    }
    return Answer(document=document, exit_code=1 if findings else 0)
