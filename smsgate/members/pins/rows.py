"""The rows of `pin` and `pin_past`: read into frozen values, written back in one place.

What comes in: an account. What goes out: a `PinRow`, an empty one where the member has
no PIN and no code. A new PIN that waits for its time counts from that moment on,
whether or not anybody has moved it in the row yet: `PinRow.at` sees to it, and every
check looks through it. All SQL about PINs stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from smsgate.members.pins.policy import REUSE_LAST

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """What a PIN or a code is compared with; it cannot be turned back into one."""

    scheme: str
    salt: bytes = field(repr=False)
    verifier: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRow:
    """All that is kept about a member's PIN; the names are the table's columns."""

    account: int
    version: int = 0
    scheme: str | None = None
    salt: bytes | None = field(default=None, repr=False)
    verifier: bytes | None = field(default=None, repr=False)
    fails: int = 0
    locked_ms: int = 0
    loose_fails: int = 0
    loose_locked_ms: int = 0
    next_scheme: str | None = None
    next_salt: bytes | None = field(default=None, repr=False)
    next_verifier: bytes | None = field(default=None, repr=False)
    next_ms: int | None = None
    #: 1 while the next PIN waits for a guardian, whatever the time.
    next_held: int = 0
    code_salt: bytes | None = field(default=None, repr=False)
    code_verifier: bytes | None = field(default=None, repr=False)
    code_ms: int | None = None
    code_tries: int = 0
    #: The verifiers before this one, newest first.
    past: tuple[Verifier, ...] = ()

    @property
    def current(self) -> Verifier | None:
        """The PIN that holds, None where there is none."""
        return _verifier(self.scheme, self.salt, self.verifier)

    @property
    def following(self) -> Verifier | None:
        """The PIN that waits for its time, None where there is none."""
        return _verifier(self.next_scheme, self.next_salt, self.next_verifier)

    def has_code(self, now_ms: int) -> bool:
        """Say whether a one-time code can be used now."""
        return (
            self.code_ms is not None and self.code_tries > 0 and now_ms < self.code_ms
        )

    def is_due(self, now_ms: int) -> bool:
        """Say whether a waiting PIN holds already."""
        held = bool(self.next_held)
        return self.next_ms is not None and self.next_ms <= now_ms and not held

    def at(self, now_ms: int) -> PinRow:
        """Return the row as it counts at a time: a PIN that is due is in force."""
        following = self.following
        if following is None or not self.is_due(now_ms):
            return self
        return self.with_pin(following).unlocked().without_next()

    def with_pin(self, pin: Verifier) -> PinRow:
        """Return the row with another PIN in force."""
        old = self.current
        past = self.past if old is None else (old, *self.past)
        return replace(
            self,
            version=self.version + 1,
            scheme=pin.scheme,
            salt=pin.salt,
            verifier=pin.verifier,
            past=past[: REUSE_LAST - 1],
        )

    def unlocked(self) -> PinRow:
        """Return the row with every try given back and every lock off."""
        return replace(self, fails=0, locked_ms=0, loose_fails=0, loose_locked_ms=0)

    def with_next(self, pin: Verifier, from_ms: int) -> PinRow:
        """Return the row with a PIN that holds from a time on."""
        return replace(
            self,
            next_scheme=pin.scheme,
            next_salt=pin.salt,
            next_verifier=pin.verifier,
            next_ms=from_ms,
            next_held=0,
        )

    def without_next(self) -> PinRow:
        """Return the row with no PIN waiting."""
        return replace(
            self,
            next_scheme=None,
            next_salt=None,
            next_verifier=None,
            next_ms=None,
            next_held=0,
        )

    def with_code(self, code: Verifier, until_ms: int, tries: int) -> PinRow:
        """Return the row with a one-time code; one that was there is void."""
        return replace(
            self,
            code_salt=code.salt,
            code_verifier=code.verifier,
            code_ms=until_ms,
            code_tries=tries,
        )

    def without_code(self) -> PinRow:
        """Return the row with no one-time code."""
        return replace(
            self, code_salt=None, code_verifier=None, code_ms=None, code_tries=0
        )


def _verifier(
    scheme: str | None, salt: bytes | None, verifier: bytes | None
) -> Verifier | None:
    if scheme is None or salt is None or verifier is None:
        return None
    return Verifier(scheme=scheme, salt=salt, verifier=verifier)


_COLUMNS = tuple(one.name for one in fields(PinRow) if one.name != "past")


def look(q: Query, account: int) -> PinRow:
    """Return what is kept about a member's PIN; an empty row where nothing is."""
    row = q.one("SELECT * FROM pin WHERE account = :account", {"account": account})
    if row is None:
        return PinRow(account=account)
    return PinRow(**{name: row[name] for name in _COLUMNS}, past=_past(q, account))


