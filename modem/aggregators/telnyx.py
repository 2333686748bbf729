"""Telnyx: what it is asked, what it answers, what it posts.

What comes in: texts to send, answers, webhooks. What goes out: as `Aggregator` says.
Facts of November 2026: API version 2. All events may come to one address, so their type
decides, not the path; they may come twice and in any order, and must be answered within
two seconds. Webhooks are signed with the account's Ed25519 key. Called by `modem.http`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modem.aggregators import answers, bodies, heard
from modem.aggregators.signatures import Ed25519, check
from modem.aggregators.wire import Accepted, HttpRequest, NotNow, Refused, Traits
from modem.hooks import HookKind, Unreadable
from modem.link import ReportStatus

if TYPE_CHECKING:
    from modem.aggregators.wire import Heard, HttpAnswer, Outcome
    from modem.hooks import Hook
    from modem.link import Outgoing

URL = "https://api.telnyx.com"
_WINDOW_S = 300
#: The number sent STOP to this sender.
OPTED_OUT = "40300"
#: Too many requests, here or towards the carrier.
_THROTTLED = frozenset({"10011", "40011", "40318"})
#: The sender, the profile or the account; another link has nothing of it.
_ACCOUNT = frozenset(
    {"40305", "40306", "40308", "40311", "40312", "40313", "40314", "40315", "40321"}
)
_RECEIVED = "message.received"
_REPORTS = ("message.sent", "message.finalized")
_STATUS = {
    "delivered": ReportStatus.delivered,
    "queued": ReportStatus.trying,
    "sending": ReportStatus.trying,
    "sent": ReportStatus.trying,
    "delivery_unconfirmed": ReportStatus.trying,
    "sending_failed": ReportStatus.failed,
    "delivery_failed": ReportStatus.failed,
    "expired": ReportStatus.failed,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telnyx:
    """One account and its number, or one messaging profile."""

    api_key: str = field(repr=False)
    #: Checks webhooks; not a secret.
    public_key: str
    sender: str = ""
    profile: str = ""
    url: str = URL
    #: Where reports go; '': where the profile says.
    report_url: str = field(default="", repr=False)
    keeps_sender: bool = False

    @property
    def traits(self) -> Traits:
        """What it can do."""
        return Traits(
            report=bool(self.report_url),
            sent_times=True,
            keeps_sender=self.keeps_sender,
        )

    def request(self, outgoing: Outgoing) -> HttpRequest:
        """Write the request that sends this text."""
        message = {"to": outgoing.to, "text": bodies.sound(outgoing.text)}
        if self.sender:
            message["from"] = self.sender
        if self.profile:
            message["messaging_profile_id"] = self.profile
        if self.report_url:
            message["webhook_url"] = self.report_url
        return HttpRequest(
            method="POST",
            url=f"{self.url}/v2/messages",
            headers=(
                ("Authorization", f"Bearer {self.api_key}"),
                ("Content-Type", "application/json"),
                ("Accept", "application/json"),
            ),
            body=json.dumps(message, ensure_ascii=False).encode(),
        )

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read what became of it, by Telnyx's code where there is one."""
        said = answers.read(answer)
        if not answers.is_success(answer):
            code = answers.plain_code(bodies.found(said, "errors", 0, "code"))
            return _refusal(code, answer)
        name = heard.identity(bodies.found(said, "data", "id"))
        status = _STATUS.get(bodies.found(said, "data", "to", 0, "status"))
        if status is ReportStatus.failed:
            code = answers.plain_code(bodies.found(said, "data", "errors", 0, "code"))
            return Refused(
                reason=f"Telnyx could not send this: error {code or 'without a code'}",
                code=code,
                opted_out=code == OPTED_OUT,
            )
        if name:
            return Accepted(references=(name,))
        return answers.by_status("Telnyx", answer)

    def verify(self, hook: Hook) -> str:
        """Check the signature and its time."""
        return check(Ed25519(public_key=self.public_key), hook, window_s=_WINDOW_S)

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read one event, whichever path it came to."""
        if hook.kind is HookKind.ussd:
            return ()
        data = bodies.json_object(hook.body).get("data")
        event = bodies.found(data, "event_type")
        payload = bodies.find(data, "payload")
        if not event or not isinstance(payload, dict):
            raise Unreadable("there is no event, or nothing in it")
        if event in _REPORTS:
            return _report(payload, data)
        return _text(payload, data) if event == _RECEIVED else ()


def _text(payload: dict[str, object], data: object) -> tuple[Heard, ...]:
    words = payload.get("text")
    name = bodies.found(payload, "id")
    if words is None and bodies.find(payload, "media", 0) is not None:
        return ()  # a picture, without a word
    if not isinstance(words, str) or not name:
        raise Unreadable("there is no text, or no id")
    if not words and bodies.find(payload, "media", 0) is not None:
        return ()
    at = bodies.found(payload, "received_at") or bodies.found(data, "occurred_at")
    return (
        heard.text(
            sender=bodies.found(payload, "from", "phone_number"),
            words=words,
            id=name,
            sent_at=bodies.moment(at),
        ),
    )


def _report(payload: dict[str, object], data: object) -> tuple[Heard, ...]:
    status = _STATUS.get(bodies.found(payload, "to", 0, "status"))
    if status is None:
        return ()
    at = bodies.found(payload, "completed_at") or bodies.found(data, "occurred_at")
    code = bodies.found(payload, "errors", 0, "code")
    return (
        heard.report(
            reference=bodies.found(payload, "id"),
            to=bodies.found(payload, "to", 0, "phone_number"),
            status=status,
            at=bodies.moment(at),
            code=code,
            opted_out=code == OPTED_OUT,
        ),
    )


def _refusal(code: str, answer: HttpAnswer) -> Outcome:
    if code in _THROTTLED:
        after_s = answers.retry_after_s(answer)
        return NotNow(reason=f"Telnyx has too much to do ({code})", after_s=after_s)
    if code == OPTED_OUT:
        reason = "the number has sent STOP to this sender, and Telnyx blocks it"
        return Refused(reason=reason, code=code, opted_out=True)
    if code in _ACCOUNT:
        return NotNow(reason=f"Telnyx does not let the account do this: error {code}")
    return answers.by_status("Telnyx", answer, code)
