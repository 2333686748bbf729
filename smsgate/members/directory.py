"""Finding members: by phone, code, alias or account, and aliases that look like one.

What comes in: what a text or an operator wrote, already folded. What goes out: a
`Member` with the phone that speaks for them, or None. Lookups go by an index and take
microseconds, so that they may run on the event loop.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from commands.command import Alias, Code, Phone
from smsgate import ledger
from smsgate.errors import SmsgateError
from smsgate.members.naming import ALIAS_MAX, fold
from smsgate.phone import e164

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commands.command import Recipient
    from smsgate.store import Query, Row, Tx

#: States of an account in which its holder can be paid.
CAN_RECEIVE = frozenset({"active", "stopped"})

_NEAR_MAX = 2
_LETTERS = string.ascii_uppercase + string.digits
#: Statements have a limited number of places; a word of 15 has some 1,100 neighbours.
_CHUNK = 300


class MemberUnknown(SmsgateError):
    """Nobody has this phone, code or alias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member, as the rooms above need them; money stands in the ledger."""

    account: int
    #: Five digits, the last one checks the others.
    code: str
    name: str
    #: "business" or "consumer".
    kind: str
    #: Folded to A-Z and 0-9; None where they have chosen none.
    alias: str | None
    #: "es" or "en".
    language: str
    #: Opens genuine receipts; empty: the network's name does.
    word: str
    #: E.164.
    phone: str
    #: Of the account: "active", "stopped" (is paid only), "frozen" or "closed".
    state: str
    #: Whether they want promotions.
    promos: bool
    #: Whether they want to hear of offers and needs that match.
    notices: bool = True
    #: Whether their receipts are to tell no balance.
    hidden: bool = False
    #: When they last began to pay little only: a new phone, a reset PIN, a long
    #: silence; 0: never. How long that lasts is a setting.
    low_from_ms: int = 0
    #: From when on a PIN holds that waits for its time and no guardian; 0: none does.
    next_pin_ms: int = 0
    #: When this phone last sent a text, or was registered, to the day.
    heard_ms: int = 0


_FIND = (
    "SELECT m.account, m.code, m.name, m.kind, m.alias, m.language, m.word, m.promos,"
    " m.notices, m.hidden, m.low_from_ms,"
    " coalesce(n.next_ms, 0) AS next_pin_ms, p.heard_ms,"
    " p.msisdn AS phone, a.state"
    " FROM member m JOIN account a ON a.id = m.account"
    " JOIN phone p ON p.account = m.account AND p.role = 'own'"
    " LEFT JOIN pin n ON n.account = m.account AND n.next_held = 0"
)


def by_phone(q: Query, number: str) -> Member | None:
    """Return the member for whom this phone (E.164) speaks."""
    return _member(q.one(f"{_FIND} WHERE p.msisdn = :number", {"number": number}))


def account_of(q: Query, number: str) -> int | None:
    """Return the account of the member for whom this phone (E.164) speaks."""
    row = q.one(
        "SELECT account FROM phone WHERE msisdn = :number AND role = 'own'",
        {"number": number},
    )
    return None if row is None else int(row["account"])


def by_code(q: Query, code: str) -> Member | None:
    """Return the member with this code."""
    return _member(q.one(f"{_FIND} WHERE m.code = :code", {"code": code}))


def by_alias(q: Query, alias: str) -> Member | None:
    """Return the member with this alias (folded)."""
    return _member(q.one(f"{_FIND} WHERE m.alias = :alias", {"alias": alias}))


def by_account(q: Query, account: int) -> Member | None:
    """Return the member whose account this is."""
    return _member(
        q.one(
            f"{_FIND} WHERE m.account = :account ORDER BY p.msisdn",
            {"account": account},
        )
    )


def find(q: Query, who: str, country: str) -> Member:
    """Return the member whom an operator names by phone, code or alias.

    Raises:
        MemberUnknown: nobody has it.
    """
    who = who.strip()
    number = e164(who, country)
    found = (
        by_code(q, who)
        or (by_phone(q, number) if number else None)
        or by_alias(q, fold(who))
    )
    if found is None:
        raise MemberUnknown(
            f"nobody has the phone, code or alias {who!r}: see `smsgate member list`"
        )
    return found


def named(q: Query, recipient: Recipient) -> Member | None:
    """Return the member whom a text names by phone, code or alias."""
    match recipient:
        case Phone(e164=number):
            return by_phone(q, number)
        case Code(digits=digits):
            return by_code(q, digits)
        case Alias(word=word):
            return by_alias(q, word)
        case _:
            assert_never(recipient)


def near_aliases(q: Query, word: str) -> tuple[tuple[str, str], ...]:
    """Return at most two members (alias, code) whose alias is one edit away.

    One edit is a character too many, missing, wrong, or swapped with its neighbour.
    """
    if not 1 < len(word) <= ALIAS_MAX + 1:
        return ()
    near: list[tuple[str, str]] = []
    words = sorted(set(_one_edit(word)) - {word})
    for start in range(0, len(words), _CHUNK):
        chunk = words[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        rows = q.all(
            f"SELECT alias, code FROM member WHERE alias IN ({marks})",  # noqa: S608 - only question marks
            chunk,
        )
        near += [(row["alias"], row["code"]) for row in rows]
    return tuple(sorted(near)[:_NEAR_MAX])


def set_language(tx: Tx, account: int, language: str) -> None:
    """Write to a member in this language ("es" or "en") from now on."""
    tx.run(
        "UPDATE member SET language = :language WHERE account = :account",
        {"language": language, "account": account},
    )


def set_word(tx: Tx, account: int, word: str, *, actor: str) -> None:
    """Open a member's receipts with this word from now on; the chain never holds it."""
    tx.run(
        "UPDATE member SET word = :word WHERE account = :account",
        {"word": word, "account": account},
    )
    ledger.record(tx, kind="word_changed", account=account, actor=actor, detail={})


def set_hidden(tx: Tx, account: int, *, hidden: bool) -> None:
    """Tell a member's balance in receipts, or only when they ask with their PIN."""
    tx.run(
        "UPDATE member SET hidden = :hidden WHERE account = :account",
        {"hidden": int(hidden), "account": account},
    )


def _one_edit(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _member(row: Row | None) -> Member | None:
    if row is None:
        return None
    return Member(
        account=row["account"],
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        alias=row["alias"],
        language=row["language"],
        word=row["word"],
        phone=row["phone"],
        state=row["state"],
        promos=bool(row["promos"]),
        notices=bool(row["notices"]),
        hidden=bool(row["hidden"]),
        low_from_ms=row["low_from_ms"],
        next_pin_ms=row["next_pin_ms"],
        heard_ms=row["heard_ms"],
    )
