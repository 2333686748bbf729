"""What each faked vendor reads and writes: its bytes, its account, its signatures.

What comes in: a request for a text, or what a webhook is to say. What goes out: a
`Taken`, an answer, a `Post`. The accounts are made up and stand here once. Signatures
are worked out with the standard library, apart from the house's own code, so that both
being wrong in one way is no success. `fakes` serves it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import zlib
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode

from tests.modem.aggregators.spoken import (
    FORM,
    HERE,
    JSON,
    Answer,
    Mistaken,
    Post,
    Speaker,
    Taken,
    allowed,
    basic,
    from_json,
    iso,
    packed,
)
from tests.modem.aggregators.telecoms import Infobip, Telnyx, Vonage

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp import web


class SmsGate:
    """sms-gate.app on a phone in the same network."""

    PRESET: ClassVar = "sms-gate-local"
    USER, PASSWORD, KEY = "sms", "phone-password", "phone-signing-key"
    _EVENTS: ClassVar = {
        "delivered": ("sms:delivered", "deliveredAt"),
        "trying": ("sms:sent", "sentAt"),
        "failed": ("sms:failed", "failedAt"),
    }

    def __init__(self) -> None:
        """Count from one."""
        self._ids = itertools.count(1)

    def options(self, url: str) -> dict[str, str]:
        """Address, account and signing key."""
        return {
            "url": url,
            "user": self.USER,
            "password": self.PASSWORD,
            "signing_key": self.KEY,
        }

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Take one text for one number."""
        allowed(request, basic(self.USER, self.PASSWORD))
        if request.path not in ("/messages", "/message"):
            raise Mistaken(404, {"message": "Cannot POST here"})
        asked = from_json(body)
        if not asked.get("phoneNumbers") or "text" not in asked.get("textMessage", {}):
            raise Mistaken(400, {"message": "failed to validate"})
        return Taken(
            id=asked.get("id") or f"made-up-{next(self._ids)}",
            to=asked["phoneNumbers"][0],
            text=asked["textMessage"]["text"],
            ours=bool(asked.get("id")),
            asked=asked,
        )

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """202, or 409 for an id that it has."""
        if known:
            return 409, {}, packed({"message": "duplicate id"})
        recipients = [{"phoneNumber": taken.to, "state": "Pending"}]
        said = {"id": taken.id, "state": "Pending", "recipients": recipients}
        return 202, {"Location": f"/messages/{taken.id}"}, packed(said)

    def incoming(
        self, url: str, sender: str, text: str, at: datetime, event: str
    ) -> Post:
        """An event `sms:received`."""
        payload = {
            "messageId": f"{zlib.crc32((sender + text).encode()):08x}",
            "message": text,
            "sender": sender,
            "recipient": None,
            "simNumber": 1,
            "receivedAt": at.astimezone(HERE).isoformat(timespec="milliseconds"),
        }
        return self._signed(url, "sms:received", payload, at, event)

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """An event of one text's, or one part's, fate."""
        kind, when = self._EVENTS[status]
        payload = {
            "messageId": reference,
            "phoneNumber": to,
            "simNumber": 1,
            when: at.astimezone(HERE).isoformat(timespec="milliseconds"),
        }
        if status == "failed":
            payload["reason"] = "RESULT_ERROR_NO_SERVICE"
        return self._signed(url, kind, payload, at, "")

    def _signed(
        self, url: str, kind: str, payload: object, at: datetime, event: str
    ) -> Post:
        body = packed(
            {
                "deviceId": "ffffffffceb0b1db0000018e937c815b",
                "event": kind,
                "id": event or f"Ey6ECgOkVVFjz3CL48B8{next(self._ids):x}",
                "payload": payload,
                "webhookId": "LreFUt-Z3sSq0JufY9uWB",
            }
        )
        stamp = str(int(at.timestamp()))
        mac = hmac.new(self.KEY.encode(), body + stamp.encode(), hashlib.sha256)
        headers = {**JSON, "X-Signature": mac.hexdigest(), "X-Timestamp": stamp}
        return Post(url=url, headers=headers, body=body, signature=mac.hexdigest())


