"""Digests of texts, and the seal of what cannot be read: all under one secret key.

What comes in: a text, or what a link says makes it the same text, and the 32 bytes of
the key file. What goes out: keyed digests (HMAC-SHA256) that the inbox and the
quarantine keep, and sealed bodies. A PIN has 10,000 values, so a digest without a key
would give it back; there is none in the house. Kept rows: `smsgate.messages.inbox`
and `smsgate.messages.quarantine`.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from smsgate.clock import Clock

#: Bytes of the key file.
SECRET_BYTES = 32
#: Bytes of a key or fingerprint.
DIGEST_BYTES = 16
#: Bytes of the send time that a key opens with.
_TIME_BYTES = 6
#: RFC 8439, section 2.8.
_NONCE_BYTES = 12


class BadMessageKey(SmsgateError):
    """The secret for messages has the wrong length."""

    def __init__(self, length: int) -> None:
        """Say how long it is."""
        super().__init__(
            f"the key in [keys] messages has {length} bytes and needs {SECRET_BYTES}: "
            "restore its file, or make a new network with 'smsgate init'"
        )


class SealBroken(SmsgateError):
    """A sealed body was changed, or sealed under another key."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "a sealed body cannot be opened: put back the [keys] messages file that "
            "was in use when it was kept"
        )


class MessageKeys:
    """The keyed digests of one network; it has no `repr` that shows its key."""

    __slots__ = ("_begun", "_seal")

    def __init__(self, secret: bytes) -> None:
        """Take the 32 bytes of the key file.

        Raises:
            BadMessageKey: there are more or fewer.
        """
        if len(secret) != SECRET_BYTES:
            raise BadMessageKey(len(secret))
        # Copied for each digest: three times as fast as beginning from the key.
        self._begun = hmac.new(secret, digestmod="sha256")
        derived = HKDF(
            algorithm=SHA256(),
            length=SECRET_BYTES,
            salt=None,
            info=b"smsgate-seal-v1",
        ).derive(secret)
        self._seal = ChaCha20Poly1305(derived)

    def seen(self, key: bytes, link: str, sender: str, sent_ms: int | None) -> bytes:
        """Return the 16 bytes that are equal exactly when a text is delivered again.

        `key` and `sent_ms` must be the same at every delivery, so `sent_ms` is the
        network's own time, never one corrected by our clock. It leads, so that new
        rows stand together at the end of the index.
        """
        digest = self._digest("seen", key, link.encode(), sender.encode())
        if sent_ms is None or not 0 <= sent_ms < 1 << 8 * _TIME_BYTES:
            return digest[:DIGEST_BYTES]
        return (
            sent_ms.to_bytes(_TIME_BYTES, "big") + digest[: DIGEST_BYTES - _TIME_BYTES]
        )

    def text(self, sender: str, normal: str) -> bytes:
        """Return a fingerprint of a sender's text in its normal form."""
        return self._digest("text", sender.encode(), normal.encode())[:DIGEST_BYTES]

    def step(self, link: str, session: str, text: str) -> bytes:
        """Return the bytes that are equal when a step of a USSD session comes again."""
        words = (link.encode(), session.encode(), text.encode())
        return self._digest("step", *words)[:DIGEST_BYTES]

    def part(self, key: bytes, link: str, sender: str) -> bytes:
        """Return the 16 bytes by which a part of a text is known again."""
        framed = self._digest("part", key, link.encode(), sender.encode())
        return framed[:DIGEST_BYTES]

    def voucher(self, number: str) -> bytes:
        """Return a fingerprint of a voucher's number: all that is kept of it."""
        return self._digest("voucher", number.encode())[:DIGEST_BYTES]

    def noise(self, link: str, head: bytes, body: bytes) -> bytes:
        """Return a fingerprint of something unreadable in a receive memory."""
        return self._digest("noise", link.encode(), head, body)[:DIGEST_BYTES]

    def seal(self, body: bytes, clock: Clock, about: bytes = b"") -> bytes:
        """Encrypt a body; `about` stays outside and must be given again to open it."""
        nonce = clock.token_bytes(_NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, body, about)

    def open(self, sealed: bytes, about: bytes = b"") -> bytes:
        """Decrypt a body.

        Raises:
            SealBroken: it was changed, or sealed under another key.
        """
        nonce, cipher = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._seal.decrypt(nonce, cipher, about)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def __repr__(self) -> str:
        """Show asterisks."""
        return "MessageKeys(****)"

    def _digest(self, purpose: str, *parts: bytes) -> bytes:
        # Each part is led by its length, so that no two lists of parts read alike.
        framed = [len(part).to_bytes(4, "big") + part for part in parts]
        message = b"smsgate-" + purpose.encode() + b"-v1" + b"".join(framed)
        digest = self._begun.copy()
        digest.update(message)
        return digest.digest()
