"""What a phone in the terminal shows: texts and what they cost, screens of sessions.

What comes in: the snapshot of a demo, its events, and what was typed. What goes out:
lines to print, and the texts to be sent. Several phones share one terminal: one is in
the hand, the others are heard too, by name. Nothing here waits or prints; that is done
in `smsgate.demo.phone`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from modem.text import segments
from smsgate.demo.captions import PHONE
from smsgate.phone import e164

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.operations import Document

_OUT, _IN = "out", "in"


@dataclass(slots=True, kw_only=True)
class Handset:
    """The phones of one terminal."""

    country: str
    #: Of one SMS, in whatever money the reader counts.
    price: Decimal
    language: str
    members: tuple[Document, ...]
    #: Every text so far, oldest first, as the page has them.
    texts: list[Document] = field(default_factory=list)
    #: What phones show of their sessions, as the page has it; none: they have none.
    screens: dict[str, Document] = field(default_factory=dict)
    #: The phone in the hand, E.164.
    phone: str = ""

    @property
    def words(self) -> dict[str, str]:
        """The words of the terminal's language."""
        return PHONE[self.language]

    def name(self, phone: str) -> str:
        """Return what a phone's owner is called; a stranger's is its number."""
        found = (one["who"] for one in self.members if one["phone"] == phone)
        return str(next(found, phone))

    def find(self, who: str) -> str | None:
        """Return the phone of a member, by name, code or alias, or any number."""
        wanted = who.casefold()
        for one in self.members:
            known = (one["who"], one["name"], one["code"], one["alias"])
            if wanted in (str(name).casefold() for name in known):
                return str(one["phone"])
        return e164(who, self.country)

    def take(self, phone: str) -> str:
        """Take a phone into the hand, and say whose it is."""
        self.phone = phone
        for one in self.members:
            if one["phone"] == phone:
                return self.words["taken"].format(**one)
        return self.words["taken_stranger"].format(phone=phone)

    def cost(self, text: str) -> str:
        """Say how many SMS a text is, how full they are, and what they cost."""
        told = segments(text)
        room = 160 if told.alphabet == "gsm" else 70
        parts = self.words["one" if told.segments == 1 else "several"]
        return parts.format(
            count=told.segments,
            units=told.units,
            room=room,
            price=self.price * told.segments,
        )

    def sent(self, text: str) -> str:
        """Return the line under a text that was typed."""
        return f"      {self.cost(text)}"

    def heard(self, bubble: Document) -> Iterator[str]:
        """Take note of a text, and yield the lines that show it.

        Texts of the phone in the hand were typed here, so only their cost is new.
        """
        self.texts.append(bubble)
        if bubble["side"] == _OUT and bubble["phone"] == self.phone:
            return
        yield from self.shown(bubble)

    def shown(self, bubble: Document) -> Iterator[str]:
        """Yield a text as it stands in the history."""
        arrow = "→" if bubble["side"] == _OUT else "←"
        whose = "" if bubble["phone"] == self.phone else self.name(bubble["phone"])
        head = f"{bubble['at']} {whose} {arrow} ".replace("  ", " ")
        first, *rest = _safe(bubble["text"])
        yield head + first
        yield from (" " * len(head) + line for line in rest)
        yield f"      {self.cost(bubble['text'])}"

    @property
    def in_session(self) -> bool:
        """Whether the phone in the hand shows a screen that waits for an answer."""
        return self.phone in self.screens

    def screened(self, screen: Document) -> Iterator[str]:
        """Take note of a screen, and yield its lines where the phone is in the hand."""
        phone, text = screen["phone"], screen["text"]
        if text is None or screen["ends"]:
            was = self.screens.pop(phone, None)
        else:
            was = self.screens[phone] = screen
        if phone != self.phone:
            return
        if text is not None:
            yield from (f"    | {line}" for line in _safe(text))
        if screen["ends"] and (text is not None or was is not None):
            yield f"      {self.words['over']}"

    def screen(self) -> Iterator[str]:
        """Yield the screen that the phone in the hand shows."""
        if self.in_session:
            yield from self.screened(self.screens[self.phone])

    def history(self) -> Iterator[str]:
        """Yield every text of the phone in the hand."""
        mine = [one for one in self.texts if one["phone"] == self.phone]
        if not mine:
            yield self.words["empty"]
        for bubble in mine:
            yield from self.shown(bubble)

    def phones(self) -> Iterator[str]:
        """Yield every phone there is."""
        for one in self.members:
            mark = "*" if one["phone"] == self.phone else " "
            yield f"{mark} {self.words['member'].format(**one)}"
        strangers = {one["phone"] for one in self.texts} | {self.phone}
        for phone in sorted(strangers - {one["phone"] for one in self.members}):
            yield f"{'*' if phone == self.phone else ' '} {phone}"

    def costs(self) -> Iterator[str]:
        """Yield what each phone and the network have spent."""
        counted = Counter[str]()
        for one in self.texts:
            payer = one["phone"] if one["side"] == _OUT else ""
            counted[payer] += segments(one["text"]).segments
        for payer, count in sorted(counted.items(), key=lambda one: one[0] == ""):
            yield self.words["spent"].format(
                who=self.name(payer) if payer else self.words["network"],
                count=count,
                price=self.price * count,
            )


def _safe(text: str) -> list[str]:
    """Return the lines of a text, with nothing that steers a terminal."""
    return [
        "".join(c if c.isprintable() else "?" for c in line)
        for line in text.splitlines() or [""]
    ]
