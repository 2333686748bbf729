"""What a member agreed to: being told of matches, and being shown to other members.

What comes in: an account. What goes out: whether notices may be sent, and how the
member is shown in the market: with the whole phone, with a masked one, or not at all.
Changes are events of the chain. Promotions have a column of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from smsgate import ledger

if TYPE_CHECKING:
    from smsgate.store import Query, Tx


class Listed(StrEnum):
    """How a member is shown to others in the market."""

    #: With the phone, for whoever asks.
    phone = "phone"
    #: With the middle of the phone hidden; the code tells who it is.
    masked = "masked"
    #: Not at all.
    no = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a member agreed to."""

    notices: bool
    listed: Listed


def consent_of(q: Query, account: int) -> Consent:
    """Return what this member agreed to."""
    row = q.one(
        "SELECT notices, listed FROM member WHERE account = :account",
        {"account": account},
    )
    if row is None:
        raise AssertionError("an account that is no member's was asked about")
    return Consent(notices=bool(row["notices"]), listed=Listed(row["listed"]))


def wants_promotions(q: Query, msisdn: str) -> bool:
    """Say whether this phone may be sent promotions: its member agreed, or nobody's.

    The same that the schema asks of each row of a campaign text.
    """
    row = q.one(
        "SELECT EXISTS (SELECT 1 FROM opt_out WHERE msisdn = :msisdn)"
        " OR EXISTS (SELECT 1 FROM phone p JOIN member m ON m.account = p.account"
        " WHERE p.msisdn = :msisdn AND m.promos = 0) AS refused",
        {"msisdn": msisdn},
    )
    return row is not None and not row["refused"]


def set_promos(tx: Tx, account: int, *, wanted: bool, actor: str) -> None:
    """Send a member promotions from now on, or no longer."""
    tx.run(
        "UPDATE member SET promos = :wanted WHERE account = :account",
        {"wanted": int(wanted), "account": account},
    )
    _record(tx, account, actor, {"promos": wanted})


def stop_promos(tx: Tx, msisdn: str, how: str) -> bool:
    """Send this phone no promotions any more, whoever's it is; False: it was so.

    `how` is 'text', 'provider' (a vendor told us) or 'staff'.
    """
    row = tx.one(
        "SELECT p.account FROM phone p JOIN member m ON m.account = p.account"
        " WHERE p.msisdn = :msisdn AND p.role = 'own' AND m.promos = 1",
        {"msisdn": msisdn},
    )
    if row is not None:
        set_promos(tx, row["account"], wanted=False, actor=how)
    new = tx.run(
        "INSERT INTO opt_out (msisdn, how, at_ms) VALUES (:msisdn, :how, :now)"
        " ON CONFLICT (msisdn) DO NOTHING",
        {"msisdn": msisdn, "how": how, "now": tx.now_ms},
    )
    return bool(new) or row is not None


def start_promos(tx: Tx, msisdn: str) -> bool:
    """Forget that this phone wanted no promotions, for it asked; False: it never said.

    A member's own choice is kept by `set_promos`.
    """
    return tx.run("DELETE FROM opt_out WHERE msisdn = :msisdn", {"msisdn": msisdn}) == 1


def set_notices(tx: Tx, account: int, *, wanted: bool, actor: str) -> None:
    """Tell a member of matches and reminders from now on, or no longer."""
    tx.run(
        "UPDATE member SET notices = :wanted WHERE account = :account",
        {"wanted": int(wanted), "account": account},
    )
    _record(tx, account, actor, {"notices": wanted})


def set_listed(tx: Tx, account: int, listed: Listed, *, actor: str) -> None:
    """Show a member to others in this way from now on."""
    tx.run(
        "UPDATE member SET listed = :listed WHERE account = :account",
        {"listed": str(listed), "account": account},
    )
    _record(tx, account, actor, {"listed": str(listed)})


def _record(tx: Tx, account: int, actor: str, detail: dict[str, object]) -> None:
    ledger.record(tx, kind="consent_set", account=account, actor=actor, detail=detail)
