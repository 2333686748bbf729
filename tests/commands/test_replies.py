"""Every reply word by word, and that it is one harmless segment whatever is in it.

The texts themselves are listed in `printed.txt`, which a person can read from top to
bottom; the values that fill them are in `samples`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.catalogues import CATALOGUES, catalogue
from commands.command import Keyword, Why
from commands.replies import SEGMENT, entry, refusing, render, slots_of
from commands.reply import (
    Balance,
    History,
    LastMove,
    Late,
    NotUnderstood,
    PaidPayee,
    PaidPayer,
    Party,
    PayeeUnknown,
    Reply,
    SessionPage,
    StrayPin,
    Voice,
)
from commands.slots import slots
from modem.text import is_gsm, septets
from tests.commands.samples import AT, REF, ROSA, SAMPLES, VOICE, at_worst, voices

LANGUAGES = sorted(CATALOGUES)


def _printed() -> dict[str, dict[str, str]]:
    """Read the printed list: reply, then its text by language."""
    listed: dict[str, dict[str, str]] = {}
    text = Path(__file__).with_name("printed.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        title, *lines = block.splitlines()
        listed[title] = {
            line.split()[0]: line.strip().split(" ", 1)[1].replace(" / ", "\n")
            for line in lines
        }
    return listed


PRINTED = _printed()


def _one_segment(text: str) -> bool:
    return is_gsm(text) and septets(text) <= SEGMENT


# ---- the words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_reply_reads_as_printed(name: str, language: str) -> None:
    """The printed list is what members get, to the letter."""
    assert (
        render(SAMPLES[name], replace(VOICE, language=language))
        == (PRINTED[name][language])
    )


def test_printed_list_is_whole() -> None:
    """Nothing is printed that is not sent, nor sent that is not printed."""
    assert list(PRINTED) == list(SAMPLES)


# ---- one segment


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_longest_reply_is_one_whole_segment(name: str, language: str) -> None:
    """With every field as long as it may be, all of it fits, whatever the decimals."""
    for voice in voices(language):
        reply = at_worst(SAMPLES[name], voice.decimals)
        text = render(reply, voice)
        assert _one_segment(text), text
        assert text == _uncut(reply, voice)


def _uncut(reply: Reply, voice: Voice) -> str:
    """Fill the template without a thought of its length."""
    words = catalogue(voice.language)
    template = words.templates[entry(reply, words)]
    if getattr(reply, "money", False):
        template = refusing(template, words)
    values = slots(reply, voice, words)
    for sentence in re.split(r"(?<=[.?]) |(?=\n)", template):
        if any(values[slot] is None for slot in slots_of(sentence)):
            template = template.replace(sentence, "")
    text = re.sub(" +", " ", template.format_map(values))
    return text.replace(" \n", "\n").strip()


_text = st.text(max_size=200)
_amount = st.integers(-(10**15), 10**15)
_moment = st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
_party = st.builds(Party, name=_text, code=_text, phone=_text)
_move = st.builds(LastMove, amount=_amount, name=_text, at=_moment)
_anything = {
    int: _amount,
    str: _text,
    Party: _party,
    datetime: _moment,
    LastMove: _move,
}
_suggestions = st.lists(st.sampled_from(Keyword), max_size=40).map(tuple)
_near = st.lists(st.tuples(_text, _text), max_size=5).map(tuple)


@st.composite
def _replies(draw: st.DrawFn) -> Reply:
    """Draw any sample with anything in its fields."""
    reply = draw(st.sampled_from(list(SAMPLES.values())))
    changed: dict[str, Any] = {}
    for name in reply.__dataclass_fields__:  # type: ignore[attr-defined]
        value = getattr(reply, name)
        if name == "suggestions":
            changed[name] = draw(_suggestions)
        elif name == "near":
            changed[name] = draw(_near)
        elif name == "moves":
            changed[name] = draw(st.lists(_move, max_size=5).map(tuple))
        elif name == "tokens":
            changed[name] = draw(st.lists(_amount, max_size=9).map(tuple))
        elif type(value) in _anything:
            changed[name] = draw(_anything[type(value)])
    return replace(reply, **changed)  # type: ignore[type-var]


_voices = st.builds(
    Voice,
    language=st.sampled_from([*LANGUAGES, "fr"]),
    network=_text,
    unit=_text,
    decimals=st.integers(0, 4),
    help_phone=_text,
    timezone=st.sampled_from(["America/El_Salvador", "UTC", "Asia/Kathmandu"]),
    country_code=st.sampled_from(["503", "502", ""]),
)


@given(_replies(), _voices)
@example(SessionPage(text="\x1b", more=True, before=False), VOICE)
def test_any_reply_is_one_segment(reply: Reply, voice: Voice) -> None:
    """Whatever names, amounts and settings hold, the phone gets one GSM-7 segment."""
    text = render(reply, voice)
    assert text
    assert _one_segment(text), text
    assert set(text) <= set(_harmless()), text


def _harmless() -> str:
    return "\n" + "".join(chr(n) for n in range(32, 127)) + "ñÑéÉüÜ¿¡äÄöÖàèìòùåÅæÆøØßÇ"


@given(_replies(), _voices)
def test_outcome_is_never_cut(reply: Reply, voice: Voice) -> None:
    """However long its fields, a refusal of money says so first."""
    if getattr(reply, "money", False):
        assert render(reply, voice).startswith(("NO se pago", "NOT paid"))


def test_names_are_cut_before_the_outcome() -> None:
    """A text with huge amounts gives up the ends of names, not the reference."""
    reply = replace(
        SAMPLES["paid_payee"], amount=10**15, balance=10**15, word="MANGOMANGO12"
    )  # type: ignore[type-var]
    assert isinstance(reply, PaidPayee)
    text = render(replace(reply, payer=Party(name="W" * 60, code="13076")), VOICE)
    assert text == (
        "MANGOMANGO12: RECIBIO 10,000,000,000,000.00 PT de WWWWWWWWWWWWWWWW (13076)."
        " Ref 481205-7735. Saldo 10,000,000,000,000.00. 24/11 21:55."
        " Verifique: VER 4812057735"
    )
    assert len(text) <= SEGMENT


def test_last_sentences_are_cut_before_the_first() -> None:
    """Figures that no ledger holds cost the last sentences, whole, and nothing else."""
    reply = SAMPLES["paid_payer"]
    assert isinstance(reply, PaidPayer)
    huge = replace(reply, amount=10**60, balance=10**60)
    text = render(huge, VOICE)
    assert text.startswith("PAGO OK 10,000,000,")
    assert text.endswith("000.00 PT a Rosa (20417). Ref 481205-7735.")


def test_first_sentence_is_cut_last_and_keeps_its_first_words() -> None:
    """Where one sentence alone is too long, what came of it still stands first."""
    reply = replace(SAMPLES["no_funds"], amount=10**200)  # type: ignore[type-var]
    text = render(reply, VOICE)
    assert text.startswith("NO se pago 1,000,000,")
    assert len(text) == SEGMENT


# ---- what is refused, what is repeated


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_refusal_of_money_says_so_first(name: str, language: str) -> None:
    """Where `money` is set, the first words are that nothing was paid."""
    opening = {"es": "NO se pago", "en": "NOT paid"}[language]
    text = render(SAMPLES[name], replace(VOICE, language=language))
    if getattr(SAMPLES[name], "money", False):
        assert text.startswith(opening + ": ")


REFUSALS = [
    "no_funds",
    "over_limit",
    "over_count",
    "payee_unknown",
    "payee_cannot_receive",
    "pay_self",
    "late_answer",
    "not_paid",
    "nothing_open",
    "question_over",
    "which_question",
    "pin_needed",
    "stray_pin",
    "not_now",
    "voucher_bad",
    "voucher_used",
    "voucher_over",
    "voucher_late",
    "voucher_locked",
    "voucher_mistyped",
    "card_needed",
    "card_bad",
    "card_empty",
    "not_here",
    "too_long",
    "incomplete",
]


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_of_a_payment_says_so_first(name: str) -> None:
    """A reply that is only ever about money begins with what did not happen."""
    assert render(SAMPLES[name], VOICE).startswith("NO se pago")
    assert render(SAMPLES[name], replace(VOICE, language="en")).startswith("NOT paid")


@pytest.mark.parametrize("name", ["late", "maybe_double"])
def test_questions_about_a_payment_say_that_it_was_not_made(name: str) -> None:
    """A late or doubtful payment opens otherwise and still says it was not made."""
    assert re.search("NO se pago|No se repitio", render(SAMPLES[name], VOICE))


@pytest.mark.parametrize("name", SAMPLES)
def test_reply_asks_for_no_pin_in_the_open(name: str) -> None:
    """An example of a PIN is always four asterisks."""
    text = render(SAMPLES[name], VOICE)
    known = {"20417", "13076", "01234", "6123", "0000", "2222", "3333", "1500"}
    known |= {"481205", "7735", "4812057735", "7753", "7000", "30284", "30295"}
    assert set(re.findall(r"[0-9]{4,}", text)) <= known


REPEATED = [
    # what a member wrote, what is repeated of it
    (PayeeUnknown(alias="ROSA4821"), "no encontramos ROSA****."),
    (PayeeUnknown(alias="4821"), "no encontramos ****."),
    (PayeeUnknown(alias=""), "nadie en Red Sol tiene"),
    (NotUnderstood(why=Why.unknown_word, word="SALBO"), "No conozco SALBO."),
    (NotUnderstood(why=Why.unknown_word, word="X4821"), "No entendi su mensaje."),
    (NotUnderstood(why=Why.unknown_word, word="4821"), "No entendi su mensaje."),
    (NotUnderstood(why=Why.unknown_word, word="٤٨٢١"), "No entendi su mensaje."),
    (NotUnderstood(why=Why.unknown_word, word="A B"), "No entendi su mensaje."),
]


@pytest.mark.parametrize(("reply", "repeated"), REPEATED)
def test_digits_of_a_text_are_not_repeated(reply: Reply, repeated: str) -> None:
    """What could be a PIN never comes back, not even inside a word."""
    text = render(reply, VOICE)
    assert repeated in text
    assert "4821" not in text


# ---- how values are spelled

NAMES = [
    # as the ledger has it, as it is told
    ("José Núñez Güell", "José Nuñez Güell"),
    ("María Íñigo Ávalos", "Maria Iñigo Avalos"),
    ("¿Qué? ¡Ya!", "¿Qué? ¡Ya!"),
    ("Tienda 😀 Luz", "Tienda Luz"),
    ("Ana\nSaldo 9.00", "Ana Saldo 9.00"),
    ("Ana\r\n\tLuz", "Ana Luz"),
    ("Ana\u202egro\u202c", "Anagro"),
    ("A\u200bn\u2066a\u2069\ufeff", "Ana"),
    ("[Ana] {Luz} ~x\\y|z^`€", "(Ana) (Luz) -x/y/z'E"),
    ("Panadería y Pastelería La Bendición", "Panaderia y Pasteler"),
    ("W" * 60, "W" * 20),
    ("١٢ Ana", "Ana"),
    ("中文", "?"),
    ("😀", "?"),
    ("", "?"),
    ("{amount} {0} %s", "(amount) (0) %s"),
    ("Ana\x1b[0m\x00\x07", "Ana(0m"),
    ("Ana\ud83d", "Ana"),
]


@pytest.mark.parametrize(("known", "told"), NAMES)
def test_name_comes_out_harmless(known: str, told: str) -> None:
    """A name can break no line, turn no writing and cost no second segment."""
    reply = PaidPayer(
        amount=2550,
        payee=Party(name=known, code="20417"),
        ref=REF,
        fee=0,
        balance=0,
        available=0,
        at=AT,
    )
    assert render(reply, VOICE) == (
        f"PAGO OK 25.50 PT a {told} (20417). Ref 481205-7735."
        " Saldo 0.00 Disp 0.00. 24/11 21:55. VER 4812057735"
    )


AMOUNTS = [
    # minor units, decimals, as told
    (123450, 2, "1,234.50"),
    (-123450, 2, "-1,234.50"),
    (0, 2, "0.00"),
    (5, 2, "0.05"),
    (-5, 2, "-0.05"),
    (99999999, 2, "999,999.99"),
    (1234567, 0, "1,234,567"),
    (0, 0, "0"),
    (12345, 1, "1,234.5"),
    (1234567, 3, "1,234.567"),
    (12345678, 4, "1,234.5678"),
]


@pytest.mark.parametrize(("minor", "decimals", "told"), AMOUNTS)
def test_amount_is_told(minor: int, decimals: int, told: str) -> None:
    """An amount has thousands in groups and all its decimals, never a rounding."""
    reply = Balance(balance=minor, available=0, limit=0, last=None)
    text = render(reply, replace(VOICE, decimals=decimals))
    assert text.startswith(f"Saldo {told} PT. Disponible ")


@pytest.mark.parametrize(
    ("decimals", "written"),
    [(0, "1500 o 25"), (1, "1500.0 o 1.5"), (2, "1500.00 o 1.50"), (4, "1500.00")],
)
def test_examples_have_the_network_s_decimals(decimals: int, written: str) -> None:
    """An example shows amounts that this network can read."""
    reply = NotUnderstood(why=Why.amount_unclear, money=True)
    assert f"Escriba {written}" in render(reply, replace(VOICE, decimals=decimals))


PHONES = [
    # as the ledger has it, as it is told
    ("+50371234567", "7123-4567"),
    ("+50222345678", "+50222345678"),
    ("7123xx67", "7123-xx67"),
    ("+503****4567", "****-4567"),
    ("", "13076"),
    ("\n\u202e", "13076"),
]


@pytest.mark.parametrize(("known", "told"), PHONES)
def test_phone_is_told_as_dialled_at_home(known: str, told: str) -> None:
    """A phone of the country has no prefix; without one the code stands there."""
    reply = SAMPLES["paid_payee"]
    assert isinstance(reply, PaidPayee)
    payer = Party(name="Juan", code="13076", phone=known)
    assert f"de Juan ({told})." in render(replace(reply, payer=payer), VOICE)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/El_Salvador", "24/11 21:55"),
        ("UTC", "25/11 03:55"),
        ("Asia/Kathmandu", "25/11 09:40"),
    ],
)
def test_time_is_told_in_the_network_s_zone(zone: str, told: str) -> None:
    """A time is that of the clock on the member's wall, the day with it."""
    reply = Late(sent_at=AT, amount=2550, payee=ROSA, token=47)
    assert f"del {told} llego" in render(reply, replace(VOICE, timezone=zone))


