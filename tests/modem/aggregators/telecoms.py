"""Three more vendors as they speak: Vonage, Infobip, Telnyx.

What comes in: a request for a text, or what a webhook is to say. What goes out: as
`spoken.Speaker` says. The accounts are made up; signatures are worked out here, apart
from the house's own code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.modem.aggregators.spoken import (
    FORM,
    JSON,
    Answer,
    Mistaken,
    Post,
    Taken,
    allowed,
    basic,
    from_json,
    iso,
    packed,
)

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp import web

SEGMENT = 160


class Vonage:
    """Vonage's SMS API, its webhooks signed with SHA-256."""

    PRESET: ClassVar = "vonage"
    KEY, SECRET, FROM = "abcd1234", "account-secret", "15005550006"
    SIGNING = "signature-secret-of-the-account"
    _WORDS: ClassVar = {
        "delivered": ("delivered", "0"),
        "trying": ("buffered", "0"),
        "failed": ("failed", "1"),
    }

    def __init__(self) -> None:
        """Count from one."""
        self._ids = itertools.count(1)

    def options(self, url: str) -> dict[str, str]:
        """Account, number, signing and address."""
        return {
            "url": url,
            "api_key": self.KEY,
            "api_secret": self.SECRET,
            "from": self.FROM,
            "signature_secret": self.SIGNING,
            "signature_method": "sha256",
        }

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Take a text; what is wrong is said with 200."""
        if request.path != "/sms/json":
            raise Mistaken(404)
        asked = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if (asked.get("api_key"), asked.get("api_secret")) != (self.KEY, self.SECRET):
            raise Mistaken(200, self._refused("4", "Bad Credentials"))
        if not asked.get("to", "").strip("0") or "text" not in asked:
            raise Mistaken(200, self._refused("3", "Invalid parameters"))
        return Taken(
            id=f"0C{next(self._ids):014X}",
            to=f"+{asked['to']}",
            text=asked["text"],
            asked=asked,
        )

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """One entry a part, the first of which is what reports name."""
        del known
        parts = -(-len(taken.text) // SEGMENT) or 1
        messages = [
            {
                "to": taken.to.removeprefix("+"),
                "message-id": taken.id if not place else f"{taken.id}{place:X}",
                "status": "0",
                "remaining-balance": "15.53590000",
                "message-price": "0.03330000",
                "network": "70601",
            }
            for place in range(parts)
        ]
        said = {"message-count": str(len(messages)), "messages": messages}
        return 200, {}, packed(said)

    def incoming(
        self,
        url: str,
        sender: str,
        text: str,
        at: datetime,
        event: str,
        part: tuple[str, int, int] | None = None,
    ) -> Post:
        """A signed form of a text, or of one part: reference, number, total."""
        fields = {
            "msisdn": sender.removeprefix("+"),
            "to": self.FROM,
            "messageId": event or f"0B{next(self._ids):014X}",
            "text": text,
            "type": "text" if text.isascii() else "unicode",
            "keyword": text.split(" ")[0].upper(),
            "api-key": self.KEY,
            "message-timestamp": at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        }
        if part is not None:
            reference, number, total = part
            fields |= {
                "concat": "true",
                "concat-ref": reference,
                "concat-part": str(number),
                "concat-total": str(total),
            }
        return self._signed(url, fields, at)

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """A signed form with a status."""
        word, code = self._WORDS[status]
        fields = {
            "msisdn": to.removeprefix("+"),
            "to": self.FROM,
            "network-code": "70601",
            "messageId": reference,
            "price": "0.03330000",
            "status": word,
            "scts": at.astimezone(UTC).strftime("%y%m%d%H%M"),
            "err-code": code,
            "api-key": self.KEY,
            "message-timestamp": at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        }
        return self._signed(url, fields, at)

    def _signed(self, url: str, fields: dict[str, str], at: datetime) -> Post:
        fields = {
            **fields,
            "timestamp": str(int(at.timestamp())),
            "nonce": f"aaaaaaaa-bbbb-cccc-dddd-{next(self._ids):012x}",
        }
        said = "".join(
            f"&{key}={fields[key].replace('&', '_').replace('=', '_')}"
            for key in sorted(fields)
        )
        mac = hmac.new(self.SIGNING.encode(), said.encode(), hashlib.sha256)
        body = urlencode({**fields, "sig": mac.hexdigest()}).encode()
        return Post(url=url, headers=FORM, body=body, signature=mac.hexdigest())

    @staticmethod
    def _refused(status: str, text: str) -> object:
        return {
            "message-count": "1",
            "messages": [{"status": status, "error-text": text}],
        }


class Infobip:
    """Infobip, its webhooks with a password that was set up in the portal."""

    PRESET: ClassVar = "infobip"
    KEY, FROM = "0123456789abcdef-api-key", "15005550006"
    USER, PASSWORD = "smsgate", "hook-password"
    _STATUS: ClassVar = {
        "delivered": (3, "DELIVERED", 5, "DELIVERED_TO_HANDSET"),
        "trying": (1, "PENDING", 3, "PENDING_WAITING_DELIVERY"),
        "failed": (2, "UNDELIVERABLE", 9, "UNDELIVERABLE_NOT_DELIVERED"),
    }

    def __init__(self) -> None:
        """Count from one."""
        self._ids = itertools.count(1)

    def options(self, url: str) -> dict[str, str]:
        """Key, address, number, and the password of webhooks."""
        return {
            "url": url,
            "api_key": self.KEY,
            "from": self.FROM,
            "hook_user": self.USER,
            "hook_password": self.PASSWORD,
        }

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Take one text for one number, under the name it was given."""
        allowed(request, f"App {self.KEY}")
        if request.path != "/sms/3/messages":
            raise Mistaken(404)
        message = from_json(body)["messages"][0]
        destination = message["destinations"][0]
        ours = destination.get("messageId", "")
        return Taken(
            id=ours or f"22503966{next(self._ids):024}",
            to=f"+{destination['to']}",
            text=message["content"]["text"],
            ours=bool(ours),
            asked=message,
        )

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """200; a name that it knows is refused in there."""
        status = (1, "PENDING", 26, "PENDING_ACCEPTED")
        if known:
            status = (5, "REJECTED", 23, "REJECTED_DUPLICATE_MESSAGE_ID")
        message = {
            "messageId": taken.id,
            "status": self._status(status),
            "destination": taken.to.removeprefix("+"),
            "details": {"messageCount": 1},
        }
        return 200, {}, packed({"bulkId": "2034072219640523072", "messages": [message]})

    def incoming(
        self, url: str, sender: str, text: str, at: datetime, event: str
    ) -> Post:
        """A batch of one text."""
        said = {
            "messageId": event or f"8177903132350{next(self._ids):05}",
            "from": sender.removeprefix("+"),
            "to": self.FROM,
            "text": text,
            "cleanText": text,
            "keyword": "",
            "receivedAt": iso(at),
            "smsCount": 1,
            "price": {"pricePerMessage": 0, "currency": "EUR"},
        }
        batch = {"results": [said], "messageCount": 1, "pendingMessageCount": 0}
        return self._posted(url, batch)

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """A batch of one report."""
        failed = status == "failed"
        said = {
            "bulkId": "2034072219640523072",
            "messageId": reference,
            "to": to.removeprefix("+"),
            "sentAt": iso(at),
            "doneAt": iso(at),
            "smsCount": 1,
            "status": self._status(self._STATUS[status]),
            "error": {
                "groupId": 1 if failed else 0,
                "groupName": "HANDSET_ERRORS" if failed else "OK",
                "id": 27 if failed else 0,
                "name": "EC_ABSENT_SUBSCRIBER" if failed else "NO_ERROR",
                "permanent": False,
            },
        }
        return self._posted(url, {"results": [said]})

    def _posted(self, url: str, batch: object) -> Post:
        password = basic(self.USER, self.PASSWORD)
        return Post(
            url=url,
            headers={**JSON, "Authorization": password},
            body=packed(batch),
            signature=password.removeprefix("Basic "),
        )

    @staticmethod
    def _status(status: tuple[int, str, int, str]) -> object:
        group, group_name, number, name = status
        return {"groupId": group, "groupName": group_name, "id": number, "name": name}


