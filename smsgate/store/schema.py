"""The schema as the package carries it, and what a file has of it.

What goes out: the text of `ledger.sqlite.schema`, its version, and its tables,
indexes and triggers in a form in which layout and comments do not count. A file that
lacks one of them is not bound by all the rules of money: `smsgate.store.opening`
refuses it, `smsgate.ledger.checking` names what is missing.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: 'SMSG', in the header of every ledger.
APPLICATION_ID = 0x534D5347

#: The schema that this smsgate writes; `smsgate.store.migrations` leads up to it.
VERSION = 1

OBJECTS = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"

_COMMENT = re.compile(r"--[^\n]*")
_SPACE = re.compile(r"\s+")
_MARK = re.compile(r"\s*([(),;=<>])\s*")


@cache
def schema_text() -> str:
    """Return the text of the schema."""
    return (files("smsgate.store") / "ledger.sqlite.schema").read_text("utf-8")


@cache
def expected_objects() -> Mapping[str, str]:
    """Return what a ledger of this version has: `trigger entry_kept` to its SQL."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.executescript(schema_text())
        return objects_of(fresh.execute(OBJECTS).fetchall())


def objects_of(rows: list[tuple[str, str, str]]) -> dict[str, str]:
    """Key the rows of `OBJECTS` by kind and name, layout and comments put aside."""
    return {f"{kind} {name}": normal(sql) for kind, name, sql in rows}


def normal(sql: str) -> str:
    """Return a statement without comments and needless space."""
    return _MARK.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub(" ", sql))).strip()


def differences(rows: list[tuple[str, str, str]]) -> list[str]:
    """Say how a file's objects differ from the schema, a sentence each."""
    found, wanted = objects_of(rows), expected_objects()
    told = [f"{what} is missing" for what in wanted if what not in found]
    told += [f"{what} is not of this schema" for what in found if what not in wanted]
    told += [
        f"{what} is not as the schema has it"
        for what, sql in wanted.items()
        if what in found and found[what] != sql
    ]
    return told
