"""Every vendor that a configuration can name.

What comes in: a name, and the keys of a `[[link]]` section, secrets already read. What
goes out: an `Aggregator`, or `BadDialect`, whose text names the key. `presets` has
those that a table tells, and an operator's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modem.aggregators import presets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modem.aggregators.keys import KeyFact
    from modem.aggregators.wire import Aggregator


def names() -> tuple[str, ...]:
    """Return every name, in order."""
    return presets.names()


def keys(preset: str) -> Mapping[str, KeyFact]:
    """Return what a link with this vendor may set; raises BadDialect for an unknown."""
    return presets.keys(preset)


def load(preset: str, options: Mapping[str, object]) -> Aggregator:
    """Make a vendor; `preset` '' means the one that the option `dialect` tells.

    Raises:
        BadDialect: something is unknown, missing or wrong; it names the key.
    """
    return presets.load(preset, options)
