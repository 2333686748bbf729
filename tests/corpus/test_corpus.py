"""What real texts mean: every one is read, or refused, as the corpus says."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

import pytest

from commands.command import Keyword, Misread
from commands.parse import parse
from commands.replies import SEGMENT, render
from modem.text import is_gsm, septets
from tests.corpus.texts import Row, rows, skeleton
from tests.corpus.verdict import agree, read, written
from tests.fuzz.promises import PIN_LIKE, SV, VOICES, examples, replies

ROWS = rows()
KINDS = (
    "typos", "missing spaces", "autocorrect", "capitals", "accents", "emoji",
    "curly quotes", "line breaks", "wrong order", "two amounts", "other languages",
    "ussd stars", "forwarded receipts",
)  # fmt: skip


def answers(row: Row) -> list[str]:
    """Return what is answered, in both languages, to a text that does nothing."""
    reading = parse(row.text, SV)
    if not isinstance(reading.said, Misread):
        return []
    return [render(reply, voice) for reply in replies(reading) for voice in VOICES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"line {row.line}")
def test_read_as_the_corpus_says(row: Row) -> None:
    """A text means what its row says, and nothing else."""
    said = parse(row.text, SV).said

    assert agree(row.verdict, said), f"{row.text!r}: {row.verdict}, read {read(said)}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_trouble_is_there(kind: str) -> None:
    """There are at least 22 texts of each kind."""
    assert Counter(row.kind for row in ROWS)[kind] >= 22


def test_enough_texts_and_enough_of_them_refused() -> None:
    """There are at least 420 texts, at least 160 of them refused."""
    assert {row.kind for row in ROWS} <= {*KINDS, "plain"}
    assert len(ROWS) >= 420
    assert sum(row.verdict.refused for row in ROWS) >= 160


def test_every_command_is_said() -> None:
    """Each of the commands is read from at least one text."""
    meant = {row.verdict.keyword for row in ROWS if not row.verdict.refused}

    assert meant == set(Keyword)


def test_no_two_alike() -> None:
    """No two texts are the same but for digits, names, case or accents."""
    again = [
        key for key, n in Counter(skeleton(row.text) for row in ROWS).items() if n > 1
    ]

    assert again == []


def test_every_difference_is_settled() -> None:
    """Where two verdicts differ, the row says which holds and why; else it does not."""
    unsettled = [row.line for row in ROWS if not _settled(row)]

    assert unsettled == []


def _settled(row: Row) -> bool:
    agreed = written(row.first) == written(row.second)
    if not row.holds:
        return agreed and not row.why
    return bool(row.why) and not (agreed and written(row.first) == row.verdict)


def test_a_refusal_repeats_no_possible_pin() -> None:
    """What is answered to a refused text holds no run of digits from the text."""
    for row in ROWS:
        typed = set(PIN_LIKE.findall(row.text)) - examples()
        for told in answers(row):
            assert not typed & set(PIN_LIKE.findall(told)), row.text


def test_a_refusal_of_money_says_so_first() -> None:
    """Where units could have moved, the first words say that none did."""
    for row in ROWS:
        if row.verdict.refused and row.verdict.money:
            opened = [told[:8] for told in answers(row)]
            assert opened == ["NO se pa", "NOT paid"], row.text


def test_every_refusal_is_one_segment() -> None:
    """An answer to a text that was not read fits one SMS."""
    for row in ROWS:
        for told in answers(row):
            assert is_gsm(told), row.text
            assert septets(told) <= SEGMENT, row.text


def test_what_is_kept_shows_no_pin() -> None:
    """The form that is kept shows no four digits of a text that was refused."""
    for row in ROWS:
        reading = parse(row.text, SV)
        if isinstance(reading.said, Misread):
            assert PIN_LIKE.search(reading.redacted) is None, row.text


def test_reading_is_cheap() -> None:
    """A text costs microseconds; here only a bound that no slow machine breaks."""
    begun = perf_counter()
    for row in ROWS:
        parse(row.text, SV)

    assert perf_counter() - begun < len(ROWS) * 5e-3
