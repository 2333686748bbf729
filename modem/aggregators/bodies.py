"""What the body of a webhook or an answer holds, read strictly and without surprises.

What comes in: bytes from outside. What goes out: pairs of a form, a value of JSON, or
`Unreadable`, with what is wrong and nothing of what was sent. Signatures and vendors
read through here, so that what was signed is what is read.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from modem.hooks import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.hooks import Hook

Pairs = tuple[tuple[str, str], ...]

#: More fields than this are a mistake, or an attempt to keep us busy.
_FIELDS_MAX = 200


def is_json(headers: Mapping[str, str]) -> bool:
    """Say whether a body is announced as JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def form_pairs(body: bytes) -> Pairs:
    """Read the fields of a form, in order, empty ones too; raises Unreadable."""
    try:
        return tuple(
            parse_qsl(
                body.decode("utf-8"),
                keep_blank_values=True,
                max_num_fields=_FIELDS_MAX,
            )
        )
    except ValueError as error:
        raise Unreadable("the body is no form, or has too many fields") from error


def json_value(body: bytes) -> Any:
    """Read JSON; raises Unreadable."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is no JSON") from error


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; raises Unreadable."""
    value = json_value(body)
    if not isinstance(value, dict):
        raise Unreadable("the body is no JSON object")
    return value


def fields(hook: Hook) -> dict[str, str]:
    """Return the fields of a webhook: query, form, or one flat JSON object.

    Raises:
        Unreadable: a field is there twice, or the body is none of them.
    """
    return _single(pairs(hook))


def pairs(hook: Hook) -> Pairs:
    """Return the fields of a webhook in order; raises Unreadable."""
    if hook.method.upper() == "GET" or not hook.body:
        return hook.query
    if is_json(hook.headers):
        return tuple(
            (key, word(value)) for key, value in json_object(hook.body).items()
        )
    return form_pairs(hook.body)


def word(value: object) -> str:
    """Return a value of JSON as the text a form would have; empty for none."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return ""


def sound(text: str) -> str:
    """Return a text without lone surrogates, which nothing could store or send."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def find(value: object, *path: str | int) -> object:
    """Follow keys and places into a value of JSON; None where there is nothing."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def found(value: object, *path: str | int) -> str:
    """Follow a path to a text or number; '' where there is none."""
    return word(find(value, *path))


def moment(text: str) -> datetime | None:
    """Read an ISO time with its zone; None where it is none."""
    try:
        at = datetime.fromisoformat(text)
        return None if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def international(number: str) -> str:
    """Give a number its plus sign; short codes and names stay as they are.

    Some vendors write numbers without it, always with the country's code.
    """
    return f"+{number}" if re.fullmatch(r"[1-9][0-9]{9,14}", number) else number


def _single(found: Pairs) -> dict[str, str]:
    once = dict(found)
    if len(once) != len(found):
        raise Unreadable("a field is there twice")
    return once


def _no_constant(name: str) -> Any:
    raise ValueError(name)
