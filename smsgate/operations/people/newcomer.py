"""A new member's facts as an operator wrote them, to the values the ledger takes.

What comes in: words from a shell or a spreadsheet. What goes out: a `NewMember`, with
the network's defaults where nothing was said, or every mistake at once, a sentence
each. Whether phone and alias are free only the ledger knows: see `smsgate.members`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from smsgate import members
from smsgate.errors import SmsgateError
from smsgate.operations.desk import OperationRefused
from smsgate.phone import require_e164

if TYPE_CHECKING:
    from smsgate.members import NewMember
    from smsgate.operations.desk import Desk
    from smsgate.operations.requests import MemberAdd

T = TypeVar("T")

KINDS = ("business", "consumer")
LANGUAGES = ("es", "en")
#: How long area, category and e-mail may be.
FACT_MAX = 80

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


def read_newcomer(desk: Desk, facts: MemberAdd) -> NewMember:
    """Read the facts.

    Raises:
        OperationRefused: its lines name each mistake.
    """
    mistakes: list[str] = []

    def read(reading: Callable[[], T], otherwise: T) -> T:
        try:
            return reading()
        except SmsgateError as error:
            mistakes.append(str(error))
            return otherwise

    network = desk.config.network
    promos = facts.promos
    newcomer = members.NewMember(
        phone=read(lambda: require_e164(facts.phone, network.country), ""),
        name=facts.name,
        kind=read(lambda: one_of("kind", facts.kind, KINDS, "consumer"), ""),
        alias=facts.alias or None,
        language=read(
            lambda: one_of("language", facts.language, LANGUAGES, network.language), ""
        ),
        limit=read(lambda: desk.minor(facts.limit or "0"), 0),
        ceiling=read(
            lambda: desk.minor(facts.ceiling) if facts.ceiling else None, None
        ),
        area=read(lambda: _short("area", facts.area), ""),
        category=read(lambda: _short("category", facts.category), ""),
        email=read(lambda: _email(facts.email), ""),
        joined=read(lambda: _joined(facts.joined), ""),
        promos=desk.config.sms.promos_default if promos is None else promos,
    )
    if mistakes:
        raise OperationRefused("; ".join(mistakes), mistakes)
    return newcomer


def one_of(what: str, given: str | None, allowed: tuple[str, ...], default: str) -> str:
    """Return the word given, in lower case, or the default.

    Raises:
        OperationRefused: it is none of those allowed.
    """
    word = (given or default).lower()
    if word not in allowed:
        raise OperationRefused(f"{given!r} is no {what}: write {' or '.join(allowed)}")
    return word


def _short(what: str, given: str | None) -> str:
    text = " ".join((given or "").split())
    if len(text) > FACT_MAX:
        raise OperationRefused(f"{what} is {len(text)} long: write at most {FACT_MAX}")
    return text


def _email(given: str | None) -> str:
    text = _short("email", given)
    if text and _EMAIL.fullmatch(text) is None:
        raise OperationRefused(f"{text!r} is no e-mail address: write name@example.org")
    return text


def _joined(given: str | None) -> str:
    if not given:
        return ""
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise OperationRefused(
            f"{given!r} is no date: write the day of joining like 2024-03-31"
        ) from error
