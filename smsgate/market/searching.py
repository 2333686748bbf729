"""Searching: ads that have the words of another, best and newest first.

What comes in: folded words, the thing itself first. What goes out: open ads of the
other side. Two texts are about the same when the first word of the one that looks
stands in the other, or when they share two words at least. Words are rows of a table
and not a full-text index of the engine: the folding of plurals is our own in any case,
and the same SQL runs on another engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.market.ads import Ad, Kind, ad_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsgate.store import Query

#: So many offers a search tells in all: it is no directory of members.
FOUND_MAX = 5
#: Longer texts are looked for by their first words.
_WORDS_MAX = 12

#: Ads with any of the words, of members who are there and, for offers, to be seen. The
#: blank is filled with question marks only.
_WITH_WORDS = (
    "SELECT ad.*, count(*) AS shared FROM ad_word w"
    " JOIN ad ON ad.id = w.ad"
    " JOIN member ON member.account = ad.account"
    " JOIN account ON account.id = ad.account"
    " WHERE w.word IN ({marks}) AND ad.kind = ? AND ad.account <> ?"
    " AND ad.state = 'open' AND ad.closes_ms > ? AND account.state = 'active'"
    " AND (ad.kind = 'need' OR member.listed <> 'no')"
    " GROUP BY ad.id HAVING count(*) > 1"
)
#: The first word of the search stands in the offer.
_FIRST_SOUGHT = " OR max(CASE WHEN w.word = ? THEN 1 ELSE 0 END) = 1"
#: The first word of the need stands among the words of the offer.
_FIRST_NEEDED = " OR max(w.first) = 1"
_BEST = " ORDER BY shared DESC, ad.id DESC LIMIT ?"


def search(
    q: Query,
    words: Sequence[str],
    now_ms: int,
    *,
    most: int = FOUND_MAX,
    but_of: int = 0,
) -> list[Ad]:
    """Return offers that are about these words; `but_of`: not this account's own."""
    words = words[:_WORDS_MAX]
    if not words:
        return []
    sql = _WITH_WORDS.format(marks=_marks(words)) + _FIRST_SOUGHT + _BEST
    values = [*words, str(Kind.offer), but_of, now_ms, words[0], most]
    return [ad_of(row) for row in q.all(sql, values)]


def needs_for(q: Query, offer: Ad, now_ms: int, most: int) -> list[Ad]:
    """Return the needs of others that an offer meets."""
    words = offer.words[:_WORDS_MAX]
    if not words:
        return []
    sql = _WITH_WORDS.format(marks=_marks(words)) + _FIRST_NEEDED + _BEST
    values = [*words, str(Kind.need), offer.account, now_ms, most]
    return [ad_of(row) for row in q.all(sql, values)]


def _marks(words: Sequence[str]) -> str:
    return ",".join("?" * len(words))
