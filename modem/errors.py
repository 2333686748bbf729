"""What can go wrong at a wire, in three kinds, and the house's own refusal.

    LinkError
    ├── LinkDown      nothing was sent: try again later, or another way
    ├── Rejected      it will never be taken: do not try again
    ├── Unsure        it was written, no answer came: it may have been sent
    └── PduError      bytes that are no message (raised by the codec only)
    NotKept           the house could not keep an incoming text: do not acknowledge it

Drivers re-raise whatever their library raises as one of these, the cause chained.
The house decides by kind alone, in `smsgate.gateway`.
"""


class LinkError(Exception):
    """Something went wrong at a link."""


class LinkDown(LinkError):
    """The link is down and nothing was sent; trying again is safe."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        """Say why, and when the far side asks to be tried again (seconds)."""
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Rejected(LinkError):
    """The far side refused this message for good; trying again is useless."""

    def __init__(self, reason: str, *, opted_out: bool = False) -> None:
        """Say why, and whether the vendor says that this number wants no texts."""
        super().__init__(reason)
        self.opted_out = opted_out


class Unsure(LinkError):
    """The message was written and no answer came; it may or may not be sent."""


class PduError(LinkError):
    """These bytes are not a message that 3GPP TS 23.040 allows."""


class NotKept(Exception):
    """The house could not keep this; leave it unacknowledged and offer it again."""
