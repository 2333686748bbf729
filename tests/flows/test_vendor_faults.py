"""Flow 61: a vendor that is slow, gone, or brings things in disorder.

Everything over real sockets, in the vendor's bytes. What members are told, they are
told in their own language, once.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.flows.test_vendor import event, opened, pay, settled
from tests.flows.test_vendors import away
from tests.flows.town import CANARY
from tests.flows.web import WebTown
from tests.modem.aggregators.fakes import Mood

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.modem.aggregators.spoken import Post

#: In both languages: how it is chosen, and how a payment and its receipt begin.
PAID = {
    "ES": ("PAGO OK {} PT a Rosa", "Red: RECIBIO {} PT de Juan"),
    "EN": ("PAID {} PT to Rosa", "Red: RECEIVED {} PT from Juan"),
}
LANGUAGES = pytest.mark.parametrize("language", ["ES", "EN"])


class HastyTown(WebTown):
    """A town whose house waits one second for the vendor's answers."""

    def _config(self) -> str:
        shipped = resources.files("modem.aggregators.presets") / "sms-gate-server.toml"
        dialect = self.folder / "hasty.toml"
        dialect.write_text(
            shipped.read_text("utf-8").replace("[send]", "[send]\ntimeout_s = 1", 1),
            encoding="utf-8",
        )
        return (
            super()
            ._config()
            .replace('preset = "sms-gate-server"', f'dialect = "{dialect}"')
        )


@pytest.fixture
def town(tmp_path: Path) -> Iterator[WebTown]:
    """Return a town whose second way in is a phone of its own, and so trusted."""
    town = HastyTown(folder=tmp_path / "house", trusted=True)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def speaking(town: WebTown, language: str) -> tuple[str, str]:
    """Have both read a language; return how a payment and its receipt begin."""
    for name in ("Juan", "Rosa"):
        town.asks(name, f"IDIOMA {language}")
    return PAID[language]


@LANGUAGES
def test_a_slow_vendor_delays_one_text_and_sends_it_once(
    town: WebTown, language: str
) -> None:
    """It takes the text and says nothing for longer than it is waited for.

    Others go on meanwhile, what it is asked again it knows, and the money moved once.
    """
    paid, received = speaking(town, language)
    gate = town.far(event())
    town.vendor.moods.append(Mood(gate=gate))
    assert town.texts("Juan", pay(town, "25.50")) == 200
    assert town.rings("Juan").startswith(paid.format("25.50"))
    assert town.rings("Rosa").startswith(received.format("25.50"))
    # Its answer never comes; the same id again is answered at once.
    assert settled(town, ["sent", "sent"])
    town.far(opened(gate))
    assert (town.rang("Juan"), town.rang("Rosa")) == (1, 1)
    assert len(town.vendor.requests) == 3
    assert town.balance("Rosa") == "25.50"
    assert [town.reports(place, "delivered") for place in (0, 1)] == [200, 200]
    assert settled(town, ["delivered", "delivered"])


def test_a_vendor_that_answers_nothing_for_long_is_left_for_the_modem(
    town: WebTown,
) -> None:
    """What it may have stays its own; what comes after takes the modem, in seconds."""
    gates = [town.far(event()) for _ in range(3)]
    town.vendor.moods += [Mood(gate=gate) for gate in gates]
    assert town.texts("Juan", "AYUDA") == 200
    assert "PAGAR" in town.rings("Juan")
    assert settled(town, ["queued"])
    assert town.link("web")["status"] == "degraded"
    assert town.texts("Rosa", "AYUDA") == 200
    assert "PAGAR" in town.hears("Rosa")
    for gate in gates:
        town.far(opened(gate))
    # Asked again under the same id it says that it has the text, and is well again.
    assert settled(town, ["sent"])
    assert (town.rang("Juan"), town.rang("Rosa")) == (1, 0)
    assert town.nothing_for("Juan")
    # Which was left alone for some seconds more: it had just been in trouble.
    town.clock.forward(seconds=11)
    assert town.texts("Rosa", "IDIOMA ES") == 200
    assert "espa" in town.rings("Rosa")


@LANGUAGES
def test_a_vendor_that_is_gone_and_comes_back(town: WebTown, language: str) -> None:
    """With no other way its texts wait, and are each sent once when it is there."""
    paid, received = speaking(town, language)
    away(town)
    post = town.written("Juan", pay(town, "25.50"))
    town.vendor_down()
    # Its webhooks still arrive: it is gone for us only.
    assert town.far(_posted(post)) == 200
    assert settled(town, ["queued", "queued"])
    town.link_is("web", "down")
    town.vendor_up()
    town.link_is("web", "up")
    town.clock.forward(minutes=11)
    assert town.rings("Juan").startswith(paid.format("25.50"))
    assert town.rings("Rosa").startswith(received.format("25.50"))
    assert settled(town, ["sent", "sent"])
    assert (town.rang("Juan"), town.rang("Rosa")) == (1, 1)
    assert town.balance("Rosa") == "25.50"


async def _posted(post: Post) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(post.url, data=post.body, headers=post.headers) as answer,
    ):
        return answer.status


def test_webhooks_in_disorder(town: WebTown) -> None:
    """What was texted first may come last: each pays once, by its own words."""
    posts = [town.written("Juan", pay(town, f"{n}.00")) for n in (1, 2, 3)]
    assert [town.post(post) for post in reversed(posts)] == [200] * 3
    assert [town.post(post) for post in posts] == [200] * 3
    told = sorted(town.rings("Juan") for _ in posts)
    assert [text[:12] for text in told] == [
        "PAGO OK 1.00",
        "PAGO OK 2.00",
        "PAGO OK 3.00",
    ]
    assert town.balance("Rosa") == "6.00"
    assert town.rang("Juan") == 3


def test_an_answer_that_overtakes_its_question_pays_nothing(town: WebTown) -> None:
    """A PIN that was sent before it was asked for is not the answer."""
    early = town.written("Juan", CANARY)
    assert town.texts("Juan", f"PAGAR {town.people['Rosa'].code} 5.00") == 200
    assert town.rings("Juan").startswith("Pagar 5.00 PT a Rosa")
    assert town.post(early) == 200
    assert town.rings("Juan").startswith("NO se pago")
    assert town.balance("Rosa") == "0.00"
    assert town.texts("Juan", CANARY) == 200
    assert town.rings("Juan").startswith("PAGO OK 5.00")
