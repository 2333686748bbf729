"""What it costs to read a text: the average over the corpus, good and bad input alike.

The quickest of some rounds counts: a slower one tells of other programs on the machine.
"""

from __future__ import annotations

import time

from commands.parse import Grammar, parse
from tests.corpus.texts import rows

_ROUNDS = 10


def parse_cost_us() -> float:
    """Return microseconds for one text, on average."""
    grammar = Grammar()
    texts = [row.text for row in rows()]
    quickest = float("inf")
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        for text in texts:
            parse(text, grammar)
        quickest = min(quickest, time.perf_counter() - begun)
    return 1e6 * quickest / len(texts)
