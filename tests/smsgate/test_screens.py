"""Screens of MENU: for ten minutes, one a phone, over the link they were opened on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate.clock import MINUTE_MS, SECOND_MS
from smsgate.messages import forget_due, screens
from tests.smsgate.mailroom import JUAN, LINK, ROSA, START_MS, Mailroom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.messages.screens import Screen


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """An empty ledger in which Rosa looks at the menu."""
    with Mailroom() as room:
        show(room, "root")
        yield room


def show(room: Mailroom, name: str, phone: str = ROSA) -> None:
    """Open a screen by a text that was sent a second ago."""
    screens.show(
        room.tx,
        phone=phone,
        name=name,
        link=LINK,
        sent_ms=START_MS - SECOND_MS,
        detail={"payee": 7},
    )


def seen(
    room: Mailroom,
    *,
    phone: str = ROSA,
    link: str = LINK,
    sent_ms: int = START_MS,
    after_ms: int = 0,
) -> Screen | None:
    """Look which screen a text would answer."""
    return screens.seen(
        room.tx, phone=phone, link=link, sent_ms=sent_ms, now_ms=START_MS + after_ms
    )


def test_a_screen_is_seen_by_its_phone(room: Mailroom) -> None:
    """What is read back is what was shown; another phone sees its own."""
    screen = seen(room)
    assert screen is not None
    assert (screen.name, screen.wrong, screen.detail) == ("root", 0, {"payee": 7})
    assert seen(room, phone=JUAN) is None


def test_a_screen_belongs_to_its_link_and_its_time(room: Mailroom) -> None:
    """Another link, an earlier text, or ten minutes later: there is none."""
    assert seen(room, link="other") is None
    assert seen(room, sent_ms=START_MS - 2 * SECOND_MS) is None
    assert seen(room, after_ms=10 * MINUTE_MS - 1) is not None
    assert seen(room, after_ms=10 * MINUTE_MS) is None


def test_the_newest_screen_takes_the_place_of_the_older(room: Mailroom) -> None:
    """A phone has one screen; closed, it has none."""
    show(room, "account")
    screen = seen(room)
    assert screen is not None
    assert screen.name == "account"
    screens.close(room.tx, ROSA)
    assert seen(room) is None


def test_old_screens_are_forgotten(room: Mailroom) -> None:
    """Nobody's look at a menu is kept."""
    assert forget_due(room.tx) == 0
    room.wait(10 * MINUTE_MS)
    assert forget_due(room.tx) == 1
    assert room.count("screen") == 0
