"""The first days, payments and PINs of members who are written to in English.

Flows 3, 5, 6, 10-12, 16-20 and 22-25 once more; what each is about stands beside its
Spanish words. Where people of both languages meet, each side is told in its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import digits, read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENGLISH = ("--language", "en")


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Town]:
    """Rose sells and John buys, both in English; first payments wait a minute."""
    limits: dict[str, object] = {"cool_off": 60, "cool_off_above": "50.00"}
    town = Town(folder=tmp_path / "house", settings={"limits": limits})
    try:
        town.start()
        town.joins("Rose", "71234567", "--alias", "ROSEBAKERY", *ENGLISH)
        town.joins("John", "72345678", "--limit", "100", *ENGLISH)
        yield town
    finally:
        town.close()


def pay(town: Town, amount: str, pin: str = CANARY) -> str:
    """Write a payment to Rose."""
    return f"PAY {town.people['Rose'].code} {amount} {pin}"


def test_a_first_pin(harbour: Town) -> None:
    """Flow 3: weak and unequal ones are refused with the reason; the code stays."""
    mary = harbour.joins("Mary", "73456789", *ENGLISH, pin=None)
    code = harbour.told("member", "pin", mary.phone)["one_time_code"]
    no_pin = harbour.asks("Mary", f"PAY rosebakery 5.00 {CANARY}")
    assert no_pin.startswith("NOT paid: you have no PIN yet.")
    weak = harbour.asks("Mary", f"PIN {code} 111111 111111")
    assert weak.startswith("PIN NOT changed: the new one repeats digits")
    unequal = harbour.asks("Mary", f"PIN {code} {CANARY} 739155")
    assert unequal.startswith("PIN NOT changed: the new one is not the same")
    wrong = harbour.asks("Mary", f"PIN 00000000 {CANARY} {CANARY}")
    assert wrong.startswith("PIN NOT changed: code wrong or expired. You have 2 tries")
    done = harbour.asks("Mary", f"PIN {code} {CANARY} {CANARY}")
    assert done.startswith("PIN changed: the new one works now.")


def test_one_step_and_the_receipt_again(harbour: Town) -> None:
    """Flows 5, 17, 18, 22: one text pays once, told to both, and told again."""
    rose = harbour.people["Rose"]
    sent_at = harbour.clock.now()
    text = pay(harbour, "25.50") + " FOR bread '; DROP TABLE member; --"
    for _ in range(3):
        harbour.says("John", text, sent_at)
    paid = read(
        f"PAID 25.50 PT to Rose ({rose.code}). Ref {{ref}}."
        " Bal -25.50 Avail 74.50. {time}. VERIFY {any}",
        harbour.hears("John"),
    )
    assert harbour.hears("Rose").startswith(
        "Red: RECEIVED 25.50 PT from John (7234-5678). Ref " + paid["ref"]
    )
    assert harbour.nothing_for("John")
    assert harbour.nothing_for("Rose")
    again = harbour.asks("Rose", "RECEIPT")
    assert again.startswith("Red: COPY. RECEIVED 25.50 PT from John (7234-5678)")
    genuine = harbour.asks("Rose", f"VERIFY {digits(paid['ref'])}")
    assert genuine.startswith("REAL. 25.50 PT from John to Rose")
    assert harbour.balance("John") == "-25.50"


def test_two_steps(harbour: Town) -> None:
    """Flow 6: the name first; NO, an hour, or a restart between, and what then."""
    question = (
        f"Pay 25.00 PT to Rose ({harbour.people['Rose'].code})? Reply {{tk}} and your"
        " PIN within 60 min. To stop: NO {tk}"
    )
    asked = read(question, harbour.asks("John", "pay rosebakery 25"))
    stopped = harbour.asks("John", f"NO {asked['tk']}")
    assert stopped.startswith("NOT paid: 25.00 PT to Rose")
    asked = read(question, harbour.asks("John", "pay rosebakery 25"))
    harbour.clock.forward(minutes=61)
    over = harbour.asks("John", f"{asked['tk']} {CANARY}")
    assert over.startswith("NOT paid: that question has expired or was closed.")
    read(question, harbour.asks("John", "pay rosebakery 25"))
    harbour.stop()
    harbour.start()
    assert harbour.asks("John", CANARY).startswith("PAID 25.00 PT to Rose")
    assert harbour.balance("Rose") == "25.00"


def test_what_is_refused(harbour: Town) -> None:
    """Flows 10, 11, 12: a slip in a code, too little, and a payee who is full."""
    code = harbour.people["Rose"].code
    place = next(n for n in range(4) if code[n] != code[n + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    slip = harbour.asks("John", f"PAY {swapped} 5.00 {CANARY}")
    assert slip.startswith("NOT paid: code mistyped. Check the 5 digits")
    harbour.asks("John", pay(harbour, "49.99"))
    harbour.hears("Rose")
    assert harbour.asks("John", pay(harbour, "50.02")) == (
        f"NOT paid: 50.02 PT to Rose ({code}). Available: 50.01 PT."
        " To see your limit: CREDIT"
    )
    assert harbour.asks("John", pay(harbour, "50.01")).startswith("PAID 50.01 PT")
    mary = harbour.joins("Mary", "73456789", "--ceiling", "30", *ENGLISH)
    harbour.limit("John", "200")
    full = harbour.asks("John", f"PAY {mary.code} 30.01 {CANARY}")
    assert full.startswith(f"NOT paid: Mary ({mary.code}) cannot receive this payment")
    assert harbour.hears("Mary").startswith("NOT paid: John (")


def test_a_first_payment_waits(harbour: Town) -> None:
    """Flow 16: a minute in which NO frees the units."""
    waits = (
        f"In 60 seconds 60.00 PT will be paid to Rose ({harbour.people['Rose'].code})."
        " It is your first payment there. To stop: NO {tk}"
    )
    text = f"PAY 7123-4567 60.00 {CANARY}"
    token = read(waits, harbour.asks("John", text))["tk"]
    stopped = harbour.asks("John", f"NO {token}")
    assert stopped.startswith("NOT paid: 60.00 PT to Rose")
    read(waits, harbour.asks("John", text))
    harbour.clock.forward(seconds=61)
    assert harbour.hears("John").startswith("PAID 60.00 PT to Rose")
    assert harbour.hears("Rose").startswith("Red: RECEIVED 60.00 PT from John")


def test_a_repeat_and_a_late_text(harbour: Town) -> None:
    """Flows 19, 20: asked about and never guessed; YES with the PIN pays."""
    text = pay(harbour, "20.00")
    assert harbour.asks("John", text).startswith("PAID 20.00 PT")
    harbour.clock.forward(minutes=2)
    asked = read(
        "MAYBE DOUBLE: on {time} you already paid 20.00 PT to Rose (Ref {ref})."
        " Not repeated. To pay AGAIN: YES {tk} and PIN",
        harbour.asks("John", text),
    )
    paid = harbour.asks("John", f"YES {asked['tk']} {CANARY}")
    assert paid.startswith("PAID 20.00 PT")
    harbour.clock.forward(minutes=11)
    six = harbour.clock.now() - timedelta(hours=6)
    harbour.says("John", pay(harbour, "7.00"), six)
    asked = read(
        "Your text of {time} came late and was NOT paid: 7.00 PT to Rose."
        " To pay now: YES {tk} and your PIN",
        harbour.hears("John"),
    )
    assert harbour.balance("Rose") == "40.00"
    paid = harbour.asks("John", f"YES {asked['tk']} {CANARY}")
    assert paid.startswith("PAID 7.00 PT")


def test_wrong_and_bare_pins(harbour: Town) -> None:
    """Flows 23, 24: three wrong ones lock; one alone pays nothing and is hidden."""
    stray = harbour.asks("John", CANARY)
    assert stray.startswith("NOT paid: a PIN came alone and no payment is waiting")
    for left in ("You have 2 tries", "You have 1 try", "account locked"):
        told = harbour.asks("John", pay(harbour, "5.00", "111222"))
        assert told.startswith("NOT paid: ")
        assert left in told
    locked = harbour.asks("John", pay(harbour, "5.00"))
    assert locked.startswith("NOT paid: account locked by wrong PINs until ")
    harbour.clock.forward(minutes=31)
    assert harbour.asks("John", pay(harbour, "5.00")).startswith("PAID 5.00 PT")
    bodies = str(harbour.told("inbox", "list"))
    assert "111222" not in bodies


def test_another_pin(harbour: Town) -> None:
    """Flow 25: with the old one only, and the text is to be deleted."""
    harbour.pins.add("482915")
    wrong = harbour.asks("John", "PIN 111222 482915 482915")
    assert wrong.startswith("Wrong PIN. You have 2 tries left.")
    done = harbour.asks("John", f"PIN {CANARY} 482915 482915")
    assert done.startswith("PIN changed: the new one works now.")
    assert done.endswith("Delete your text, it shows your PIN.")
    old = harbour.asks("John", pay(harbour, "5.00"))
    assert old.startswith("NOT paid: wrong PIN.")
    assert harbour.asks("John", pay(harbour, "5.00", "482915")).startswith("PAID 5.00")
