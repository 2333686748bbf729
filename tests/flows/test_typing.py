"""Flows 7 to 9 and 17: texts as people type them, with PINs of four digits.

Each is sent from a phone. What is asked back shows which amount was read; a PIN that is
wrong on purpose shows that a text in doubt costs no try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import digits, read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIN, WRONG = "4826", "4821"
#: As it is typed, and as it is read; 12,345.60 is the most that a text can pay here.
AMOUNTS = (
    ("25", "25.00"),
    ("25.5", "25.50"),
    ("25.50", "25.50"),
    (".50", "0.50"),
    ("$25", "25.00"),
    ("25PT", "25.00"),
    ("1,500", "1,500.00"),
    ("1,234.50", "1,234.50"),
    ("12,345.6", "12,345.60"),
    ("12,50", "12.50"),
    ("12,5", "12.50"),
    ("1.234,50", "1,234.50"),
)
UNCLEAR = (
    *("1.500", "12.345", "1 500", "2O", "1e3", "-5", "0", "25.505", "1,23,4"),
    *("1_000", "inf", "nan", "5²", "٢٥"),
)


@pytest.fixture
def short(tmp_path: Path) -> Iterator[Town]:
    """A town with short PINs, where Juan (and Rosa) may owe 20,000.00."""
    limits: dict[str, object] = dict.fromkeys(
        ("one_step", "two_step", "day"), "20000.00"
    )
    town = Town(
        folder=tmp_path / "house",
        settings={"security": {"pin_length": 4}, "limits": limits},
        # Four digits may stand in any reference: the canary looks for longer ones.
        pins={CANARY},
    )
    try:
        town.start()
        for name, phone, alias in (
            ("Rosa", "71234567", "ROSA"),
            ("Juan", "72345678", "JUANITO"),
        ):
            options = ("--limit", "20000", "--alias", alias)
            town.joins(name, phone, *options, pin=None)
            town.set_pin(name, PIN)
        yield town
    finally:
        town.close()


@pytest.mark.parametrize(("pays", "asks"), [("PAGAR", "Pagar"), ("PAY", "Pay")])
def test_every_way_to_write_an_amount(short: Town, pays: str, asks: str) -> None:
    """Flow 7: what is asked back shows the amount as it was read."""
    code = short.people["Rosa"].code
    if pays == "PAY":
        short.asks("Juan", "LANG EN")
    for typed, amount in AMOUNTS:
        asked = short.asks("Juan", f"{pays} {code} {typed}")
        assert asked.startswith(f"{asks} {amount} PT "), typed
    assert short.balance("Rosa") == "0.00"


@pytest.mark.parametrize(("pays", "refused"), [("PAGAR", "NO se"), ("PAY", "NOT")])
def test_an_amount_that_is_not_clear(short: Town, pays: str, refused: str) -> None:
    """Flows 7 and 8: refused first, not repeated, no PIN looked at."""
    code = short.people["Rosa"].code
    if pays == "PAY":
        short.asks("Juan", "LANG EN")
    for typed in UNCLEAR:
        said = short.asks("Juan", f"{pays} {code} {typed} {WRONG}")
        assert said.startswith(f"{refused} pa"), typed
        assert WRONG not in said
    paid = short.asks("Juan", f"PAGAR {code} 1.00 {PIN}")
    assert paid.startswith(("PAGO OK 1.00", "PAID 1.00"))


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("PAGAR {code} 25.50 {pin}", "25.50"),
        ("PAGAR 25 {code} {pin}", "25.00"),
        ("PAGAR {pin} {code} 25.50", "25.50"),
        ("PAGAR 1500 A {code} {pin}", "1,500.00"),
        ("PAGAR A {code} 1500 {pin}", "1,500.00"),
        ("PAGAR 7123 4567 25 {pin}", "25.00"),
        ("PAGAR +50371234567 1,500 {pin}", "1,500.00"),
        ("PAGAR*{code}*25*{pin}", "25.00"),
        ("pagar;{code};25.00;{pin}", "25.00"),
    ],
)
def test_one_reading_pays(short: Town, words: str, amount: str) -> None:
    """Flow 7: in whatever order, the only reading is carried out."""
    code = short.people["Rosa"].code
    paid = short.asks("Juan", words.format(code=code, pin=PIN))
    assert paid.startswith(f"PAGO OK {amount} PT a Rosa"), paid


@pytest.mark.parametrize(
    "words",
    [
        "PAGAR {pin} {code} 1500",
        "PAGAR 1500 {code} {pin}",
        "PAGAR rosa {pin}",
        "PAGAR rosa 1500",
        "PAGAR {code} 10.00 20.00 {pin}",
        "{pin} A {code} 25.00",
    ],
)
def test_two_readings_or_none_pay_nothing(short: Town, words: str) -> None:
    """Flow 8: nothing is paid, repeated or counted, however often it is sent."""
    code = short.people["Rosa"].code
    for _ in range(4):
        said = short.asks("Juan", words.format(code=code, pin=WRONG))
        assert said.startswith("NO se pago"), said
        assert WRONG not in said
        assert "1500 " not in said
    assert short.balance("Rosa") == "0.00"
    paid = short.asks("Juan", f"PAGAR {code} 1.00 {PIN}")
    assert paid.startswith("PAGO OK 1.00")


def test_slips_in_a_command_are_corrected_where_one_can_be_meant(town: Town) -> None:
    """Flow 9: PAGRA pays, SLADO and VERIFCAR tell; a slip between two is asked."""
    code = town.people["Rosa"].code
    paid = town.asks("Juan", f"PAGRA {code} 5.00 {CANARY}")
    assert paid.startswith("PAGO OK 5.00 PT a Rosa")
    ref = digits(read("{any}. Ref {ref}. {any2}", paid)["ref"])
    assert town.asks("Juan", f"SLADO {CANARY}").startswith("Saldo -5.00 PT")
    assert town.asks("Juan", f"VERIFCAR {ref}").startswith("REAL. 5.00 PT")
    # A word of money is corrected only where the rest is complete.
    assert town.asks("Juan", "PAGRA rosa").startswith("NO se pago")
    town.asks("Juan", "LANG EN")
    assert town.asks("Juan", "BALNCE " + CANARY).startswith("Balance -5.00 PT")
    asked = town.asks("Juan", f"COBO {code} 5.00")
    assert asked.startswith(
        "The first word is not clear. Did you mean CHARGE or STOLEN"
    )


def test_an_alias_one_letter_off_is_only_suggested(town: Town) -> None:
    """Flow 9: nobody is paid by a word that is nearly theirs, in either language."""
    code = town.people["Rosa"].code
    said = town.asks("Juan", f"PAGAR panaderialus 5.00 {CANARY}")
    assert said.startswith(
        f"NO se pago: no encontramos PANADERIALUS. Quiso decir PANADERIALUZ ({code})?"
    )
    town.asks("Juan", "LANG EN")
    said = town.asks("Juan", f"PAY panaderialus 5.00 {CANARY}")
    assert said.startswith("NOT paid: ")
    assert f"PANADERIALUZ ({code})" in said
    assert town.balance("Rosa") == "0.00"


@pytest.mark.parametrize(
    "memo",
    [
        "=HYPERLINK(1,2)'; DROP TABLE member; --",
        "pan 🥖 y cafe ☕",
        "<b>pan</b> {code} %s \\x00 $(reboot)",
        "pan dulce " * 20,
        "\u202eodnuf\u202c\u200b",
    ],
)
def test_a_memo_is_words_and_nothing_else(town: Town, memo: str) -> None:
    """Flow 17: it is paid as ever, and kept in at most 60 characters."""
    code = town.people["Rosa"].code
    words = f"PAGAR {code} 5.00 {CANARY} POR {memo}"
    town.says("Juan", words)
    assert town.hears("Juan").startswith("PAGO OK 5.00 PT a Rosa")
    assert town.hears("Rosa").startswith("Red: RECIBIO 5.00 PT de Juan")
    (row,) = town.told("ledger", "export")["transfers"]
    assert len(row["memo"]) <= 60
    assert row["memo"].isprintable()
