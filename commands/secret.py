"""A PIN or one-time code on its way from the text to the check, never printed.

Made by `commands.parse`, opened only by `smsgate.members`. It has no `repr`, cannot be
pickled or copied into a log by accident, and compares in constant time.
"""

from __future__ import annotations

import hmac
from typing import NoReturn


class Secret:
    """Digits that must not be seen."""

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        """Take the ASCII digits."""
        self._digits = digits

    def reveal(self) -> str:
        """Return the digits; for the check, and for nothing else."""
        return self._digits

    def __len__(self) -> int:
        """Return the number of digits."""
        return len(self._digits)

    def __eq__(self, other: object) -> bool:
        """Compare in constant time."""
        return isinstance(other, Secret) and hmac.compare_digest(
            self._digits, other._digits
        )

    def __hash__(self) -> int:
        """Hash alike for all, so that a hash tells nothing."""
        return hash(Secret)

    def __repr__(self) -> str:
        """Show asterisks."""
        return "Secret(****)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError("a Secret is never written down")