class Twilio:
    """Twilio, one account with one number."""

    PRESET: ClassVar = "twilio"
    ACCOUNT = "ACbe4ba4d2a5e41a53ab5e9fc0ddd66b8f"
    TOKEN, FROM = "account-token-12345", "+15005550006"
    _WORDS: ClassVar = {
        "delivered": "delivered",
        "trying": "sent",
        "failed": "undelivered",
    }

    def __init__(self) -> None:
        """Count from one."""
        self._ids = itertools.count(1)

    def options(self, url: str) -> dict[str, str]:
        """Account, token, number and address."""
        return {
            "url": url,
            "account": self.ACCOUNT,
            "token": self.TOKEN,
            "from": self.FROM,
        }

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Take one text; a number of only zeros is none."""
        allowed(request, basic(self.ACCOUNT, self.TOKEN))
        if request.path != f"/2010-04-01/Accounts/{self.ACCOUNT}/Messages.json":
            raise Mistaken(404, {"code": 20404, "message": "Not Found", "status": 404})
        asked = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if not asked.get("To", "").strip("+0"):
            said = {"code": 21211, "message": "Invalid 'To'", "status": 400}
            raise Mistaken(400, said)
        return Taken(
            id=f"SM{next(self._ids):032x}",
            to=asked["To"],
            text=asked["Body"],
            asked=asked,
        )

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """201 with a sid."""
        del known
        said = {
            "account_sid": self.ACCOUNT,
            "body": taken.text,
            "error_code": None,
            "num_segments": "1",
            "sid": taken.id,
            "status": "queued",
            "to": taken.to,
        }
        return 201, {}, packed(said)

    def incoming(
        self, url: str, sender: str, text: str, at: datetime, event: str
    ) -> Post:
        """A form; it has no time in it."""
        del at
        sid = event or f"SM{next(self._ids):032x}"
        form = {
            "ToCountry": "US",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": text,
            "FromCountry": "SV",
            "To": self.FROM,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": self.ACCOUNT,
            "From": sender,
            "ApiVersion": "2010-04-01",
        }
        return self._signed(url, form)

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """A form with MessageStatus, and a code where it failed."""
        del at
        form = {
            "SmsSid": reference,
            "MessageSid": reference,
            "SmsStatus": self._WORDS[status],
            "MessageStatus": self._WORDS[status],
            "To": to,
            "From": self.FROM,
            "AccountSid": self.ACCOUNT,
            "ApiVersion": "2010-04-01",
        }
        return self._signed(
            url, {**form, "ErrorCode": "30003"} if status == "failed" else form
        )

    def _signed(self, url: str, form: dict[str, str]) -> Post:
        said = url + "".join(key + form[key] for key in sorted(form))
        mac = hmac.new(self.TOKEN.encode(), said.encode(), hashlib.sha1)
        signature = base64.b64encode(mac.digest()).decode()
        headers = {**FORM, "X-Twilio-Signature": signature}
        body = urlencode(form).encode()
        return Post(url=url, headers=headers, body=body, signature=signature)


class Generic:
    """No vendor in particular: JSON, a bearer token, a nonce and a time signed."""

    PRESET: ClassVar = ""
    TOKEN, KEY = "generic-token", "generic-signing-key"

    def __init__(self) -> None:
        """Count from one."""
        self._ids = itertools.count(1)

    def options(self, url: str) -> dict[str, str]:
        """Address, token and signing key."""
        return {"url": f"{url}/send", "token": self.TOKEN, "hook_key": self.KEY}

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Take `{"to", "text", "id"?}`."""
        allowed(request, f"Bearer {self.TOKEN}")
        asked = from_json(body)
        if not asked.get("to") or "text" not in asked:
            raise Mistaken(422, {"error": "to and text are needed"})
        ours = str(asked.get("id", ""))
        return Taken(
            id=ours or f"g{next(self._ids)}",
            to=asked["to"],
            text=asked["text"],
            ours=bool(ours),
            asked=asked,
        )

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """200 with the id, whether it is new or not."""
        return 200, {}, packed({"id": taken.id, "known": known})

    def incoming(
        self, url: str, sender: str, text: str, at: datetime, event: str
    ) -> Post:
        """`{"id", "from", "text", "at"}`."""
        said = {
            "id": event or f"in-{next(self._ids)}",
            "from": sender,
            "text": text,
            "at": iso(at),
        }
        return self._signed(url, said, at)

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """`{"ref", "to", "status", "at"}`."""
        said = {"ref": reference, "to": to, "status": status, "at": iso(at)}
        return self._signed(url, said, at)

    def _signed(self, url: str, said: object, at: datetime) -> Post:
        """Sign `body.nonce.time`, as Sinch does."""
        body = packed(said)
        nonce, stamp = f"nonce-{next(self._ids)}", str(int(at.timestamp()))
        signed = b".".join((body, nonce.encode(), stamp.encode()))
        mac = hmac.new(self.KEY.encode(), signed, hashlib.sha256)
        signature = base64.b64encode(mac.digest()).decode()
        headers = {
            **JSON,
            "X-Signature": signature,
            "X-Nonce": nonce,
            "X-Timestamp": stamp,
        }
        return Post(url=url, headers=headers, body=body, signature=signature)


SPEAKERS: dict[str, type[Speaker]] = {
    "generic": Generic,
    "infobip": Infobip,
    "sms-gate": SmsGate,
    "telnyx": Telnyx,
    "twilio": Twilio,
    "vonage": Vonage,
}
