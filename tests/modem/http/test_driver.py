"""A link over HTTP as the configuration has it built."""

from __future__ import annotations

import pytest

from modem.drivers import BadDriver, build
from modem.link import LinkStatus
from tests.modem.http.rig import StoppedClock

KANNEL = {
    "preset": "kannel",
    "url": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "user": "u",
    "password": "p",
    "from": "7123",
}
PHONE = {"preset": "sms-gate-server", "user": "u", "password": "p", "signing_key": "k"}
SECRET = "x" * 16


def test_without_an_address_of_its_own_a_link_only_sends() -> None:
    """No secret, no webhooks."""
    link = build("http", "web", KANNEL, clock=StoppedClock(), trusted=False)
    assert link.capabilities.send
    assert not link.capabilities.receive
    assert not link.capabilities.report
    assert link.state.status is LinkStatus.starting


def test_numbers_are_trusted_only_where_they_can_be() -> None:
    """A phone of one's own may be trusted, an aggregator never."""
    link = build("http", "web", {**PHONE, "hook_secret": SECRET}, clock=StoppedClock())
    assert link.capabilities.trusted
    loose = build("http", "web", PHONE, clock=StoppedClock(), trusted=False)
    assert not loose.capabilities.trusted
    with pytest.raises(BadDriver, match="write trusted = false"):
        build("http", "web", KANNEL, clock=StoppedClock())


@pytest.mark.parametrize("secret", ["short", "with a space in it", "a/b/c/d/e/f/g/h/i"])
def test_a_path_that_could_be_guessed_is_refused(secret: str) -> None:
    """The secret of an address is long, drawn, and never repeated in an error."""
    options = {**PHONE, "hook_secret": secret}
    with pytest.raises(BadDriver, match="drawn by chance") as told:
        build("http", "web", options, clock=StoppedClock(), trusted=False)
    assert secret not in str(told.value)


def test_a_wrong_key_of_the_vendor_is_named() -> None:
    """The sentence has the link and the key."""
    with pytest.raises(BadDriver, match=r"link web: .*colour"):
        build(
            "http",
            "web",
            {**PHONE, "colour": "blue"},
            clock=StoppedClock(),
            trusted=False,
        )
