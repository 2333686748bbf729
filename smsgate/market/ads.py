"""Advertisements: published, written again, taken off, reminded of, closed, forgotten.

What comes in: a member and the text of an offer or a need, with nothing in it that
could be a PIN. What goes out: an `Ad` with its number. The same words again are the
same ad: it stays open longer, and whoever was told of it is not told again. Its words
stand in `ad_word` while it is open, and `smsgate.market.searching` finds it by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.subjects import subjects
from smsgate.clock import DAY_MS
from smsgate.members import consent

if TYPE_CHECKING:
    from smsgate.store import Query, Row, Tx

#: How long a closed ad is kept.
KEPT_MS = 90 * DAY_MS
#: Numbers of ads begin above this: two digits name a question.
_FIRST = 100
#: How many rows one call changes.
_BATCH = 100


class Kind(StrEnum):
    """Which side of the market an ad is on."""

    offer = "offer"
    need = "need"

    @property
    def other(self) -> Kind:
        """The side it meets."""
        return Kind.need if self is Kind.offer else Kind.offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the network decides about ads."""

    #: How many one member may have open, offers and needs together.
    most: int = 10
    offer_ms: int = 30 * DAY_MS
    need_ms: int = 14 * DAY_MS
    #: How long before its end a member is reminded of an ad.
    reminder_ms: int = 2 * DAY_MS

    def lives_ms(self, kind: Kind) -> int:
        """Return how long an ad of this kind stays open."""
        return self.offer_ms if kind is Kind.offer else self.need_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Ad:
    """One advertisement."""

    #: The number that members write.
    id: int
    account: int
    kind: Kind
    text: str
    #: Its folded words, the thing itself first.
    words: tuple[str, ...]
    #: Minor units; None where none was said.
    price: int | None
    closes_ms: int


@dataclass(frozen=True, slots=True)
class Full:
    """The member has as many ads as may be."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The member is shown to nobody, so an offer would be in vain."""


def publish(
    tx: Tx, rules: Rules, *, account: int, kind: Kind, text: str, price: int | None
) -> Ad | Full | Hidden:
    """Publish an ad, or keep the same one open for longer."""
    if kind is Kind.offer:
        agreed = consent.consent_of(tx, account)
        if agreed.listed is consent.Listed.no:
            return Hidden()
    subject = " ".join(subjects(text))
    known = tx.one(
        "SELECT * FROM ad WHERE account = :account AND kind = :kind"
        " AND subject = :subject ORDER BY id DESC LIMIT 1",
        {"account": account, "kind": str(kind), "subject": subject},
    )
    open_already = known is not None and known["closed_ms"] is None
    if not open_already and _count(tx, account) >= rules.most:
        return Full()
    closes_ms = tx.now_ms + rules.lives_ms(kind)
    values = {
        "id": _next_id(tx) if known is None else int(known["id"]),
        "account": account,
        "kind": str(kind),
        "text": text,
        "subject": subject,
        "price": price,
        "now": tx.now_ms,
        "closes": closes_ms,
        "due": max(closes_ms - rules.reminder_ms, tx.now_ms),
    }
    tx.run(_INSERT if known is None else _OPEN_AGAIN, values)
    ad = Ad(
        id=int(str(values["id"])),
        account=account,
        kind=kind,
        text=text,
        words=tuple(subject.split()),
        price=price,
        closes_ms=closes_ms,
    )
    if not open_already:
        _add_words(tx, ad)
    return ad


_INSERT = (
    "INSERT INTO ad (id, account, kind, text, subject, price, opened_ms, closes_ms,"
    " due_ms) VALUES (:id, :account, :kind, :text, :subject, :price, :now, :closes,"
    " :due)"
)
_OPEN_AGAIN = (
    "UPDATE ad SET text = :text, price = :price, state = 'open', closes_ms = :closes,"
    " due_ms = :due, closed_ms = NULL WHERE id = :id"
)


