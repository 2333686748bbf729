"""Aliases that members choose: one at a time, and not another for 90 days.

What comes in: an open transaction and a word. What goes out: the alias as it is kept,
or why not: another has it, nobody can have it, or it is too early. An alias that
changed often would let somebody be paid under a name that others had yesterday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import ledger
from smsgate.clock import DAY_MS
from smsgate.errors import SmsgateError
from smsgate.members.joining import require_free
from smsgate.members.naming import look, proper_alias

if TYPE_CHECKING:
    from smsgate.store import Query, Tx

#: How long an alias must be kept.
KEPT_MS = 90 * DAY_MS


class AliasTooEarly(SmsgateError):
    """The alias was changed not long ago."""

    def __init__(self, until_ms: int) -> None:
        """Say from when on it can be changed."""
        super().__init__("an alias is changed at most once in 90 days")
        self.until_ms = until_ms


def check_alias(q: Query, account: int, word: str, now_ms: int) -> str:
    """Return the alias as it would be kept.

    Raises:
        AliasBad, AliasTaken, AliasTooEarly: it cannot be had, and why.
    """
    row = q.one(
        "SELECT alias_ms FROM member WHERE account = :account", {"account": account}
    )
    chosen_ms = 0 if row is None else int(row["alias_ms"])
    if chosen_ms and now_ms < chosen_ms + KEPT_MS:
        raise AliasTooEarly(chosen_ms + KEPT_MS)
    alias = proper_alias(word)
    require_free(q, alias, account)
    return alias


def set_alias(tx: Tx, account: int, word: str) -> str:
    """Give a member this alias; return it as it is kept.

    Raises:
        AliasBad, AliasTaken, AliasTooEarly: as for `check_alias`.
    """
    alias = check_alias(tx, account, word, tx.now_ms)
    tx.run(
        "UPDATE member SET alias = :alias, alias_look = :look, alias_ms = :now"
        " WHERE account = :account",
        {"alias": alias, "look": look(alias), "now": tx.now_ms, "account": account},
    )
    ledger.record(tx, kind="alias_set", account=account, actor="member", detail={})
    return alias
