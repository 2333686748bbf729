"""When something happened, as vendors write it.

What comes in: a text and the formats a dialect expects. What goes out: a time in UTC,
or None where it is none of them: a text without a sure time is asked about before it
pays, which is better than losing it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from modem.aggregators.keys import BadDialect

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMED = frozenset({"iso", "unix", "unix_ms"})
#: A date that any pattern can write; a pattern that cannot read it back is wrong.
_TRIAL = datetime(2026, 11, 25, 13, 14, 15, tzinfo=UTC)


def formats_of(written: object, path: str) -> tuple[str, ...]:
    """Read the formats of a dialect; raises BadDialect."""
    listed = written if isinstance(written, (list, tuple)) else [written]
    formats = tuple(str(one) for one in listed)
    for one in formats:
        if one in _NAMED:
            continue
        found = _by_pattern(_TRIAL.strftime(one), one)
        if found is None or found.date() != _TRIAL.date():
            raise BadDialect(
                path, "write iso, unix, unix_ms, or a pattern like %Y-%m-%d"
            )
    return formats


def moment(text: str, formats: Iterable[str]) -> datetime | None:
    """Return the time that a text tells, UTC; None where it tells none."""
    for one in formats:
        found = _read(text.strip(), one)
        if found is not None:
            return found
    return None


def _read(text: str, form: str) -> datetime | None:
    match form:
        case "iso":
            return _iso(text)
        case "unix":
            return _since_epoch(text, 1)
        case "unix_ms":
            return _since_epoch(text, 1000)
        case _:
            return _by_pattern(text, form)


def _iso(text: str) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _since_epoch(text: str, per_second: int) -> datetime | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=float(text) / per_second)
    except OverflowError:
        return None


def _by_pattern(text: str, pattern: str) -> datetime | None:
    try:
        return _utc(datetime.strptime(text, pattern))  # noqa: DTZ007 - zone below
    except (ValueError, OverflowError, re.error):
        return None


def _utc(found: datetime) -> datetime:
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
