"""What lay in quarantine, read once more and done as if it had just arrived.

What comes in: noise, opened inside the daemon, and the link it came over. What goes
out: what it is after all; a text or report has then gone the ordinary way, with its
old send time, so that a payment in it is late and is asked about first. Asked for by
`smsgate.operations.texts.quarantine`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from modem.link import Incoming, Noise, Report, Rereads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modem.link import Reread
    from smsgate.gateway import Gateway


async def read_again(
    gateway: Gateway, link: object, noises: Sequence[Noise]
) -> Reread | None:
    """Read the first of these; None where the link cannot, or is none.

    Raises:
        NotKept: nothing was done; try again.
    """
    if not isinstance(link, Rereads):
        return None
    found = link.reread(noises)
    match found.what:
        case Incoming() as incoming:
            await gateway.receive(incoming)
        case Report() as report:
            await gateway.report(report)
        case Noise():
            # It stays where it is.
            pass
        case _:
            assert_never(found.what)
    return found