def by_number(q: Query, account: int, number: int) -> Ad | None:
    """Return a member's own open ad."""
    row = q.one(
        "SELECT * FROM ad WHERE id = :id AND account = :account AND state = 'open'",
        {"id": number, "account": account},
    )
    return None if row is None else ad_of(row)


def by_id(q: Query, ad_id: int, now_ms: int) -> Ad | None:
    """Return anybody's ad while it is open."""
    row = q.one(
        "SELECT * FROM ad WHERE id = :id AND state = 'open' AND closes_ms > :now",
        {"id": ad_id, "now": now_ms},
    )
    return None if row is None else ad_of(row)


def own_ads(q: Query, account: int, most: int) -> list[Ad]:
    """Return a member's open ads, newest first."""
    rows = q.all(
        "SELECT * FROM ad WHERE account = :account AND state = 'open'"
        " ORDER BY id DESC LIMIT :most",
        {"account": account, "most": most},
    )
    return [ad_of(row) for row in rows]


def drop(tx: Tx, ad: Ad) -> None:
    """Take an ad off."""
    _close(tx, ad.id, "dropped")


def fall_due(tx: Tx) -> list[Ad]:
    """Close what has ended, a batch at most; return what its member is reminded of."""
    rows = tx.all(
        "SELECT ad.*, member.notices, account.state AS member_state FROM ad"
        " JOIN member ON member.account = ad.account"
        " JOIN account ON account.id = ad.account"
        " WHERE ad.state = 'open' AND ad.due_ms <= :now"
        " ORDER BY ad.due_ms LIMIT :batch",
        {"now": tx.now_ms, "batch": _BATCH},
    )
    ending = []
    for row in rows:
        if row["closes_ms"] <= tx.now_ms:
            _close(tx, int(row["id"]), "expired")
            continue
        tx.run("UPDATE ad SET due_ms = closes_ms WHERE id = :id", {"id": row["id"]})
        if row["notices"] and row["member_state"] == "active":
            ending.append(ad_of(row))
    return ending


def forget_due(tx: Tx) -> int:
    """Forget ads long closed, a batch at most; return how many."""
    rows = tx.all(
        "SELECT id FROM ad WHERE state <> 'open' AND closed_ms <= :before"
        " ORDER BY closed_ms LIMIT :batch",
        {"before": tx.now_ms - KEPT_MS, "batch": _BATCH},
    )
    for row in rows:
        values = {"id": row["id"]}
        tx.run("DELETE FROM meeting WHERE own = :id OR other = :id", values)
        tx.run("DELETE FROM ad WHERE id = :id", values)
    return len(rows)


def ad_of(row: Row) -> Ad:
    """Return a row of the ads as a value."""
    return Ad(
        id=int(row["id"]),
        account=int(row["account"]),
        kind=Kind(row["kind"]),
        text=str(row["text"]),
        words=tuple(str(row["subject"]).split()),
        price=row["price"],
        closes_ms=int(row["closes_ms"]),
    )


def _count(tx: Tx, account: int) -> int:
    row = tx.one(
        "SELECT count(*) AS ads FROM ad WHERE account = :account"
        " AND state = 'open' AND closes_ms > :now",
        {"account": account, "now": tx.now_ms},
    )
    return 0 if row is None else int(row["ads"])


def _next_id(tx: Tx) -> int:
    row = tx.one("SELECT max(id) AS id FROM ad")
    return max(_FIRST, 0 if row is None else int(row["id"] or 0)) + 1


def _add_words(tx: Tx, ad: Ad) -> None:
    for place, word in enumerate(ad.words):
        tx.run(
            "INSERT INTO ad_word (word, ad, first) VALUES (:word, :ad, :first)",
            {"word": word, "ad": ad.id, "first": int(place == 0)},
        )


def _close(tx: Tx, ad_id: int, state: str) -> None:
    values = {"id": ad_id, "state": state, "now": tx.now_ms}
    tx.run(
        "UPDATE ad SET state = :state, closed_ms = :now"
        " WHERE id = :id AND state = 'open'",
        values,
    )
    tx.run("DELETE FROM ad_word WHERE ad = :id", {"id": ad_id})
