"""Flow 68: what comes to the address of webhooks and must do nothing, vendor by vendor.

Unsigned, forged, replayed, far too long or in another charset: nothing of it is done,
and the true webhook behind it is heard as if it had not been.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.flows.test_vendor import pay, side_by_side, signed_anew
from tests.flows.web import WebTown
from tests.modem.aggregators.fakes import forged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.modem.aggregators.spoken import Post

_BODY_MAX = 64 * 1024


@pytest.fixture(params=["sms-gate", "twilio", "vonage", "infobip", "telnyx"])
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[WebTown]:
    """Return a town with a second way in, over each vendor in turn."""
    # Room does not depend on how fast this machine is just now.
    room: dict[str, dict[str, object]] = {"daemon": {"in_flight_max": 200}}
    town = WebTown(folder=tmp_path / "house", kind=request.param, settings=room)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        yield town
    finally:
        town.close()


def unsigned(post: Post) -> Post:
    """Return a webhook without whatever proves where it comes from."""
    headers = {
        name: said for name, said in post.headers.items() if post.signature not in said
    }
    return replace(
        post,
        headers=headers,
        body=post.body.replace(f"&sig={post.signature}".encode(), b""),
    )


def heard(town: WebTown) -> int:
    """Return how many texts were kept that came over the vendor."""
    rows = town.told("inbox", "list")["inbox"]
    return sum(row["link"] == "web" for row in rows)


def test_what_is_not_the_vendors_does_nothing(town: WebTown) -> None:
    """Without a signature, with a wrong one, or far too long; the true one is heard."""
    post = town.written("Juan", pay(town, "15.00"))
    assert post.signature
    assert unsigned(post) != post
    long = replace(post, body=post.body + b" " * _BODY_MAX)
    assert [town.post(one) for one in (unsigned(post), forged(post), long)] == [
        401,
        401,
        413,
    ]
    assert heard(town) == 0
    assert town.post(post) in (200, 204)
    assert heard(town) == 1
    # A vendor's numbers are nobody's word: Juan is asked, over the modem.
    assert town.hears("Juan").startswith("Pagar 15.00 PT a Rosa")
    assert town.balance("Rosa") == "0.00"


@pytest.mark.parametrize("minutes", [1, 60])
def test_what_is_replayed_does_nothing_again(town: WebTown, minutes: int) -> None:
    """A minute later, or an hour: refused or known, and never asked about twice."""
    post = town.written("Juan", pay(town, "15.00"))
    assert town.post(post) in (200, 204)
    assert town.hears("Juan").startswith("Pagar 15.00 PT a Rosa")
    town.clock.forward(minutes=minutes)
    # The others sign no time, or offer a text for a day under one signature: its id
    # tells.
    timed = town.kind in ("sms-gate", "telnyx")
    assert (town.post(post) == 401) is (timed and minutes > 5)
    assert heard(town) == 1
    # Somebody else's answer comes after whatever was still to be said.
    town.asks("Rosa", "AYUDA")
    assert town.nothing_for("Juan")


def test_fifty_side_by_side_are_each_heard_once(town: WebTown) -> None:
    """Every vendor's, each offered twice at the same moment."""
    posts = [town.written("Juan", f"VER 481205773{n % 10}") for n in range(50)]
    took = town.far(side_by_side(town, posts * 2), patience_s=40)
    assert set(took) <= {200, 204}
    assert heard(town) == 50


def test_bytes_in_another_charset_are_refused(tmp_path: Path) -> None:
    """A body that is signed, and is not UTF-8, is answered 400 and does nothing."""
    town = WebTown(folder=tmp_path / "house", trusted=True)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business")
        town.joins("Juan", "72345678", "--limit", "100")
        post = town.written("Juan", pay(town, "15.00") + " POR piña")
        wrong = replace(post, body=post.body.decode().encode("latin-1"))
        assert town.post(signed_anew(town, wrong)) == 400
        assert heard(town) == 0
        assert town.post(post) == 200
        assert town.rings("Juan").startswith("PAGO OK 15.00 PT a Rosa")
    finally:
        town.close()
