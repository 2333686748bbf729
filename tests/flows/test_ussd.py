"""Flows 48 and 49: the menu in a USSD session, through the daemon's own web server.

The aggregator is whoever posts the form that Africa's Talking documents, over a real
socket; members get their texts over the modem.
"""

from __future__ import annotations

import socket
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from modem.text import segments
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "only-the-aggregator-knows-this"
_CODE = "*384*1#"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class DialTown(Town):
    """A town with a modem, and an aggregator that brings sessions."""

    port: int = field(default_factory=_free_port)

    def __post_init__(self) -> None:
        """Have the house listen."""
        self.settings.setdefault("http", {})["listen"] = f"127.0.0.1:{self.port}"
        super().__post_init__()

    def _config(self) -> str:
        for name, secret in (("hook", SECRET), ("key", "api-key-of-nobody")):
            path = self.folder / f"{name}.secret"
            path.write_text(secret, encoding="utf-8")
            path.chmod(0o600)
        # Nothing is sent over it: the address is this machine's own, where nobody is.
        return super()._config() + "\n".join(
            [
                "",
                "[[link]]",
                'name = "dial"',
                'driver = "http"',
                'preset = "africastalking"',
                f'url = "http://127.0.0.1:{_free_port()}"',
                'user = "sandbox"',
                'api_key = "file:key.secret"',
                'hook_secret = "file:hook.secret"',
                "ussd = true",
                "",
            ]
        )

    def post(self, secret: str = SECRET, **form: str) -> tuple[int, str]:
        """Post a step of a session; what the aggregator is answered."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/hook/dial/{secret}/ussd",
            data=urllib.parse.urlencode(form).encode(),
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, ""

    def dials(self, name: str, session: str, *typed: str) -> str:
        """Return the screen after all that was typed; each fits one phone's screen."""
        self.clock.forward(seconds=1)
        status, screen = self.post(
            sessionId=session,
            phoneNumber=self.people[name].phone,
            serviceCode=_CODE,
            networkCode="70601",
            text="*".join(typed),
        )
        assert status == 200
        assert segments(screen).segments == 1
        return screen


@pytest.fixture
def town(tmp_path: Path) -> Iterator[DialTown]:
    """Return a town where Rosa sells and Juan dials."""
    town = DialTown(folder=tmp_path / "house")
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


@pytest.mark.parametrize(
    ("language", "root", "asked", "paid", "received"),
    [
        ("ES", "1 Pagar", "Pagar 5.00 PT a Rosa", "PAGO OK 5.00", "RECIBIO 5.00"),
        ("EN", "1 Pay", "Pay 5.00 PT to Rosa", "PAID 5.00", "RECIBIO 5.00"),
    ],
)
def test_a_session_from_the_root_to_a_payment(
    town: DialTown, language: str, root: str, asked: str, paid: str, received: str
) -> None:
    """Flow 48: who, how much, the PIN; the result is on the screen and at the payee."""
    town.asks("Juan", f"LANG {language}")
    code = town.people["Rosa"].code
    assert root in town.dials("Juan", "s1")
    assert town.dials("Juan", "s1", "1").startswith("CON ")
    assert town.dials("Juan", "s1", "1", code).startswith("CON ")
    pin = town.dials("Juan", "s1", "1", code, "5.00")
    assert pin.startswith(f"CON {asked} ({code})")
    done = town.dials("Juan", "s1", "1", code, "5.00", CANARY)
    assert done.startswith(f"END {paid} PT")
    assert received in town.hears("Rosa")
    # The aggregator posts the last step again: the same screen, and nothing is done.
    assert town.dials("Juan", "s1", "1", code, "5.00", CANARY) == done
    assert town.balance("Rosa") == "5.00"


def test_a_session_that_drops_before_the_pin_does_nothing(town: DialTown) -> None:
    """Flow 49: and the next one may go on where it was cut off."""
    code = town.people["Rosa"].code
    town.dials("Juan", "s1", "1", code, "5.00")
    assert town.balance("Rosa") == "0.00"
    assert town.dials("Juan", "s2").startswith("CON ")
    assert town.nothing_for("Rosa")


def test_who_does_not_know_the_address_gets_nothing(town: DialTown) -> None:
    """Whoever guesses finds no such address; a form without a session is refused."""
    assert town.post("somebody-elses-secret", sessionId="s1")[0] == 404
    assert town.post(text="1")[0] == 400
