"""The wire format of SMS, 3GPP TS 23.040 and 23.038: bytes to values and back.

What comes in: the bytes a modem lists, SMSC address first, or a text to send. What
goes out: `Deliver` and `StatusReport`, or `Submit` ready for `AT+CMGS`. It is our own,
because the codec of our modem library cuts the first digit off some parts, and because
bytes that are no message must end in a `BadPdu` and never in anything else. Pure. Begin
reading at `modem.pdu.decoding`; used by `modem.gsm`.
"""

from modem.pdu.decoding import content_key, decode, decode_submit, join
from modem.pdu.encoding import encode_deliver, encode_status_report, encode_submit
from modem.pdu.values import (
    AddressType,
    BadPdu,
    Concat,
    Deliver,
    NotText,
    StatusReport,
    Submission,
    Submit,
)

__all__ = [
    "AddressType",
    "BadPdu",
    "Concat",
    "Deliver",
    "NotText",
    "StatusReport",
    "Submission",
    "Submit",
    "content_key",
    "decode",
    "decode_submit",
    "encode_deliver",
    "encode_status_report",
    "encode_submit",
    "join",
]
