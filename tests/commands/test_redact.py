"""Promises about what is kept of a text: no PIN, however it was written."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.normalise import clean
from commands.parse import Grammar, parse
from commands.redact import redact

TABLE = [
    ("4821", "****"),
    ("482", "482"),
    ("mi clave es 4821", "mi clave es ****"),
    ("48213577", "****"),
    ("a4821b", "a****b"),
    ("4 8 2 1", "****"),
    ("48 21", "****"),
    ("48.21", "****"),
    ("48,21", "****"),
    ("48-21", "****"),
    ("48/21", "****"),
    ("4-8-2-1 y 25", "**** y 25"),
    ("48, 21", "****"),
    ("48  21", "****"),
    ("48\n21", "****"),
    ("48*21", "****"),
    ("4_8_2_1", "****"),
    ("48 y 21", "48 y 21"),
    ("12 de 34", "12 de 34"),
    ("٤٨٢١", "****"),
    ("４８２１", "****"),
    ("४८२१", "****"),
    ("④⑧②①", "****"),
    ("四八二一", "****"),
    ("ⅣⅧⅡⅠ", "****"),
    ("4²8¹", "****"),
    ("4️⃣8️⃣2️⃣1️⃣", "****"),
    ("4\u200b8\u200b2\u200b1", "****"),
    ("4\u00ad821", "****"),
    ("4\u03018\u03012\u03011", "****"),
    ("4'8'2'1", "****"),
    ('"48"21', "****"),
    ("4😀8😀2😀1", "****"),
    ("4\x008\x072\x1b1", "****"),
    ("48–21", "****"),
    ("48⁗21", "****"),
    ("48O2", "****"),
    ("O482", "****"),
    ("4l2l", "****"),
    ("20 lbs", "20 lbs"),
    ("cuatro ocho dos uno", "****"),
    ("Cuatro, Ocho, Dos, Uno", "****"),
    ("CUATRO-OCHO-DOS-UNO", "****"),
    ("cuatroochodosuno", "****"),
    ("four eight two one", "****"),
    ("four oh two one", "****"),
    ("4 ocho 2 uno", "****"),
    ("cuatro ocho", "cuatro ocho"),
    ("séis síete ocho nueve", "****"),
    ("una de las dos", "una de las dos"),
    ("alguno, ninguno, bueno, moreno", "alguno, ninguno, bueno, moreno"),
    ("PAGAR 20417 25.50 4821", "PAGAR ****"),
    ("señor Núñez", "señor Nuñez"),
    ("uno\r\ndos\ttres", "uno dos tres"),
    ("", ""),
]

#: A text with one accepted reading, and what is kept of it.
READ = [
    ("PAGAR 20417 25.50 4821", "PAGAR 20417 25.50 ****"),
    ("PAGAR 20417 25 4821", "PAGAR 20417 ****"),
    ("PAGAR 20417 1,500 4821", "PAGAR 20417 ****"),
    ("PAGAR 20417 1,500.00 4821", "PAGAR 20417 1,500.00 ****"),
    ("PAGAR 4821 20417 25.50", "PAGAR **** 20417 25.50"),
    ("PAGAR 7123 4567 25.50 4567", "PAGAR 7123 4567 25.50 ****"),
    ("PAGAR 25 7123 PIN 4821 4567", "PAGAR **** PIN ****"),
    ("PAGAR +503 7123-4567 25.50", "PAGAR +503 7123-4567 25.50"),
    ("PAGAR*20417*25.50*4821#", "PAGAR*20417*25.50*****#"),
    ("PAGAR rosa4821 25.50", "PAGAR rosa**** 25.50"),
    ("PAGAR rosa $25.50 POR pan, 4821", "PAGAR rosa 25.50 POR pan, ****"),
    ("PAGAR 20417 25.50 POR 20417", "PAGAR 20417 25.50 POR ****"),
    ("SALDO 4821", "SALDO ****"),
    ("MOVS 2 4821", "MOVS ****"),
    ("SI 47 4821", "SI ****"),
    ("47 4821", "****"),
    ("NO 47", "NO 47"),
    ("4821", "****"),
    ("VER 4812057735", "VER 4812057735"),
    ("VER 481205-7735", "VER 481205-7735"),
    ("VER 481205 7736", "VER 481205 7736"),
    ("PIN 4821 1357 1357", "PIN ****"),
    ("PIN 12345678 1357 1357", "PIN ****"),
    ("ROBO 20417", "ROBO 20417"),
    ("COBRAR 7123-4567 12.50", "COBRAR 7123-4567 12.50"),
    ("VALE 60311-82047", "VALE ****"),
]

#: No accepted reading: nothing is spared.
UNREAD = [
    ("PAGAR 4821 20417 1500", "PAGAR ****"),
    ("PAGAR rosa 1500", "PAGAR rosa ****"),
    ("PAGAR 20471 25.50 4821", "PAGAR ****"),
    ("VER 48120577", "VER ****"),
    ("20417 25.50 4821", "****"),
    ("PAGAR 20417 5² 4821", "PAGAR ****"),
]

_DIGIT_RUN = re.compile(r"[0-9](?:[ .,/-]?[0-9]){3}")
NAMES = re.findall("[a-z]+", "cero uno dos tres cuatro cinco seis siete ocho nueve")
NAMES_EN = re.findall("[a-z]+", "zero one two three four five six seven eight nine")
SCRIPTS = [
    "0123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "०१२३४५६७८९",
    "０１２３４５６７８９",
    "⓪①②③④⑤⑥⑦⑧⑨",
]
TEXTS = st.one_of(
    st.text(),
    st.text("0123456789 .,-/*#;$'aoO\n٤④😀é\u200b"),
    st.lists(
        st.sampled_from(["PAGAR", "rosa", "20417", "25.50", "4821", "POR", "A", "SI"])
    ).map(" ".join),
)


@pytest.mark.parametrize(("text", "kept"), TABLE)
def test_redacted(text: str, kept: str) -> None:
    """Digits that could be a PIN are hidden; the rest stays readable."""
    assert redact(text) == kept


@pytest.mark.parametrize(("text", "kept"), READ + UNREAD)
def test_spared(text: str, kept: str) -> None:
    """Only the words of the one accepted reading that are no secret are spared."""
    assert parse(text, Grammar()).redacted == kept


def test_spared_by_place() -> None:
    """A word is spared where it was read, and hidden where it stands again."""
    assert redact("20417 y 20417", ((0, 5),)) == "20417 y ****"


def test_every_character_of_unicode() -> None:
    """No digit of any script and nothing that ends or hides a line is left anywhere."""
    for first in range(0, sys.maxunicode, 4096):
        points = map(chr, range(first, min(first + 4096, sys.maxunicode + 1)))
        line, _ = clean(" x ".join(points))
        assert all(char.isascii() or not char.isnumeric() for char in line)
        assert line.isprintable()


@given(TEXTS)
@example("1\x00\u0661\u0661\u0661")
@example("٣.٣٣٣")
def test_no_run_of_digits_survives(text: str) -> None:
    """No four digits together or one apart survive, in any script."""
    kept = redact(text)
    assert not _DIGIT_RUN.search(kept)
    assert not any(char.isdigit() and not char.isascii() for char in kept)
    assert "\n" not in kept
    assert "\x00" not in kept


@given(TEXTS, st.text("0123456789", min_size=4, max_size=8), TEXTS)
def test_a_pin_anywhere_is_hidden(before: str, pin: str, after: str) -> None:
    """A PIN of its own is gone, whatever stands around it."""
    assert pin not in redact(f"{before} {pin} {after}")


@given(
    st.lists(st.integers(0, 9), min_size=4, max_size=8),
    st.sampled_from([NAMES, NAMES_EN, *SCRIPTS]),
    st.sampled_from(["", " ", ", ", "-", ".", "/", "*", "\n", "\u200b"]),
    st.booleans(),
)
def test_digits_of_any_dress(
    digits: list[int], dress: list[str] | str, joint: str, upper: bool
) -> None:
    """Digits as words or in another script, one by one, are one PIN."""
    text = joint.join(dress[digit] for digit in digits)
    assert redact(text.upper() if upper else text) == "****"


@given(TEXTS)
def test_redacting_twice_changes_nothing_that_could_be_a_pin(text: str) -> None:
    """The kept form is clean: keeping it again hides nothing more than it did."""
    kept = redact(text)
    assert redact(kept) == clean(kept)[0]
