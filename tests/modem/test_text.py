"""What a text costs and how it is folded and cut: promises about `modem.text`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modem.text import (
    Alphabet,
    NotGsm,
    fold,
    from_septets,
    is_gsm,
    segments,
    septets,
    split,
    to_septets,
)

_ONE = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
_ONE += "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
_TWO = "\f^{}\\[~]|€"
_FORCE_UCS2 = "áíóúÁÍÓÚçºª°·«»“”‘’–—…´`₡¢\t😀\u00a0"

FOLDED = [
    ("Recibió $5.00 de María", "Recibio $5.00 de Maria"),
    ("ÁÍÓÚ áíóú", "AIOU aiou"),
    ("ñ Ñ é É ü Ü ¿ ¡ à è ì ò ù Ç", "ñ Ñ é É ü Ü ¿ ¡ à è ì ò ù Ç"),
    ("‘uno’ ‚dos‛ `tres´", "'uno' 'dos' 'tres'"),
    ("“uno” „dos” «tres»", '"uno" "dos" "tres"'),
    ("10–20 — sí…", "10-20 - si..."),
    ("a\u00a0b\u202fc\u2009d\te", "a b c d e"),
    ("Niño con e\u0301 y a\u0301", "Niño con é y a"),
    ("1.º 2.ª N°", "1.o 2.a No"),
    ("ç ã õ â ê ï Š", "c a o a e i S"),
    ("₡ ¢ × ÷ • ·", "C c x / * ."),
    ("ＰＡＧＡ １２", "PAGA 12"),
    ("٥ pesos", "5 pesos"),
    ("½", "1/2"),
    ("hola 😀!", "hola !"),
    ("cero\u200bancho\u200d\ufeff", "ceroancho"),
    ("Łukasz œuvre ﬁn", "Lukasz oeuvre fin"),
    ("\ud83d", ""),
    ("中文", ""),
    ("€ [a] {b} ~^|\\", "€ [a] {b} ~^|\\"),
    ("", ""),
]

COSTS = [
    # text, 8-bit reference: alphabet, units, segments
    ("", Alphabet.gsm, 0, 1),
    ("a" * 160, Alphabet.gsm, 160, 1),
    ("a" * 161, Alphabet.gsm, 161, 2),
    ("a" * 306, Alphabet.gsm, 306, 2),
    ("a" * 307, Alphabet.gsm, 307, 3),
    ("a" * 459, Alphabet.gsm, 459, 3),
    ("a" * 460, Alphabet.gsm, 460, 4),
    ("€" * 80, Alphabet.gsm, 160, 1),
    ("€" * 81, Alphabet.gsm, 162, 2),
    # 153 septets hold 76 pairs, so a septet a part stays empty.
    ("€" * 152, Alphabet.gsm, 304, 2),
    ("€" * 153, Alphabet.gsm, 306, 3),
    ("á" * 70, Alphabet.ucs2, 70, 1),
    ("á" * 71, Alphabet.ucs2, 71, 2),
    ("á" * 134, Alphabet.ucs2, 134, 2),
    ("á" * 135, Alphabet.ucs2, 135, 3),
    ("😀" * 35, Alphabet.ucs2, 70, 1),
    ("😀" * 36, Alphabet.ucs2, 72, 2),
    # 67 units hold 33 pairs.
    ("😀" * 66, Alphabet.ucs2, 132, 2),
    ("😀" * 67, Alphabet.ucs2, 134, 3),
    # One accent makes every character cost more.
    ("a" * 100 + "í", Alphabet.ucs2, 101, 2),
]


def test_alphabet_is_exactly_the_standard_one() -> None:
    """Each letter costs one septet or two, and no other letter is taken for one."""
    everything = [chr(n) for n in range(0x11000) if not 0xD800 <= n < 0xE000]
    assert {c for c in everything if is_gsm(c)} == {*_ONE, *_TWO}
    assert [septets(c) for c in _ONE] == [1] * 127
    assert [septets(c) for c in _TWO] == [2] * 10


def test_default_table_is_in_the_standard_order() -> None:
    """Septet n is the n-th letter of TS 23.038, with the escape at 0x1B."""
    codes = bytes(n for n in range(128) if n != 0x1B)
    assert from_septets(codes) == _ONE
    assert to_septets(_ONE) == codes
    assert to_septets("€") == b"\x1be"


@pytest.mark.parametrize("character", _FORCE_UCS2)
def test_letters_that_make_a_text_dear_are_known(character: str) -> None:
    """Spanish accents and phone keyboards' marks are outside the alphabet."""
    assert not is_gsm(character)
    with pytest.raises(NotGsm):
        septets(f"a{character}")
    with pytest.raises(NotGsm):
        to_septets(f"a{character}")


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_fold(text: str, folded: str) -> None:
    """A folded text reads the same to a person and is in the GSM alphabet."""
    assert fold(text) == folded
    assert is_gsm(folded)


