"""Before there is a desk: make a network, check that one is fit, lead it up.

What comes in: a folder, or a configuration. What goes out: new files, never over old
ones; or every mistake in the configuration, its keys and the ledger's schema, quickly
and without the lock; or an older ledger at the present version. Whether the books are
right is `smsgate.operations.house.ledger`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import config
from smsgate.clock import from_ms
from smsgate.config import AlreadyThere
from smsgate.store import VERSION, create_ledger, differences, migrate, open_for_check
from smsgate.store.schema import OBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smsgate.clock import Clock
    from smsgate.config import Config
    from smsgate.operations.desk import Document
    from smsgate.store.migrations import Step

LEDGER = "ledger.sqlite"


def found(folder: Path, *, country: str, unit: str, language: str) -> tuple[Path, ...]:
    """Write the configuration, the keys and an empty ledger of a new network.

    Raises:
        BadConfig: there is no such country or language, or the unit is too long.
        AlreadyThere: one of the files exists; nothing was written.
    """
    network = {"unit": unit, "language": language}
    text = config.initial_text(country=country, sections={"network": network})
    config.parse(text, folder, source="this network")
    ledger = folder / LEDGER
    if ledger.exists():
        raise AlreadyThere(
            f"{ledger} is already there and is never overwritten: choose another folder"
        )
    written = config.write_initial(
        folder, country=country, unit=unit, language=language
    )
    create_ledger(ledger)
    return (*written, ledger)


def secret_mistakes(settings: Config) -> list[str]:
    """Return what is wrong with the keys; systemd's are there only in the service."""
    return [
        str(mistake)
        for mistake in config.unreadable_secrets(settings)
        if "needs systemd" not in mistake.text
    ]


def schema_mistakes(path: Path) -> list[str]:
    """Return how a ledger differs from the schema of this smsgate.

    Raises:
        LedgerMissing: there is none.
        LedgerForeign: it is no ledger.
        StorageFailed: it cannot be read.
    """
    with open_for_check(path) as query:
        version = query.one("PRAGMA user_version")
        rows = [(row[0], row[1], row[2]) for row in query.all(OBJECTS)]
    held = 0 if version is None else int(version[0])
    if held > VERSION:
        return [f"{path} was written by a newer smsgate: install that one"]
    if held < VERSION:
        return [f"{path} was written by an older smsgate: run `smsgate migrate`"]
    return [f"{path}: {one}; restore a backup" for one in differences(rows)]


def lead_up(path: Path, clock: Clock, known: Sequence[Step] | None = None) -> Document:
    """Bring a ledger to the schema of this smsgate; what it was is kept beside it.

    `known`: the steps there are; None: those of this smsgate. No daemon may run.

    Raises:
        StoreError: nothing was changed; as `smsgate.store.migrate` says.
    """
    when = f"{from_ms(clock.now_ms()):%Y%m%d-%H%M%S}"
    backup = path.with_name(f"{path.name}.before-{when}")
    was = migrate(path, backup, known)
    return {
        "ledger": str(path),
        "was": was,
        "version": VERSION,
        "kept": None if was == VERSION else str(backup),
    }
