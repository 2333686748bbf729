"""One text over the wire, segment by segment, and what became of it.

What comes in: a `Job` with the segments of one text. What goes out: its references, or
one of the three kinds of errors: nothing was written (`LinkDown`), it will never be
taken (`Rejected`), or it was written and no answer came (`Unsure`). After any failure
the modem is led out of its prompt before anything else is asked. Jobs are queued by
`modem.gsm.owner` and settled in the event loop.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gsmmodem.exceptions import GsmModemException, TimeoutException
from serial import SerialException

from modem.errors import LinkDown, LinkError, Unsure
from modem.gsm import at
from modem.gsm.faults import translate
from modem.gsm.port import Stopped
from modem.link import Sent

if TYPE_CHECKING:
    from asyncio import Future

    from modem.gsm.port import Port
    from modem.pdu import Submit


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """A text that waits to be sent."""

    submits: list[Submit] = field(repr=False)
    #: Settled in the event loop that made it.
    outcome: Future[Sent]
    #: Nobody waits for it any more; it is not begun.
    abandoned: bool = False


def send(port: Port, submits: list[Submit]) -> Sent:
    """Send all segments of a text.

    A text of several segments shows on no phone before all are there, so a failure at
    a later segment counts as if nothing was sent: the next try has a new reference.

    Raises:
        LinkDown: nothing was sent.
        Rejected: it will never be taken.
        Unsure: it was written, and no answer came.
    """
    return Sent(references=tuple(str(_segment(port, submit)) for submit in submits))


def _segment(port: Port, submit: Submit) -> int:
    try:
        port.offer(submit)
    except (GsmModemException, SerialException, OSError, Stopped) as error:
        _recover(port, error)
        raise _not_sent(error) from error
    try:
        return port.hand_over(submit)
    except TimeoutException as error:
        # The answer may be among what comes before the modem is in step again.
        reference = at.submitted(_recover(port, error))
        if reference is not None:
            return reference
        raise Unsure("the modem did not say whether it sent the text") from error
    except GsmModemException as error:
        _recover(port, error)
        raise translate(error) from error
    except (SerialException, OSError, Stopped) as error:
        raise Unsure("the modem went away while it sent the text") from error


def _not_sent(error: Exception) -> LinkError:
    if isinstance(error, Stopped):
        return LinkDown("the link is being stopped")
    if isinstance(error, TimeoutException):
        return LinkDown("the modem does not ask for the text; it is tried again")
    return translate(error)


def _recover(port: Port, error: Exception) -> list[str]:
    """Lead the modem out of its prompt; return what was left unread."""
    if isinstance(error, GsmModemException):
        # If it does not come back, the port is marked as lost.
        with contextlib.suppress(GsmModemException, SerialException, OSError, Stopped):
            return port.resync()
    return []
