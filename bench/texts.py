"""What it costs to read a text: the average over texts as members write them."""

from __future__ import annotations

import time

from commands.parse import Grammar, parse

_TEXTS = (
    "PAGAR 20417 25.50 4821",
    "pagar panaderialuz 25",
    "P 25.00 A 7123-4567 4821 POR pan dulce",
    "4821",
    "SI 47 4821",
    "SALDO 4821",
    "Hola, buenos días! Quisiera saber cómo puedo pagar a doña Rosa, gracias 😀",
    "PAGRA 20417 25.50 4821",
    "AYUDA PAGAR",
    "MOVS 2 4821",
    "VER 481205-7735",
    "PIN 4821 9036 9036",
)
_TIMES = 300


def parse_cost_us() -> float:
    """Return microseconds for one text, on average."""
    grammar = Grammar()
    begun = time.perf_counter()
    for _ in range(_TIMES):
        for text in _TEXTS:
            parse(text, grammar)
    return 1e6 * (time.perf_counter() - begun) / (_TIMES * len(_TEXTS))
