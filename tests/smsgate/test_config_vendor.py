"""A link over HTTP in the configuration: keys of its vendor, secrets, address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate import config
from smsgate.clock import Clock
from smsgate.config import BadConfig, HttpLink, SecretRef
from smsgate.links import links_of
from smsgate.operations import OperationRefused
from smsgate.operations.texts import hooks

if TYPE_CHECKING:
    from pathlib import Path

PHONE = """
[[link]]
name = "phone"
driver = "http"
preset = "sms-gate-server"
user = "sms"
password = "file:password"
signing_key = "env:SIGNING"
"""
LISTENS = '[http]\nlisten = "127.0.0.1:8080"\npublic_url = "https://pay.example.org/"\n'


def mistakes(text: str, folder: Path) -> list[str]:
    """Return what is wrong with a configuration."""
    with pytest.raises(BadConfig) as raised:
        config.parse(text, folder)
    return [str(mistake) for mistake in raised.value.mistakes]


def test_a_vendors_keys_are_read(tmp_path: Path) -> None:
    """Secrets become references, nothing is trusted unless it is said."""
    (link,) = config.parse(PHONE, tmp_path).links
    assert isinstance(link, HttpLink)
    assert not link.trusted
    assert link.vendor_keys["user"] == "sms"
    assert isinstance(link.vendor_keys["password"], SecretRef)
    assert str(link.vendor_keys["signing_key"]) == "env:SIGNING"


def test_a_secret_is_never_written_out(tmp_path: Path) -> None:
    """What stands where a reference belongs is not repeated."""
    wrong = PHONE.replace("file:password", "hunter2")
    (mistake,) = mistakes(wrong, tmp_path)
    assert mistake.startswith("link[1]: password: a secret stands elsewhere")
    assert "hunter2" not in mistake


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (PHONE.replace("user =", "usr ="), "did you mean user?"),
        (PHONE.replace('user = "sms"\n', ""), "user is missing: "),
        (PHONE.replace('user = "sms"', "user = [1]"), "user: write "),
        (PHONE.replace("sms-gate-server", "sms-goat"), "sms-gate-local"),
        (PHONE.replace('preset = "sms-gate-server"', ""), "write preset, one of "),
        (PHONE + 'dialect = "own.toml"', "not both"),
        (PHONE + 'country = "sv"', "two capital letters"),
        ('[http]\ntls_cert = "a.pem"', "tls_cert and tls_key go together"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, wrong: str, told: str) -> None:
    """A key that is unknown or missing is named, with what to write."""
    assert told in "\n".join(mistakes(wrong, tmp_path))


def test_secrets_of_a_vendor_are_looked_for(tmp_path: Path) -> None:
    """`smsgate check` names those that cannot be read."""
    made = config.parse(PHONE + 'hook_secret = "file:phone.hook"', tmp_path)
    (tmp_path / "password").write_text("x")
    found = [mistake.path for mistake in config.unreadable_secrets(made)]
    assert [path for path in found if path.startswith("link")] == [
        "link[1].hook_secret",
        "link[1].password",
        "link[1].signing_key",
    ]


def test_the_address_of_the_house(tmp_path: Path) -> None:
    """It is the public one, else where the server listens."""
    assert config.parse(LISTENS, tmp_path).http.address == "https://pay.example.org"
    near = config.parse('[http]\nlisten = "127.0.0.1:8080"', tmp_path)
    assert near.http.address == "http://127.0.0.1:8080"
    secure = '[http]\nlisten = "[::1]:8080"\ntls_cert = "c"\ntls_key = "k"'
    assert config.parse(secure, tmp_path).http.address == "https://[::1]:8080"
    assert config.parse("", tmp_path).http.address == ""


# ---- `smsgate link hook`


def test_the_secret_is_drawn_once(tmp_path: Path) -> None:
    """The first time it is written, for its owner only; afterwards it stays."""
    text = LISTENS + PHONE + 'hook_secret = "file:phone.hook"'
    made = config.parse(text, tmp_path)
    first = hooks.addresses(made, "phone", Clock())
    path = tmp_path / "phone.hook"
    secret = path.read_text().strip()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(secret) == 32
    assert first["drawn"]
    assert first["in"] == f"https://pay.example.org/hook/phone/{secret}/in"
    again = hooks.addresses(made, "phone", Clock())
    assert again == {**first, "drawn": False}
    assert first.keys() == {"link", "drawn", "in", "report"}


@pytest.mark.parametrize(
    ("link", "has"),
    [
        (PHONE + "ussd = true", {"in", "report", "ussd"}),
        ('[[link]]\nname = "phone"\ndriver = "http"\nussd = true', {"ussd"}),
    ],
)
def test_only_addresses_that_answer_are_printed(
    tmp_path: Path, link: str, has: set[str]
) -> None:
    """Sessions have an address where the link brings them, texts where it does."""
    text = LISTENS + link + '\nhook_secret = "file:phone.hook"'
    told = hooks.addresses(config.parse(text, tmp_path), "phone", Clock())
    assert told.keys() - {"link", "drawn"} == has


def test_a_link_for_sessions_alone(tmp_path: Path) -> None:
    """It needs no vendor, and may be trusted: the network itself names the number."""
    text = '[[link]]\nname = "dial"\ndriver = "http"\nussd = true\n'
    secret = tmp_path / "h"
    secret.write_text("only-the-aggregator-knows-this")
    secret.chmod(0o600)
    more = text + 'hook_secret = "file:h"\n'
    (link,) = links_of(config.parse(more + "trusted = true", tmp_path), Clock())
    does = link.capabilities
    assert (does.ussd, does.trusted) == (True, True)
    assert (does.send, does.receive, does.report) == (False, False, False)
    (link,) = links_of(config.parse(more, tmp_path), Clock())
    assert not link.capabilities.trusted
    (told,) = mistakes(text, tmp_path)
    assert 'sessions come by webhook: write hook_secret = "file:dial.hook"' in told
    (told,) = mistakes(more + 'url = "https://x"', tmp_path)
    assert "url: without preset or dialect this link brings sessions only" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LISTENS, "there is no link phone"),
        (LISTENS + PHONE, "only sends: write hook_secret"),
        (PHONE + 'hook_secret = "file:h"', "nothing listens"),
    ],
)
def test_a_link_without_an_address_is_told(
    tmp_path: Path, text: str, told: str
) -> None:
    """The sentence says what to write."""
    with pytest.raises(OperationRefused, match=told):
        hooks.addresses(config.parse(text, tmp_path), "phone", Clock())
