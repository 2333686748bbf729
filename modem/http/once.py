"""What came before: nonces of signatures, and texts that nothing tells apart.

What comes in: a nonce and the body it signed; or the words of a text to which the
vendor gives neither an id nor a time. What goes out: whether the nonce is being used
for something else, and a key under which a vendor's second try is the same text. All
of it is memory, bounded and short-lived: across a restart the time in a signature and
the inbox's keys hold. Digests are keyed with a secret of this run, because a body may
hold a PIN.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict

#: Longer than any signature is valid: five minutes to either side, and some.
NONCE_S = 660.0
#: Two equal texts within this are one, where the vendor gives neither id nor time:
#: its tries follow each other sooner, a member seldom.
ALIKE_S = 120.0
#: So many are remembered.
_MOST = 20_000


def _framed(parts: tuple[bytes, ...]) -> bytes:
    """Join so that no two lists of parts read alike."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class Once:
    """What was seen a moment ago."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._secret = os.urandom(32)
        self._nonces: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._alike: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._count = 0

    def used_otherwise(self, nonce: str, about: bytes, now_s: float) -> bool:
        """Say whether a nonce has come with another request; remember it.

        The same request again is a vendor's second try, or a replay, which does
        nothing: what it brings is known by its key.
        """
        nonce_mark, mark = self._digest(nonce.encode()), self._digest(about)
        return self._known(self._nonces, nonce_mark, mark, NONCE_S, now_s) != mark

    def alike(self, *parts: bytes, now_s: float) -> bytes:
        """Return a key that equal texts share for a short while."""
        self._count += 1
        fresh = self._secret + self._count.to_bytes(8, "big")
        return self._known(
            self._alike, self._digest(_framed(parts)), fresh, ALIKE_S, now_s
        )

    def _known(
        self,
        where: OrderedDict[bytes, tuple[float, bytes]],
        key: bytes,
        value: bytes,
        lives_s: float,
        now_s: float,
    ) -> bytes:
        """Return what was put down under a key; if nothing was, put `value` down."""
        while where:
            oldest = next(iter(where))
            if where[oldest][0] > now_s and len(where) < _MOST:
                break
            del where[oldest]
        return where.setdefault(key, (now_s + lives_s, value))[1]

    def _digest(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, key=self._secret, digest_size=16).digest()
