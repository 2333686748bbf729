"""The keys a vendor's section of the configuration may have, and what is wrong there.

What comes in: a path into a section and a sentence. What goes out: a `KeyFact` for each
key, from which the manual, the check of a configuration and its secrets are made, and
`BadDialect`, whose text names the key. Shared by the native vendors
(`modem.aggregators.vendors`) and by those that are declared.
"""

from __future__ import annotations

from dataclasses import dataclass

from modem.errors import LinkError


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFact:
    """What is known of one key."""

    #: Its value is a reference (`file:`, `env:`, `cred:`), never written out.
    secret: bool = False
    #: There is no link without it.
    needed: bool = False
    #: What it is and where to find it, for the operator.
    hint: str


class BadDialect(LinkError):
    """A vendor is configured in a way that cannot be; the text names the key."""

    def __init__(self, path: str, hint: str) -> None:
        """Say where, as a path of keys, and what to do there."""
        super().__init__(f"{path}: {hint}")
        self.path = path
        self.hint = hint
