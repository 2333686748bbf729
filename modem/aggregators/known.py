"""Every vendor that a configuration can name: those of code, and those of a table.

What comes in: a name, and the keys of a `[[link]]` section, secrets already read. What
goes out: an `Aggregator`, or `BadDialect`, whose text names the key. `vendors` has the
few that need code, `presets` the rest, and an operator's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modem.aggregators import presets, vendors
from modem.aggregators.dialect import bind, read_dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.aggregators.keys import KeyFact
    from modem.aggregators.wire import Aggregator


def names() -> tuple[str, ...]:
    """Return every name, in order."""
    return tuple(sorted((*vendors.names(), *presets.names())))


def keys(preset: str) -> Mapping[str, KeyFact]:
    """Return what a link with this vendor may set; raises BadDialect for an unknown."""
    return vendors.keys(preset) if preset in vendors.names() else presets.keys(preset)


def load(preset: str, options: Mapping[str, object]) -> Aggregator:
    """Make a vendor; `preset` '' means the one that the option `dialect` tells.

    Raises:
        BadDialect: something is unknown, missing or wrong; it names the key.
    """
    if preset in vendors.names():
        return vendors.load(preset, options)
    return presets.load(preset, options)


def sessions(options: Mapping[str, object]) -> Aggregator:
    """Make the vendor of a link that brings USSD sessions and nothing else.

    Raises:
        BadDialect: a link without a vendor has no keys of one; it names the key.
    """
    # The number comes from the network itself: whether to trust it, the link says.
    return bind(read_dialect({"can": {"trusted": True}}), options)