def test_network_without_unit_or_phone_is_still_told() -> None:
    """Without a help phone the network stands in; no unit leaves no gap."""
    voice = replace(VOICE, unit="", help_phone="")
    assert render(SAMPLES["over_limit"], voice) == (
        "NO se pago. Limite por pago 500.00, por dia 1,000.00 (usado 800.00)."
        " Pague un monto menor. Ayuda: Red Sol"
    )


def test_receipt_without_a_word_opens_with_the_network() -> None:
    """Until a member sets a word, the network's name opens the receipt."""
    reply = SAMPLES["paid_payee"]
    assert isinstance(reply, PaidPayee)
    assert render(replace(reply, word=""), VOICE).startswith("Red Sol: RECIBIO 25.50")


def test_long_history_tells_three_movements() -> None:
    """More movements than a segment holds are left to the next page."""
    move = LastMove(amount=-100, name="Ana", at=AT)
    text = render(History(moves=(move,) * 5, next_page=2), VOICE)
    assert text.splitlines() == ["24/11 21:55 -1.00 Ana"] * 3 + ["Mas: MOVS 2"]


def test_receipts_invite_to_verify() -> None:
    """The receipt that a till relies on says how to check it."""
    assert render(SAMPLES["paid_payee"], VOICE).endswith("Verifique: VER 4812057735")


def test_unknown_language_is_answered_in_spanish() -> None:
    """A reply in a language that is not there comes in Spanish."""
    assert (
        render(StrayPin(), replace(VOICE, language="fr"))
        == (PRINTED["stray_pin"]["es"])
    )
