"""Vonage (Nexmo), its SMS API: what it is asked, what it answers, what it posts.

What comes in: texts to send, answers, webhooks. What goes out: as `Aggregator` says.
Facts of November 2026. An error is inside an HTTP 200, one status for each part of the
text. Long incoming texts come in parts, in any order. Webhooks are GET or POST, form or
JSON, and may be sent again for a day with the time of their first try, so the window is
that long: what is replayed within it is known by its id. Called by `modem.http`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from modem.aggregators import answers, bodies, heard
from modem.aggregators.signatures import NoSignature, VonageSignature, check
from modem.aggregators.wire import (
    Accepted,
    HttpRequest,
    NotNow,
    Perhaps,
    Refused,
    Traits,
)
from modem.hooks import HookKind, Unreadable
from modem.link import ReportStatus
from modem.text import is_gsm

if TYPE_CHECKING:
    from modem.aggregators.wire import Heard, HttpAnswer, Outcome
    from modem.hooks import Hook
    from modem.link import Outgoing

URL = "https://rest.nexmo.com"
_OK, _THROTTLED = "0", "1"
#: Credentials, credit, rights, sender or callback: the account's own trouble.
_ACCOUNT = frozenset({"4", "8", "9", "10", "11", "14", "15", "23", "29"})
#: Its own system failed, before or after.
_INTERNAL = "5"
#: It says that nothing was submitted.
_COMMUNICATION = "13"
#: In a report: the number does not want texts from this sender.
_OPTED_OUT = "9"
_WAIT = re.compile(r"\[ *([0-9]{1,7}) *\]", re.ASCII)
#: It sends webhooks again for 24 hours.
_WINDOW_S = 25 * 3_600
_TTL_MIN_MS, _TTL_MAX_MS = 20_000, 604_800_000
_STATUS = {
    "delivered": ReportStatus.delivered,
    "accepted": ReportStatus.trying,
    "buffered": ReportStatus.trying,
    "unknown": ReportStatus.trying,
    "expired": ReportStatus.failed,
    "failed": ReportStatus.failed,
    "rejected": ReportStatus.failed,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vonage:
    """One account and its number."""

    api_key: str
    api_secret: str = field(repr=False)
    sender: str
    #: Signs webhooks; '': they are not signed.
    signature_secret: str = field(default="", repr=False)
    signature_method: str = "md5hash"
    url: str = URL
    #: Where reports go; '': there are none.
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
        """Write the request that sends this text; numbers go without their plus."""
        ttl_ms = min(max(outgoing.validity_s * 1000, _TTL_MIN_MS), _TTL_MAX_MS)
        form = {
            "api_key": self.api_key,
            "api_secret": self.api_secret,
            "from": self.sender.removeprefix("+"),
            "to": outgoing.to.removeprefix("+"),
            "text": outgoing.text,
            "type": "text" if is_gsm(outgoing.text) else "unicode",
            "ttl": str(ttl_ms),
        }
        if self.report_url:
            form |= {"status-report-req": "1", "callback": self.report_url}
        return HttpRequest(
            method="POST",
            url=f"{self.url}/sms/json",
            headers=(
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Accept", "application/json"),
            ),
            body=urlencode(form, errors="replace").encode(),
        )

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read the status of every part."""
        parts = bodies.find(answers.read(answer), "messages")
        if not answers.is_success(answer) or not isinstance(parts, list) or not parts:
            return answers.by_status("Vonage", answer)
        codes = [answers.plain_code(bodies.found(part, "status")) for part in parts]
        wrong = [place for place, code in enumerate(codes) if code != _OK]
        if not wrong:
            ids = (heard.identity(bodies.found(part, "message-id")) for part in parts)
            return Accepted(references=tuple(one for one in ids if one))
        if len(wrong) < len(parts):
            return Perhaps(reason="Vonage took only some of the text's parts")
        error = bodies.found(parts[0], "error-text")
        return _refusal(codes[0], error, answer)

    def verify(self, hook: Hook) -> str:
        """Check the signature and its time; return the nonce."""
        if not (hook.query or hook.body):
            return ""  # the address is being tried out, with nothing in it
        if not self.signature_secret:
            return check(NoSignature(), hook, window_s=_WINDOW_S)
        scheme = VonageSignature(
            secret=self.signature_secret, method=self.signature_method
        )
        return check(scheme, hook, window_s=_WINDOW_S)

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read fields: a text has a type, a report a status."""
        if hook.kind is HookKind.ussd:
            return ()
        fields = bodies.fields(hook)
        if not fields:
            return ()
        if "status" in fields and "text" not in fields:
            return _report(fields)
        if fields.get("type") == "binary":
            return ()
        if "text" not in fields or not fields.get("messageId"):
            raise Unreadable("there is no text, or no messageId")
        part = None
        if fields.get("concat", "").lower() in ("true", "1"):
            part = heard.part(
                fields.get("concat-ref", ""),
                fields.get("concat-part", ""),
                fields.get("concat-total", ""),
            )
        return (
            heard.text(
                sender=fields.get("msisdn", ""),
                words=fields["text"],
                id=fields["messageId"],
                sent_at=_moment(fields.get("message-timestamp", "")),
                part=part,
            ),
        )


def _report(fields: dict[str, str]) -> tuple[Heard, ...]:
    status = _STATUS.get(fields["status"].lower())
    if status is None:
        return ()
    code = fields.get("err-code", "")
    failed = status is ReportStatus.failed
    return (
        heard.report(
            reference=fields.get("messageId", ""),
            to=fields.get("msisdn", ""),
            status=status,
            at=_moment(fields.get("message-timestamp", "")),
            code=code if code != _OK else "",
            opted_out=failed and code == _OPTED_OUT,
        ),
    )


def _refusal(code: str, error: str, answer: HttpAnswer) -> Outcome:
    if code == _THROTTLED:
        wait = _WAIT.search(error)
        after_s = int(wait[1]) / 1000 if wait else answers.retry_after_s(answer)
        return NotNow(reason="Vonage has too much to do (status 1)", after_s=after_s)
    if code == _INTERNAL or not code:
        return Perhaps(reason="Vonage failed, perhaps after it took the text")
    if code == _COMMUNICATION:
        return NotNow(reason="Vonage could not submit the text (status 13)")
    if code in _ACCOUNT:
        reason = f"Vonage does not let the account do this: status {code}"
        return NotNow(reason=reason, after_s=answers.retry_after_s(answer))
    return Refused(reason=f"Vonage will not send this: status {code}", code=code)


def _moment(text: str) -> datetime | None:
    """Read its way to write a time, always UTC."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
