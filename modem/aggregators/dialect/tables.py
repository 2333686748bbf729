"""What stands at the keys of a table that `schema` has found right already.

What comes in: a table and the name of a key. What goes out: its value in the kind that
the dialect needs, the default where it is missing, or `BadDialect` with its path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from modem.aggregators.dialect.picking import Pick, pick_of
from modem.aggregators.dialect.template import Template, template_of
from modem.aggregators.keys import BadDialect

if TYPE_CHECKING:
    from enum import StrEnum

    from modem.aggregators.dialect.schema import Table

#: The names under which secrets are told.
_SECRET = frozenset({"password", "token", "key"})

E = TypeVar("E", bound="StrEnum")


def below(value: object) -> Table:
    """Return a table; an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


def text(table: Table, name: str, default: str = "") -> str:
    """Return a text."""
    return str(table.get(name, default))


def whole(table: Table, name: str, default: int = 0) -> int:
    """Return a whole number."""
    value = table.get(name, default)
    return value if isinstance(value, int) else default


def within(table: Table, name: str, default: float, most: float) -> float:
    """Return a number of `send`, above 0 and at most so much; raises BadDialect."""
    value = table.get(name, default)
    if not isinstance(value, (int, float)) or not 0 < value <= most:
        raise BadDialect(f"send.{name}", f"write a number above 0, at most {most}")
    return value


def needed_pick(table: Table, name: str, path: str) -> Pick:
    """Return a place that must be told; raises BadDialect."""
    if name not in table:
        raise BadDialect(f"{path}.{name}", "it is missing: say where it stands")
    return pick_of(table[name], f"{path}.{name}")


def credential(table: Table, name: str, keys: frozenset[str], path: str) -> Template:
    """Return how we prove who we are, or others do; raises BadDialect.

    A file is copied and shown to people: what is secret never stands in it.
    """
    template = template_of(text(table, name), keys, f"{path}.{name}")
    if name in _SECRET and template.pieces and not template.names:
        raise BadDialect(
            f"{path}.{name}",
            "a secret does not stand here: write {name} and tell of it under [keys]",
        )
    return template


def choice(choices: type[E], written: str, path: str) -> E:
    """Return one of some words; raises BadDialect."""
    try:
        return choices(written)
    except ValueError as error:
        raise BadDialect(path, f"write one of {', '.join(choices)}") from error
