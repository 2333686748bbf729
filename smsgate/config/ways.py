"""Settings of the ways out: which link carries what, what it costs, who is alarmed.

What comes in: the keys of `[[link]]` that every driver shares, those of `[sms]` about
money, and `[alerts]`. What goes out: frozen values, parts of `smsgate.config.settings`.
What they mean is told in `smsgate.messages.routes` and `smsgate.messages.budget`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from smsgate.config.fields import (
    Country,
    OptionalCost,
    Phone,
    Prefix,
    matching,
    written,
)
from smsgate.config.section import Section


class Routed(Section):
    """Which texts a link takes, where there are several, and how many."""

    prefixes: tuple[Prefix, ...] = Field(
        default=written([]),
        strict=False,
        description='beginnings of numbers like ["+5037"]',
    )
    prefers: tuple[Prefix, ...] = Field(
        default=written([]),
        strict=False,
        description='beginnings of numbers like ["+5037"]',
    )
    classes: tuple[Literal["receipt", "notice", "campaign"], ...] = Field(
        default=written(["receipt", "notice", "campaign"]),
        strict=False,
        min_length=1,
        description='a list of "receipt", "notice" and "campaign"',
    )
    order: int = Field(default=1, ge=1, le=99, description="a whole number, 1-99")
    share: int = Field(default=1, ge=1, le=100, description="a whole number, 1-100")
    cost: OptionalCost = Field(
        default=written(""), description='money in quotes, like "0.05"'
    )
    per_minute: int | None = Field(
        default=None, ge=1, le=6_000, description="texts a minute, 1-6000"
    )
    per_hour: int | None = Field(
        default=None, ge=1, le=100_000, description="texts an hour, 1-100000"
    )


class Costs(Section):
    """Where texts may go, and what they may cost."""

    countries: tuple[Country, ...] = Field(
        default=written([]), strict=False, description='countries like ["SV", "GT"]'
    )
    currency: Annotated[
        str, matching(r"[A-Z]{3}", 'three capital letters, like "USD"')
    ] = "USD"
    budget_day: OptionalCost = Field(
        default=written(""), description='money in quotes, or "" for no budget'
    )
    budget_month: OptionalCost = Field(
        default=written(""), description='money in quotes, or "" for no budget'
    )

    def allowed(self, home: str) -> frozenset[str]:
        """Return the countries that are written to: `home` where none is named."""
        return frozenset(self.countries or (home,))


class Alerts(Section):
    """Who is told by text when something is wrong with the house."""

    phones: tuple[Phone, ...] = Field(
        default=written([]), strict=False, description='phones like ["+50370000000"]'
    )
    link_minutes: int = Field(
        default=5, ge=1, le=1440, description="whole minutes, 1-1440"
    )
