"""Before there is a desk: make a network, and check that one is fit to be started.

What comes in: a folder, or a configuration. What goes out: new files, never over old
ones; or every mistake in the configuration, its keys and the ledger's schema, quickly
and without the lock. Whether the books are right is `smsgate.operations.ledger`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import config
from smsgate.config import AlreadyThere
from smsgate.store import VERSION, create_ledger, differences, open_for_check
from smsgate.store.schema import OBJECTS

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.config import Config

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
