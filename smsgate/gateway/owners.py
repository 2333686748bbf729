"""Whose a phone is, for whoever must wait for that account's turn.

What comes in: a phone. What goes out: its account, or the phone itself where it is a
stranger's. It is remembered as long as no phone changes hands, because a look at the
ledger would often wait for the writer to let go of the interpreter. The turns
themselves are in `smsgate.gateway.turns`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate import members

if TYPE_CHECKING:
    from smsgate.store import Store

#: Of how many phones it is remembered.
_MOST = 20_000


class Owners:
    """Accounts by phone, as of the last change of any phone."""

    def __init__(self, store: Store) -> None:
        """Begin with nobody."""
        self._store = store
        self._known: dict[str, str | int] = {}
        self._as_of = 0

    def of(self, phone: str) -> str | int:
        """Return the account of a phone, or the phone where it has none."""
        changed = self._store.changed("phone")
        if changed != self._as_of or len(self._known) > _MOST:
            self._known, self._as_of = {}, changed
        if phone not in self._known:
            account = members.account_of(self._store.peek, phone)
            self._known[phone] = phone if account is None else account
        return self._known[phone]
