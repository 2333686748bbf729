"""What is said about offers and needs.

Frozen values, as in `commands.command`; read by `commands.ads`, carried out by
`smsgate.handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from commands.command.names import Keyword


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """OFERTA: what is offered, safe to publish; its price in minor units, or None."""

    keyword: ClassVar[Keyword] = Keyword.oferta
    text: str
    price: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """NECESITO: what a member looks for, safe to publish."""

    keyword: ClassVar[Keyword] = Keyword.necesito
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOffers:
    """BUSCAR: words that offers are looked for by; the page counts from 1."""

    keyword: ClassVar[Keyword] = Keyword.buscar
    query: str
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DropAd:
    """QUITAR: the number of the member's own advertisement; None: ask which."""

    keyword: ClassVar[Keyword] = Keyword.quitar
    ad: int | None = None
