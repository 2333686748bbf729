"""The arguments of operations on links: listed, tested, looked at with all the rest.

What comes in and goes out is told in `smsgate.operations.requests`, which names them
beside all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList:
    """The ways to reach phones, and how they are."""

    NAME: ClassVar[str] = "link.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """Everything that can be wrong, as the daemon sees it."""

    NAME: ClassVar[str] = "doctor"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTest:
    """A text over one link, followed until it is there."""

    NAME: ClassVar[str] = "link.test"
    name: str
    to: str
    #: What to send; None: words that say what it is.
    text: str | None = None
