"""Flow 4, the network's own words: more words for commands, and words that inform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TABLES = """
[words]
pagar = ["ABONAR"]

[shown]
es = { pagar = "ABONAR" }

[[info]]
word = "FERIA"
text_es = "Feria: sábado 9 am, en el parque. Lleve su teléfono."
text_en = "Fair: Saturday 9 am, in the park. Bring your phone."
"""


#: Where the configuration of a new house has its own.
_OURS = re.compile(r"\n\[words\]\n(.*\n)*?\[shown\]\n")


@pytest.fixture
def fair(tmp_path: Path) -> Iterator[Town]:
    """Return a town whose network has words of its own."""
    town = Town(folder=tmp_path / "house")
    path = town.config_path
    text = _OURS.sub(_TABLES, path.read_text(encoding="utf-8"), count=1)
    path.write_text(text, encoding="utf-8")
    try:
        town.start()
        town.joins("Rosa", "71234567")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def test_own_words(fair: Town) -> None:
    """Flow 4: A member pays with the network's word and is told what staff wrote."""
    code = fair.people["Rosa"].code
    assert fair.asks("Juan", f"Abonar {code} 2.00 {CANARY}").startswith("PAGO OK 2.00")
    fair.hears("Rosa")
    # Replies teach that word and no other.
    assert "Ej: ABONAR 01234 25.50 ****" in fair.asks("Juan", "AYUDA PAGAR")
    assert "Escriba: ABONAR codigo" in fair.asks("Juan", "PAGAR PAGAR")
    assert fair.asks("Juan", "AYUDA").startswith("ABONAR codigo monto PIN\nCOBRAR")
    told = "Feria: sabado 9 am, en el parque. Lleve su teléfono."
    assert fair.asks("Juan", "feria") == told
    assert fair.asks("Juan", "FERRIA?") == told
    # A machine that answers with our own words is not answered.
    fair.says("Juan", told)
    assert fair.nothing_for("Juan")
    fair.asks("Juan", "LANG EN")
    assert fair.asks("Juan", "FERIA") == (
        "Fair: Saturday 9 am, in the park. Bring your phone."
    )
    assert fair.asks("Juan", f"FERIA {CANARY}").startswith("Fair: ")


def test_check_tells_words_that_are_too_near(tmp_path: Path) -> None:
    """Flow 4: `smsgate check` refuses a word that a slip could turn into a command."""
    town = Town(folder=tmp_path / "house")
    try:
        path = town.config_path
        text = path.read_text(encoding="utf-8")
        path.write_text(
            _OURS.sub(_TABLES.replace("FERIA", "SALDOS"), text, count=1),
            encoding="utf-8",
        )
        code, out = town.shell("check")
        assert code == 2
        assert "info[1].word: SALDOS is too near to SALDO" in out
        path.write_text(text, encoding="utf-8")
    finally:
        town.close()