class Telnyx:
    """Telnyx, with a key pair of its own."""

    PRESET: ClassVar = "telnyx"
    KEY, FROM = "KEY0123456789ABCDEF_account", "+15005550006"
    PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    _STATUS: ClassVar = {
        "delivered": ("message.finalized", "delivered"),
        "trying": ("message.sent", "sent"),
        "failed": ("message.finalized", "delivery_failed"),
    }

    def __init__(self) -> None:
        """Count from one."""
        self._ids = itertools.count(1)

    def options(self, url: str) -> dict[str, str]:
        """Key, public key, number and address."""
        public = self.PRIVATE.public_key().public_bytes_raw()
        return {
            "url": url,
            "api_key": self.KEY,
            "public_key": base64.b64encode(public).decode(),
            "from": self.FROM,
        }

    def read(self, request: web.BaseRequest, body: bytes) -> Taken:
        """Take one text."""
        allowed(request, f"Bearer {self.KEY}")
        if request.path != "/v2/messages":
            raise Mistaken(404)
        asked = from_json(body)
        if not asked.get("to", "").startswith("+"):
            error = {"code": "40310", "title": "Invalid 'to' address"}
            raise Mistaken(400, {"errors": [error]})
        return Taken(id=self._uuid(), to=asked["to"], text=asked["text"], asked=asked)

    def answer(self, taken: Taken, *, known: bool) -> Answer:
        """200 with an id."""
        del known
        data = {
            "record_type": "message",
            "direction": "outbound",
            "id": taken.id,
            "type": "SMS",
            "from": {"phone_number": self.FROM},
            "to": [{"phone_number": taken.to, "status": "queued"}],
            "text": taken.text,
            "parts": 1,
            "errors": [],
        }
        return 200, {}, packed({"data": data})

    def incoming(
        self, url: str, sender: str, text: str, at: datetime, event: str
    ) -> Post:
        """An event `message.received`."""
        payload = {
            "record_type": "message",
            "direction": "inbound",
            "id": event or self._uuid(),
            "type": "SMS",
            "from": {"phone_number": sender, "carrier": "Tigo"},
            "to": [{"phone_number": self.FROM, "status": "webhook_delivered"}],
            "text": text,
            "media": [],
            "parts": 1,
            "encoding": "GSM-7",
            "received_at": iso(at),
        }
        return self._signed(url, "message.received", payload, at)

    def report(
        self, url: str, reference: str, to: str, status: str, at: datetime
    ) -> Post:
        """An event of one text's fate."""
        kind, word = self._STATUS[status]
        payload = {
            "record_type": "message",
            "direction": "outbound",
            "id": reference,
            "to": [{"phone_number": to, "status": word}],
            "errors": [{"code": "40008"}] if status == "failed" else [],
            "completed_at": iso(at) if kind == "message.finalized" else None,
        }
        return self._signed(url, kind, payload, at)

    def _signed(self, url: str, kind: str, payload: object, at: datetime) -> Post:
        data = {
            "event_type": kind,
            "id": self._uuid(),
            "occurred_at": iso(at),
            "payload": payload,
            "record_type": "event",
        }
        body = packed({"data": data, "meta": {"attempt": 1, "delivered_to": url}})
        stamp = str(int(at.timestamp()))
        signed = self.PRIVATE.sign(stamp.encode() + b"|" + body)
        signature = base64.b64encode(signed).decode()
        headers = {
            **JSON,
            "telnyx-signature-ed25519": signature,
            "telnyx-timestamp": stamp,
        }
        return Post(url=url, headers=headers, body=body, signature=signature)

    def _uuid(self) -> str:
        return f"40385f64-5717-4562-b3fc-{next(self._ids):012x}"
