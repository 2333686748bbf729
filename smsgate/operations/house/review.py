"""A copy put in the ledger's place, and the end of the review that follows.

What comes in: the file of a backup; later, the word of an operator who has looked at
what is missing. What goes out: the copy where the ledger was, which is kept beside it;
and a house that goes on. From then on what members sent before is late, and is asked
about. What happens in between stands in `smsgate.gateway.unasked.putback`.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import from_ms
from smsgate.gateway.unasked.putback import PUT_BACK
from smsgate.operations.desk import Answer, OperationRefused
from smsgate.operations.house.ledger import examine
from smsgate.store import Lock, end_review, open_for_check

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.clock import Clock
    from smsgate.config import Config
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import Resume
    from smsgate.store import Tx


def restore(config: Config, copy: Path, clock: Clock) -> Answer:
    """Put a backup in the ledger's place; no daemon may run.

    Raises:
        LedgerLocked: a daemon, or another command, has the ledger.
        OperationRefused: the file is no copy that `smsgate backup` made, or not good.
    """
    path = config.ledger_path
    books = examine(copy)
    if books.document["findings"]:
        first = books.document["findings"][0]
        raise OperationRefused(
            f"{copy} is not good, {first['where']}: {first['what']}; take an older one"
        )
    with open_for_check(copy) as query:
        row = query.one("SELECT review, newest_ms FROM house")
    if row is None or not row["review"]:
        raise OperationRefused(
            f"{copy} is no copy that `smsgate backup` made: nothing would tell the "
            "house that it was put back"
        )
    kept = _swap(path, copy, f"{from_ms(clock.now_ms()):%Y%m%d-%H%M%S}")
    document: Document = {
        "ledger": str(path),
        "kept": None if kept is None else str(kept),
        "rows_until": from_ms(row["newest_ms"]).isoformat(timespec="seconds"),
        "head": books.document["head"],
    }
    return Answer(document=document)


def _swap(path: Path, copy: Path, when: str) -> Path | None:
    """Put the copy where the ledger is; return where that is kept now."""
    there, lock = path.exists(), Lock(path)
    if there:
        lock.take()
    fresh = path.with_name(f"{path.name}.new")
    kept = path.with_name(f"{path.name}.before-{when}")
    try:
        shutil.copyfile(copy, fresh)
        fresh.chmod(0o600)
        with fresh.open("rb") as made:
            os.fsync(made.fileno())
        # The ledger goes first: should the power fail in between, it must not stand
        # there without its log, which holds what was paid last. And a log, also one
        # that was left behind like that, would be played into the copy.
        for end in ("", "-wal", "-shm"):
            beside = path.with_name(path.name + end)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + end))
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
        lock.drop()
    return kept if there else None


async def resume(desk: Desk, _: Resume) -> Document:
    """Let a house go on whose ledger was put back.

    Raises:
        OperationRefused: it is in no review.
    """

    def change(tx: Tx) -> int:
        if not end_review(tx):
            raise OperationRefused("the house is in no review: it goes on already")
        ledger.record(
            tx, kind="house_resumed", account=None, actor=desk.actor, detail={}
        )
        row = tx.one(
            "SELECT detail FROM event WHERE kind = :kind ORDER BY id DESC LIMIT 1",
            {"kind": PUT_BACK},
        )
        return 0 if row is None else int(json.loads(row["detail"])["rows_until_ms"])

    until_ms = await desk.store.write(change)
    return {
        "rows_until": desk.time_or_none(until_ms),
        "resumed": desk.time(desk.store.newest_ms),
    }
