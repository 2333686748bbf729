"""USSD sessions as an aggregator tells of them: one request a step.

What comes in: a `modem.hooks.Hook` that its link believes, with a form or a JSON
document of the names that Africa's Talking gave and others copied: `sessionId`,
`phoneNumber`, `serviceCode`, `text`, `networkCode`; at the end of a session a notice
with a `status` in place of the text. What goes out: a frozen `Dialled` or `Ended`; and,
for the way back, the two words by which a screen opens: `CON` where an answer may
follow, `END` where none can. The sessions themselves are kept in `smsgate.ussd`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from modem.hooks import HookAnswer, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.hooks import Hook

#: Longer values are nobody's: a session's id, a number, a service code.
_NAME_MAX = 128
#: All the input of a session, joined.
_TEXT_MAX = 1_000
#: More fields than any dialect has.
_FIELDS_MAX = 64
#: Fields that only the notice at the end of a session has.
_AT_END = ("status", "durationInMillis", "hopsCount")
_SUCCESS = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """One step of a session."""

    session: str
    #: The phone as the operator's network names it.
    phone: str
    #: The service code that was dialled, such as `*384*1#`.
    code: str
    #: All input so far, joined by `*`; empty at first. May hold a PIN.
    text: str = field(repr=False)
    network: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the input, one part a step (or a part of what was dialled)."""
        return tuple(self.text.split("*")) if self.text else ()

    @property
    def last(self) -> str:
        """Return what is new in this step; the rest was answered before."""
        return self.text.rsplit("*", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session is over; `shown`: the phone had the last screen."""

    session: str
    shown: bool


def read_ussd(hook: Hook) -> Dialled | Ended:
    """Read a step, or the notice that a session is over.

    Raises:
        Unreadable: a field is missing or too long, or it is neither form nor JSON.
    """
    fields = _fields(hook)
    session = _named(fields, "sessionId")
    if any(name in fields for name in _AT_END):
        status = fields.get("status", "")
        return Ended(session=session, shown=status.strip().lower() == _SUCCESS)
    text = fields.get("text", "")
    if len(text) > _TEXT_MAX:
        raise Unreadable(f"the field text is longer than {_TEXT_MAX} characters")
    phone = _named(fields, "phoneNumber")
    return Dialled(
        session=session,
        # Some forget to escape the plus of a form, and it arrives as a space.
        phone=phone if phone.startswith("+") else _plus(phone),
        code=_named(fields, "serviceCode"),
        text=text.strip(),
        network=fields.get("networkCode", "")[:_NAME_MAX],
    )


def screen_answer(text: str, *, ends: bool) -> HookAnswer:
    """Write a screen as the aggregator takes it."""
    opening = "END" if ends else "CON"
    return HookAnswer(
        status=200,
        body=f"{opening} {text}".encode(),
        content_type="text/plain",
    )


def _fields(hook: Hook) -> Mapping[str, str]:
    try:
        body = hook.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("the body is not UTF-8") from error
    told = hook.headers.get("content-type", "").lower()
    if "json" in told or body.lstrip().startswith("{"):
        return _json(body)
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS_MAX)
    except ValueError as error:
        raise Unreadable("the form has too many fields") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unreadable("a field stands twice in the form")
    return fields


def _json(body: str) -> Mapping[str, str]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        # Without its cause, which holds the body.
        raise Unreadable("the body is no JSON document") from None
    if not isinstance(told, dict):
        raise Unreadable("the JSON document is no object")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in told.items()
        if value is not None
    }


def _named(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "").rstrip()
    if not value.strip():
        raise Unreadable(f"the field {name} is missing")
    if len(value) > _NAME_MAX:
        raise Unreadable(f"the field {name} is longer than {_NAME_MAX} characters")
    return value


def _plus(phone: str) -> str:
    """Return the international form where it was meant; else what stands there."""
    return "+" + phone.strip() if phone.startswith(" ") else phone
