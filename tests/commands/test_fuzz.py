"""Texts of the corpus, mistreated as thumbs do: what is promised still holds."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.corpus.texts import rows
from tests.fuzz.promises import hold

TEXTS = [row.text for row in rows()]
#: What thumbs and keyboards put in between.
THUMBS = st.sampled_from(
    [
        *"0123456789aeoñ .,*#;-¡¿'\"$()\n\u200b\u00a0’“５٤",
        *("😀", "❤️", "2️⃣", "PT", " POR ", " A ", " PIN "),
    ]
)


@st.composite
def mistreated(draw: st.DrawFn) -> str:
    """Draw a text that was swapped, cut, doubled, decorated or run together."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        before, here, after = text[:at], text[at : at + 1], text[at + 1 :]
        match draw(
            st.sampled_from(["swap", "drop", "double", "insert", "join", "add"])
        ):
            case "swap":
                text = before + after[:1] + here + after[1:]
            case "drop":
                text = before + after
            case "double":
                text = before + here + here + after
            case "insert":
                text = before + draw(THUMBS) + here + after
            case "join":
                text = before + (here + after).replace(" ", "", 1)
            case _:
                text = f"{text}{draw(THUMBS)}{draw(st.sampled_from(TEXTS))}"
    return text


@given(mistreated())
@example("PAGAR 20417 25.50 4821")
def test_mistreated_texts_keep_the_promises(text: str) -> None:
    """No crash, one reading or no money, no PIN kept or repeated, one segment."""
    hold(text)


def test_the_corpus_keeps_the_promises() -> None:
    """Every text of the corpus, as it was written."""
    for text in TEXTS:
        hold(text)
