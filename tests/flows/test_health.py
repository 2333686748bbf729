"""Flow 67: whoever looks after the house can see how it is, and reads nobody's texts.

The pages for a watchdog, the alarm about a clock that is wrong, and a log in which no
body, PIN, token or whole number stands, whatever was written that day.
"""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.flows.reading import read
from tests.flows.town import CANARY, Person, Town
from tests.flows.web import SECRET, WebTown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OSCAR = "+50376543210"
STRANGER = "+50379998877"
_PATIENCE_S = 15.0
_DOUBTED = {
    "es": "Red ALARMA: el reloj del servidor no es de fiar: los pagos esperan."
    " Pongalo en hora; si ya esta bien: smsgate clock accept",
    "en": "Red ALARM: the server's clock cannot be trusted: payments wait."
    " Set it right; if it is right already: smsgate clock accept",
}
_ZONE = {
    "es": "Red ALARMA: los textos del enlace gsm traen mal la hora."
    " Si es la zona del operador, sume 360 a su time_offset_minutes.",
    "en": "Red ALARM: texts over link gsm carry a wrong time."
    " If it is the operator's zone, add 360 to its time_offset_minutes.",
}
_HELP = {"es": "PAGAR", "en": "PAY"}
#: What a text of the day says that no command does.
_WORDS = ("pan dulce", "queso", "nadie", "Calles", "PANADERIALUZ")
_PAID = {"es": "PAGO OK 5.00 PT a Rosa", "en": "PAID 5.00 PT to Rosa"}


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look what is due more often than every five seconds."""
    monkeypatch.setattr("smsgate.gateway.unasked.housekeeping._EVERY_S", 0.2)


def _couple(town: Town, *options: str) -> None:
    town.joins("Rosa", "71234567", "--alias", "PANADERIALUZ", *options)
    town.joins("Juan", "72345678", "--limit", "100", *options)
    town.people["Oscar"] = Person(phone=OSCAR)


# ---- the pages


def look(town: WebTown, path: str) -> tuple[int, str]:
    """Look at a page as a watchdog does."""
    try:
        with urlopen(f"{town.origin}{path}", timeout=_PATIENCE_S) as page:  # noqa: S310 -- our own
            return page.status, page.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def turns(town: WebTown, path: str, wanted: tuple[int, str]) -> None:
    """Wait until a page says this."""
    pause, seen = threading.Event(), (0, "")
    for _ in range(int(_PATIENCE_S / 0.1)):
        seen = look(town, path)
        if seen == wanted:
            return
        pause.wait(0.1)
    raise AssertionError(f"{path} never said {wanted}, it says {seen}")


class ModemTown(WebTown):
    """A town whose aggregator brings no texts: the modem alone hears phones."""

    def _config(self) -> str:
        written = super()._config()
        return written[: written.index('\n[[link]]\nname = "web"')]


def test_the_pages_say_whether_a_phone_can_reach_the_house(tmp_path: Path) -> None:
    """Ready, and why not while the modem is out; alive all the time.

    That is all they say: one word or sentence, no phone and no secret.
    """
    town = ModemTown(folder=tmp_path / "house")
    try:
        town.start()
        town.link_is("gsm", "up")
        assert look(town, "/healthz") == look(town, "/readyz") == (200, "ok\n")
        town.modem.unplug()
        turns(town, "/readyz", (503, "no link can receive\n"))
        assert look(town, "/healthz") == (200, "ok\n")
        town.modem.replug()
        turns(town, "/readyz", (200, "ok\n"))
    finally:
        town.close()


# ---- the clock


@pytest.fixture(params=["es", "en"])
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    """A town of either language, where Oscar is told what is wrong."""
    town = Town(
        folder=tmp_path / "house",
        settings={
            "network": {"language": request.param},
            "alerts": {"phones": [OSCAR]},
        },
    )
    try:
        town.start()
        _couple(town, "--language", request.param)
        yield town
    finally:
        town.close()


def language(town: Town) -> Any:
    """Return the language of a town."""
    return town.settings["network"]["language"]


def test_while_the_clock_is_behind_payments_wait_and_the_operator_knows(
    watched: Town,
) -> None:
    """Told once; once the clock is right what waited is paid."""
    town, code = watched, watched.people["Rosa"].code
    right = town.clock.now()
    town.clock.off_by(minutes=-60)
    town.says("Juan", f"PAGAR {code} 5.00 {CANARY}", sent_at=right)
    assert town.hears("Oscar") == _DOUBTED[language(town)]
    # What moves no money is answered meanwhile.
    assert _HELP[language(town)] in town.asks("Rosa", "AYUDA")
    assert town.balance("Rosa") == "0.00"
    town.clock.off_by(minutes=0)
    assert town.hears("Juan").startswith(_PAID[language(town)])
    assert town.balance("Rosa") == "5.00"
    assert town.nothing_for("Oscar")


def test_a_clock_that_is_wrong_again_is_told_again(watched: Town) -> None:
    """Each time once, after it was right."""
    town = watched
    for _ in range(2):
        town.clock.off_by(minutes=-60)
        assert town.hears("Oscar") == _DOUBTED[language(town)]
        town.clock.off_by(minutes=0)
        town.asks("Rosa", "AYUDA")
        wait_until_right(town)
    assert town.nothing_for("Oscar")


def wait_until_right(town: Town) -> None:
    """Wait until no trouble stands."""
    pause = threading.Event()
    for _ in range(int(_PATIENCE_S / 0.1)):
        if not town.told("link", "list").get("alarms"):
            return
        pause.wait(0.1)
    raise AssertionError("a trouble stands for ever")


def test_a_network_that_stamps_another_zone_is_told_once(watched: Town) -> None:
    """With what to write into the configuration; texts that agree say nothing."""
    town = watched
    for _ in range(6):
        town.says("Rosa", "AYUDA", sent_at=town.clock.now() - timedelta(hours=6))
        town.hears("Rosa")
    assert town.hears("Oscar") == _ZONE[language(town)]
    town.asks("Rosa", "AYUDA")
    assert town.nothing_for("Oscar")


# ---- the log


@pytest.mark.parametrize("form", ["keyvalue", "json"])
def test_the_log_of_a_day_repeats_no_text(tmp_path: Path, form: str) -> None:
    """Every line may be shown to anybody: no body, PIN, token, secret or number."""
    town = WebTown(folder=tmp_path / "house", log_form=form)
    try:
        town.start()
        _couple(town)
        said, token = a_day(town)
        phones = [one.phone for one in town.people.values()]
    finally:
        town.close()
    log = (town.folder / "daemon.log").read_text(encoding="utf-8")
    secrets = [path.read_text() for path in town.folder.glob("*.secret")]
    assert SECRET in secrets
    for words in (*said, *_WORDS, *secrets, CANARY):
        assert words.casefold() not in log.casefold()
    for phone in phones:
        assert phone[4:] not in log
    # Two first PINs, and the nine texts of the day, are told of all the same.
    kept = [_undated(line) for line in log.splitlines() if "sms.kept" in line]
    assert len(kept) == 11
    assert not [line for line in kept if re.search(rf"\b{token}\b", line)]


def _undated(line: str) -> str:
    return re.sub(r'"?timestamp"?[=:] ?\S+', "", line)


def a_day(town: WebTown) -> tuple[list[str], str]:
    """Have people write a little of everything; return all texts, and a token."""
    code = town.people["Rosa"].code
    wrote = [
        f"PAGAR {code} 5.00 {CANARY} POR pan dulce",
        f"PAGAR PANADERIALUZ 2.00 {CANARY}",
        "OFERTA queso fresco del monte 3.00",
        CANARY,
        "esto no lo entiende nadie",
        f"PAGAR {code} 4.00",
    ]
    heard = [town.asks("Juan", words) for words in wrote]
    wrote.append(f"UNIR {CANARY} Pedro Calles")
    heard.append(town.asks(STRANGER, wrote[-1]))
    wrote.append(f"PAGAR {code} 3.00 {CANARY}")
    assert town.texts("Juan", wrote[-1]) in (200, 204)
    heard.append(town.hears("Juan"))
    token = read("Pagar {any}? Responda {tk} y su PIN. {any2}", heard[-1])["tk"]
    wrote.append(f"{token} {CANARY}")
    heard.append(town.asks("Juan", wrote[-1]))
    assert heard[-1].startswith("PAGO OK 3.00 PT a Rosa")
    assert town.balance("Rosa") == "10.00"
    return wrote + heard, token
