"""The keys of a `[[link]]` over HTTP that belong to its vendor.

What comes in: the preset, and the keys of the table that are nobody else's. What goes
out: the same keys, secrets as references, or a `ValueError` that tells all that is
wrong with them. What a vendor asks for is known to `modem.aggregators.known`.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from smsgate.config.references import parse_reference

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from modem.aggregators.keys import KeyFact


def check(
    preset: str, dialect: Path | None, given: dict[str, Any], folder: Path
) -> None:
    """Check a vendor's keys and make references of its secrets, in place.

    Raises:
        ValueError: something is unknown, missing or of the wrong kind.
    """
    facts = _facts(preset, dialect)
    wrong = [
        f"{key} is missing: {fact.hint}"
        for key, fact in facts.items()
        if fact.needed and given.get(key) in (None, "")
    ]
    for key, value in given.items():
        try:
            given[key] = _value(key, value, facts, folder)
        except ValueError as error:
            wrong.append(f"{key}: {error}")
    if wrong:
        raise ValueError("; ".join(wrong))


def check_sessions(given: Mapping[str, Any]) -> None:
    """Check a link that brings USSD sessions only.

    Raises:
        ValueError: it has keys that only a vendor could have.
    """
    if given:
        raise ValueError(
            f"{', '.join(given)}: without preset or dialect this link brings sessions "
            "only and has no such setting"
        )


def _facts(preset: str, dialect: Path | None) -> Mapping[str, KeyFact]:
    # Only links over HTTP need the vendors, and most commands need no link.
    from modem.aggregators import known, presets
    from modem.aggregators.keys import BadDialect

    if bool(preset) is (dialect is not None):
        raise ValueError(
            f"write preset, one of {', '.join(known.names())}; or dialect, a file of "
            "your own; not both"
        )
    try:
        if dialect is None:
            return known.keys(preset)
        return {key: made.fact for key, made in presets.declared(dialect).keys.items()}
    except BadDialect as error:
        raise ValueError(str(error)) from error


def _value(key: str, value: object, facts: Mapping[str, KeyFact], folder: Path) -> Any:
    fact = facts.get(key)
    if fact is None:
        near = difflib.get_close_matches(key, facts, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(facts)}"
        raise ValueError(f"there is no such setting; {hint}")
    if not isinstance(value, str | int | bool):
        raise ValueError(f"write {fact.hint}")  # noqa: TRY004 - pydantic collects these
    if not fact.secret or value == "":
        return value
    if not isinstance(value, str):
        raise ValueError("write file:PATH, env:NAME or cred:NAME")  # noqa: TRY004
    return parse_reference(value, folder)