def _past(q: Query, account: int) -> tuple[Verifier, ...]:
    rows = q.all(
        "SELECT scheme, salt, verifier FROM pin_past WHERE account = :account"
        " ORDER BY version DESC LIMIT :count",
        {"account": account, "count": REUSE_LAST - 1},
    )
    return tuple(_past_verifier(row) for row in rows)


def _past_verifier(row: Row) -> Verifier:
    return Verifier(scheme=row["scheme"], salt=row["salt"], verifier=row["verifier"])


def keep(tx: Tx, before: PinRow, after: PinRow) -> None:
    """Write a row that has changed; a verifier that was replaced becomes a past one."""
    if after == before:
        return
    if before.current is not None and after.version != before.version:
        _keep_past(tx, before.account, before.version, before.current)
    tx.run(
        "INSERT INTO pin (account, version, scheme, salt, verifier, fails, locked_ms,"
        " loose_fails, loose_locked_ms, next_scheme, next_salt, next_verifier, next_ms,"
        " next_held, code_salt, code_verifier, code_ms, code_tries)"
        " VALUES (:account, :version, :scheme, :salt, :verifier, :fails, :locked_ms,"
        " :loose_fails, :loose_locked_ms, :next_scheme, :next_salt, :next_verifier,"
        " :next_ms, :next_held, :code_salt, :code_verifier, :code_ms, :code_tries)"
        " ON CONFLICT (account) DO UPDATE SET version = excluded.version,"
        " scheme = excluded.scheme, salt = excluded.salt, verifier = excluded.verifier,"
        " fails = excluded.fails, locked_ms = excluded.locked_ms,"
        " loose_fails = excluded.loose_fails,"
        " loose_locked_ms = excluded.loose_locked_ms,"
        " next_scheme = excluded.next_scheme, next_salt = excluded.next_salt,"
        " next_verifier = excluded.next_verifier, next_ms = excluded.next_ms,"
        " next_held = excluded.next_held,"
        " code_salt = excluded.code_salt, code_verifier = excluded.code_verifier,"
        " code_ms = excluded.code_ms, code_tries = excluded.code_tries",
        {name: getattr(after, name) for name in _COLUMNS},
    )


def _keep_past(tx: Tx, account: int, version: int, old: Verifier) -> None:
    tx.run(
        "INSERT INTO pin_past (account, version, scheme, salt, verifier)"
        " VALUES (:account, :version, :scheme, :salt, :verifier)",
        {
            "account": account,
            "version": version,
            "scheme": old.scheme,
            "salt": old.salt,
            "verifier": old.verifier,
        },
    )
    # No more is kept than is compared: an old PIN is a secret too.
    tx.run(
        "DELETE FROM pin_past WHERE account = :account AND version NOT IN ("
        " SELECT version FROM pin_past WHERE account = :account"
        " ORDER BY version DESC LIMIT :count)",
        {"account": account, "count": REUSE_LAST - 1},
    )


def held(q: Query, before_ms: int) -> list[int]:
    """Return the accounts whose next PIN was to hold by then and is still held back."""
    rows = q.all(
        "SELECT account FROM pin WHERE next_ms <= :before AND next_held = 1"
        " ORDER BY account",
        {"before": before_ms},
    )
    return [int(row["account"]) for row in rows]


def due(tx: Tx) -> list[int]:
    """Return the accounts whose waiting PIN holds by now."""
    rows = tx.all(
        "SELECT account FROM pin WHERE next_ms <= :now AND next_held = 0"
        " ORDER BY account",
        {"now": tx.now_ms},
    )
    return [int(row["account"]) for row in rows]
