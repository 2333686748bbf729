"""The audit: recompute the books from their rows and name the first that is wrong.

What comes in: a ledger opened read-only, whatever is wrong with it. What goes out:
findings, the file and its rules first, then rows in order. Nothing here is shared with
the code that writes: the SQL is its own, and the replay in `smsgate.ledger.replay` has
its own idea of the chain. A ledger is right when there is no finding; that nobody
rewrote it whole is shown by a witness, a head noted elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smsgate.ledger.replay import Finding, replay
from smsgate.ledger.values import LedgerError
from smsgate.store import StoreError, differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsgate.store import Query

#: Rows that one rule names, at most.
NAMED_MAX = 5

_WITNESS = re.compile(r"(\d+)\s+([0-9a-f]{64})(\s.*)?")

# What must select nothing; `row` is a number, `what` says what is wrong with it.
_RULES: tuple[tuple[str, str], ...] = (
    (
        "account",
        """
        SELECT 'all' AS place,
          'the balances sum to ' || CAST(total(balance) AS INTEGER) AS what
        FROM account HAVING total(balance) <> 0
        """,
    ),
    (
        "account",
        """
        WITH line AS (
          SELECT account, count(*) AS lines, min(seq) AS low, max(seq) AS high,
            CAST(total(amount) AS INTEGER) AS total
          FROM entry GROUP BY account)
        SELECT a.id AS place,
          'its balance is ' || a.balance || ', its ' || coalesce(line.lines, 0)
            || ' entries come to ' || coalesce(line.total, 0) AS what
        FROM account AS a LEFT JOIN line ON line.account = a.id
        WHERE a.balance <> coalesce(line.total, 0) OR a.seq <> coalesce(line.lines, 0)
          OR coalesce(line.low, 1) <> 1 OR coalesce(line.high, 0) <> a.seq
        ORDER BY a.id
        """,
    ),
    (
        "account",
        """
        SELECT id AS place,
          'it is beyond its limit: balance ' || balance || ', held ' || held AS what
        FROM account
        WHERE (kind <> 'opening' AND balance - held < -credit_limit)
          OR balance > ceiling OR (state = 'closed' AND (balance <> 0 OR held <> 0))
        ORDER BY id
        """,
    ),
    (
        "account",
        """
        WITH open AS (
          SELECT debit, CAST(total(amount) AS INTEGER) AS total
          FROM hold WHERE state = 'open' GROUP BY debit)
        SELECT a.id AS place, 'it holds ' || a.held || ' and its open holds are '
          || coalesce(open.total, 0) AS what
        FROM account AS a LEFT JOIN open ON open.debit = a.id
        WHERE a.held <> coalesce(open.total, 0) ORDER BY a.id
        """,
    ),
    (
        "entry",
        """
        SELECT account || '/' || seq AS place,
          'its balance is ' || balance || ' and the entries come to ' || total AS what
        FROM (SELECT account, seq, balance, CAST(total(amount)
                OVER (PARTITION BY account ORDER BY seq) AS INTEGER) AS total
              FROM entry)
        WHERE balance <> total ORDER BY account, seq
        """,
    ),
    (
        "entry",
        """
        SELECT e.account || '/' || e.seq AS place,
          'its transfer ' || e.transfer || ' does not exist' AS what
        FROM entry AS e LEFT JOIN transfer AS t ON t.id = e.transfer
        WHERE t.id IS NULL ORDER BY e.account, e.seq
        """,
    ),
    (
        "transfer",
        """
        WITH side AS (
          SELECT transfer, count(*) AS lines, min(amount) AS gone, max(amount) AS come,
            max(CASE WHEN amount < 0 THEN account END) AS debit,
            max(CASE WHEN amount > 0 THEN account END) AS credit
          FROM entry GROUP BY transfer)
        SELECT t.id AS place,
          'its entries are not -' || t.amount || ' and ' || t.amount AS what
        FROM transfer AS t LEFT JOIN side ON side.transfer = t.id
        WHERE side.lines IS NOT 2 OR side.gone IS NOT -t.amount
          OR side.come IS NOT t.amount OR side.debit IS NOT t.debit
          OR side.credit IS NOT t.credit
        ORDER BY t.id
        """,
    ),
    (
        "transfer",
        """
        SELECT r.id AS place, 'it reverses what it may not, or too much of it' AS what
        FROM transfer AS r LEFT JOIN transfer AS t ON t.id = r.reverses
        WHERE r.kind = 'reverse' AND (t.id IS NULL OR t.kind NOT IN ('pay', 'fee')
          OR t.debit <> r.credit OR t.credit <> r.debit OR t.amount < (
            SELECT total(amount) FROM transfer WHERE reverses = t.id AND id <= r.id))
        ORDER BY r.id
        """,
    ),
    (
        "transfer",
        """
        SELECT f.id AS place, 'it is a fee of no payment' AS what
        FROM transfer AS f LEFT JOIN transfer AS t ON t.id = f.of AND t.kind = 'pay'
        WHERE (f.kind = 'fee' OR f.of IS NOT NULL) AND t.id IS NULL ORDER BY f.id
        """,
    ),
    (
        "transfer",
        """
        SELECT t.id AS place, 'it posts hold ' || t.hold || ', which is not so' AS what
        FROM transfer AS t LEFT JOIN hold AS h ON h.id = t.hold
        WHERE t.hold IS NOT NULL AND (h.id IS NULL OR h.state <> 'posted'
          OR h.debit <> t.debit OR h.credit <> t.credit OR h.amount < t.amount)
        ORDER BY t.id
        """,
    ),
    (
        "hold",
        """
        SELECT h.id AS place, 'it is posted by ' || count(t.id) || ' transfers' AS what
        FROM hold AS h LEFT JOIN transfer AS t ON t.hold = h.id
        GROUP BY h.id HAVING count(t.id) <> (h.state = 'posted') ORDER BY h.id
        """,
    ),
)


class BadWitness(LedgerError):
    """A list of noted heads cannot be read."""


def check(q: Query) -> list[Finding]:
    """Examine the whole ledger; the first finding is the first thing wrong.

    The time it takes grows with the transfers: tens of seconds for a million.
    """
    try:
        found = _file(q) + _schema(q)
        if any(f.where == "schema" and f.what.startswith("table") for f in found):
            return found  # the rules below need every table as it should be
        for table, sql in _RULES:
            found += [
                Finding(where=f"{table} {row['place']}", what=row["what"])
                for row in q.all(f"SELECT * FROM ({sql}) LIMIT {NAMED_MAX}")  # noqa: S608 -- constants
            ]
        return found + replay(q, NAMED_MAX)
    except StoreError as error:
        # A damaged page stops the reading; what is known already is told.
        return [*_file_again(q), Finding(where="file", what=str(error))]


def compare(q: Query, witness: Iterable[tuple[int, str]]) -> list[Finding]:
    """Compare the chain with heads, number and hash, that were noted elsewhere.

    Finds a tail cut off and a chain recomputed after a change, which leave the ledger
    itself without a contradiction.
    """
    found = []
    for seq, noted in witness:
        row = q.one(
            """
            SELECT hash FROM transfer WHERE id = :seq
            UNION ALL SELECT hash FROM event WHERE id = :seq
            UNION ALL SELECT zeroblob(32) WHERE :seq = 0
            """,
            {"seq": seq},
        )
        if row is None:
            what = "it was noted and is not there: the end was cut off"
        elif row["hash"].hex() != noted.lower():
            what = "its hash is not the one noted: rows up to it were rewritten"
        else:
            continue
        found.append(Finding(where=f"chain {seq}", what=what))
    return found


def read_witness(text: str) -> list[tuple[int, str]]:
    """Read noted heads, one a line: number, hash, then what you like; `#` comments.

    Raises:
        BadWitness: a line is neither.
    """
    heads = []
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _WITNESS.fullmatch(line.strip().lower())
        if match is None:
            raise BadWitness(
                f"line {place} of the witness is no head: write number and hash as "
                "`smsgate ledger check` and `backup` print them"
            )
        heads.append((int(match[1]), match[2]))
    return heads


def _file(q: Query) -> list[Finding]:
    rows = q.all(f"PRAGMA integrity_check({NAMED_MAX})")
    told = [str(row[0]) for row in rows if row[0] != "ok"]
    strays = q.all("PRAGMA foreign_key_check")[:NAMED_MAX]
    return [Finding(where="file", what=line) for line in told] + [
        Finding(
            where=f"{row['table']} {row['rowid']}",
            what=f"it points to a row of {row['parent']} that is not there",
        )
        for row in strays
    ]


def _file_again(q: Query) -> list[Finding]:
    try:
        return _file(q)
    except StoreError:
        return []


def _schema(q: Query) -> list[Finding]:
    rows = q.all("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    told = differences([(row["type"], row["name"], row["sql"]) for row in rows])
    return [Finding(where="schema", what=line) for line in told]
