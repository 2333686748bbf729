"""Screens in words: never longer than what every network shows.

What comes in: a reply and the voice of the network. What goes out: its text with room
for the word that opens it on the wire; a list that is longer, in parts. The words
stand in `commands.catalogues`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.replies import SEGMENT, render
from commands.reply import History, OffersFound, OwnAds, SessionPage, Totals
from modem.text import septets

if TYPE_CHECKING:
    from commands.reply import Reply, Voice

#: `CON ` or `END `: some aggregators count them.
_OPENING = 4
ROOM = SEGMENT - _OPENING
#: What may go on in another screen.
_LISTS = History | OffersFound | OwnAds | Totals


def screen(reply: Reply, voice: Voice) -> str:
    """Write a reply as one screen.

    Raises:
        ValueError: it is too long, which no reply may be.
    """
    text = render(reply, voice, ROOM)
    if septets(text) > ROOM:
        raise ValueError("a screen is longer than a network shows")
    return text


def fits(reply: Reply, voice: Voice) -> bool:
    """Whether one screen holds all that a reply has to tell."""
    if not isinstance(reply, _LISTS):
        return True
    return not goes_on(reply) and septets(render(reply, voice)) <= ROOM


def goes_on(reply: Reply) -> bool:
    """Whether a list has another page."""
    if not isinstance(reply, History | OffersFound | Totals):
        return False
    return reply.next_page is not None


def parts_of(reply: Reply, voice: Voice) -> tuple[str, ...]:
    """Return a reply in parts that leave room for the numbers below them."""
    if isinstance(reply, History | OffersFound | Totals):
        # How to see the next page by SMS is of no use here.
        reply = replace(reply, next_page=None)
    return tuple(_cut(render(reply, voice), ROOM - _footer(voice)))


def part(text: str, voice: Voice, *, more: bool, before: bool) -> str:
    """Write one part of a list, with the numbers that lead on and back."""
    return screen(SessionPage(text=text, more=more, before=before), voice)


def _footer(voice: Voice) -> int:
    return len(render(SessionPage(text="", more=True, before=True), voice)) + 1


def _cut(text: str, room: int) -> list[str]:
    """Cut a text at line ends, else between words."""
    parts = []
    while len(text) > room:
        at = text.rfind("\n", 1, room + 1)
        if at < 0:
            at = text.rfind(" ", 1, room + 1)
        if at < 0:
            at = room
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*parts, text]