@given(st.text())
@settings(derandomize=True, max_examples=300, deadline=None)
def test_fold_takes_any_text(text: str) -> None:
    """Whatever is folded can be sent in septets, and folding twice changes nothing."""
    folded = fold(text)
    assert is_gsm(folded)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("codes", "spanish", "text"),
    [
        (b"\x1be", False, "€"),
        # An unknown escape shows the letter of the default table.
        (b"\x1bA\x1b5\x1b\x00", False, "A5@"),
        (b"\x1bA\x1be\x1b5", True, "Á€5"),
        (b"\x1b\x09\x1bI\x1bO\x1bU\x1ba\x1bi\x1bo\x1bu", True, "çÍÓÚáíóú"),
        # Reserved for another table: a space.
        (b"a\x1b\x1bb", False, "a b"),
        # Half an escape waits for the next part.
        (b"a\x1b", False, "a\x1b"),
    ],
)
def test_escapes(codes: bytes, spanish: bool, text: str) -> None:
    """Escapes read as the standard says, and never swallow a letter."""
    assert from_septets(codes, spanish=spanish) == text


@pytest.mark.parametrize(("text", "alphabet", "units", "count"), COSTS)
def test_cost(text: str, alphabet: Alphabet, units: int, count: int) -> None:
    """The number of segments is what the operator will charge."""
    found = segments(text)
    assert (found.alphabet, found.units, found.segments) == (alphabet, units, count)


@pytest.mark.parametrize(
    ("text", "bits", "sizes"),
    [
        ("a" * 306, 16, [152, 152, 2]),
        ("á" * 134, 16, [66, 66, 2]),
        ("a" * 152 + "€" + "b" * 20, 8, [152, 21]),
        ("a" * 151 + "€" + "b" * 20, 8, [152, 20]),
        ("á" * 66 + "😀" + "b" * 20, 8, [66, 21]),
        ("á" * 65 + "😀" + "b" * 20, 8, [66, 20]),
    ],
)
def test_cuts_keep_characters_whole(text: str, bits: int, sizes: list[int]) -> None:
    """A cut never falls into an escape pair or a surrogate pair."""
    parts = split(text, reference_bits=bits)
    assert [len(part) for part in parts] == sizes
    assert "".join(parts) == text


@given(st.text(alphabet="ab€á😀 ", max_size=400), st.sampled_from([8, 16]))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_parts_fit_and_lose_nothing(text: str, bits: int) -> None:
    """Every part fits one SMS, and together they are the text."""
    parts = split(text, reference_bits=bits)
    assert "".join(parts) == text
    assert len(parts) == segments(text, reference_bits=bits).segments
    header = 0 if len(parts) == 1 else 6 if bits == 8 else 7
    for part in parts:
        if is_gsm(text):
            used = (septets(part) * 7 + 7) // 8
        else:
            used = len(part.encode("utf-16-be"))
        assert header + used <= 140
