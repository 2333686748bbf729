"""The court: what a house kept, held against what it told the network and the phones.

What comes in: a crowd's texts, what the modem saw, and the ledger, read from outside.
What goes out: nothing, or the promise that was broken. After each death: nothing that
was acknowledged is missing. At the end: every text had its effect exactly once, every
answer went out once (or twice, where nobody could know), and the books are right.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modem.simulator import What
from tests.canary import is_packed, leaks

if TYPE_CHECKING:
    from modem.simulator import EmulatedModem, Happening
    from smsgate.store import Row
    from tests.crash.crowd import Crowd, Said
    from tests.crash.house import House


@dataclass(slots=True, kw_only=True)
class Witness:
    """What the modem saw of the texts."""

    crowd: Crowd
    modem: EmulatedModem
    #: Texts of which a slot was deleted, ever: the house said that it has them.
    acknowledged: set[Said] = field(default_factory=set)
    #: Texts listed in this life, and how much the modem had written before.
    listed: dict[Said, int] = field(default_factory=dict)
    #: PDUs typed in this life.
    typed: list[bytes] = field(default_factory=list)

    def saw(self, happening: Happening) -> None:
        """Take note of a step; in the modem's thread."""
        if happening.what is What.typed:
            self.typed.append(happening.pdu)
            return
        said = self.crowd.of(happening.pdu)
        if said is None:
            return
        if happening.what is What.listed:
            self.listed.setdefault(said, self.modem.written)
        else:
            self.acknowledged.add(said)

    def began_reading(self, said: Said) -> bool:
        """Whether the daemon has read a byte of the listing that showed a text."""
        before = self.listed.get(said)
        return before is not None and self.modem.written - self.modem.unread > before

    def new_life(self) -> None:
        """Begin anew with what a daemon does in its life."""
        self.listed = {}
        self.typed = []


def after_death(house: House, witness: Witness, modem: EmulatedModem) -> None:
    """Hold the ledger to all that was acknowledged or shown on a phone.

    Raises:
        AssertionError: something of it is not there.
    """
    acknowledged, shown = set(witness.acknowledged), modem.texts
    kept = {
        (row["sender"], row["sent_ms"])
        for row in house.rows("SELECT sender, sent_ms FROM inbox")
    }
    lost = [s for s in acknowledged if (s.who.phone, s.sent_ms) not in kept]
    assert lost == [], f"acknowledged and lost: {lost}"
    owed = {
        (row["recipient"], row["body"])
        for row in house.rows("SELECT recipient, body FROM outbox")
    }
    unknown = [text for text in shown if (text.to, text.text) not in owed]
    assert unknown == [], f"told a phone and forgot: {[t.text for t in unknown]}"


def at_the_end(house: House, crowd: Crowd, modem: EmulatedModem) -> None:
    """Hold everything to once, once all was delivered again and sent.

    Raises:
        AssertionError: a promise was broken.
    """
    assert house.findings() == []
    _texts_once(house, crowd)
    _money_once(house, crowd)
    _answers_sent(house, modem)
    _no_pin_kept(house, crowd)


def _texts_once(house: House, crowd: Crowd) -> None:
    rows: dict[tuple[str, int], list[Row]] = {}
    for row in house.rows("SELECT * FROM inbox"):
        rows.setdefault((row["sender"], row["sent_ms"]), []).append(row)
    assert len(rows) == len(crowd.said), "texts that nobody sent, or not all"
    owed = Counter(row["inbox"] for row in house.rows("SELECT inbox FROM outbox"))
    for said in crowd.said:
        (row,) = rows[said.who.phone, said.sent_ms]
        assert row["state"] == "answered", said
        assert row["outcome"] in said.wish.outcomes, (said, row["outcome"])
        # The payer's answer, and the payee's where something was paid.
        assert owed[row["id"]] == 1 + said.pays, said


def _money_once(house: House, crowd: Crowd) -> None:
    """Each amount is one text's, so transfers and balances can be told beforehand."""
    wanted = Counter(
        (said.who.account, said.to.account, said.amount)
        for said in crowd.said
        if said.pays and said.to is not None
    )
    made = Counter(
        (row["debit"], row["credit"], row["amount"])
        for row in house.rows("SELECT debit, credit, amount FROM transfer")
    )
    assert made == wanted
    balances: Counter[int] = Counter()
    for debit, credit, amount in wanted:
        balances[debit] -= amount
        balances[credit] += amount
    for row in house.rows("SELECT id, balance FROM account"):
        assert row["balance"] == balances[row["id"]]
    (fails,) = house.rows(
        "SELECT fails FROM pin WHERE account = ?", (crowd.guesser.account,)
    )
    assert fails["fails"] == crowd.guesses


def _answers_sent(house: House, modem: EmulatedModem) -> None:
    rows = house.rows("SELECT recipient, body, state, again, error FROM outbox")
    assert {row["state"] for row in rows} <= {"sent", "delivered"}
    least: Counter[tuple[str, str]] = Counter()
    most: Counter[tuple[str, str]] = Counter()
    for row in rows:
        text = row["recipient"], row["body"]
        least[text] += 1
        most[text] += 1 + row["again"]
    shown = Counter((text.to, text.text) for text in modem.texts)
    for text, count in shown.items():
        assert count <= most[text], f"told {count} times: {text[1]}"
    for text, count in least.items():
        assert shown[text] >= count, f"never told: {text[1]}"


def _no_pin_kept(house: House, crowd: Crowd) -> None:
    """Look for PINs; among so many references and times some digits look like one."""
    pins = [person.pin for person in house.people]
    alone = re.compile(rf"(?<![0-9.])(?:{'|'.join(pins)})(?![0-9-])".encode())
    for path in sorted(house.folder.parent.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found = alone.search(content)
            assert found is None, (path, content[found.start() - 40 : found.end() + 9])
            assert not any(is_packed(content, pin) for pin in pins), path
    words = [said.words for said in crowd.said]
    assert leaks(house.folder.parent, (), words) == []
