"""Twilio: what it is asked, what it answers, what it posts.

What comes in: texts to send, answers, webhooks. What goes out: as `Aggregator` says.
Facts of November 2026: the API of 2010-04-01, codes from its error dictionary. A
webhook is answered with an empty 200: text in it would be sent to the member as a
reply. A number that texts STOP to Twilio is blocked there, and every later text refused
with 21610; the STOP itself arrives here too, and the house reads it. Called by
`modem.http`.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from modem.aggregators import answers, bodies, heard
from modem.aggregators.signatures import TwilioSignature, check
from modem.aggregators.wire import Accepted, HttpRequest, NotNow, Refused, Traits
from modem.hooks import HookKind, Unreadable
from modem.link import ReportStatus

if TYPE_CHECKING:
    from modem.aggregators.wire import Heard, HttpAnswer, Outcome
    from modem.hooks import Hook
    from modem.link import Outgoing

URL = "https://api.twilio.com"
#: The number sent STOP to Twilio.
OPTED_OUT = "21610"
#: Too many at once, or a queue of Twilio's is full: never processed.
_THROTTLED = frozenset({"20429", "14107", "21611", "30001", "30022"})
#: The account, its number or what it may do; another link has nothing of it.
_ACCOUNT = frozenset(
    {
        *("20003", "20005", "20006", "20008", "20404", "30002"),
        *("21212", "21408", "21603", "21606", "21612", "21659", "21660", "21703"),
    }
)
#: It is told how long to try only where that is shorter; seconds.
_VALIDITY_DEFAULT_S = 14_400
_BAD_REQUEST = 400
_STATUS = {
    "delivered": ReportStatus.delivered,
    "read": ReportStatus.delivered,
    "accepted": ReportStatus.trying,
    "scheduled": ReportStatus.trying,
    "queued": ReportStatus.trying,
    "sending": ReportStatus.trying,
    "sent": ReportStatus.trying,
    "undelivered": ReportStatus.failed,
    "failed": ReportStatus.failed,
    "canceled": ReportStatus.failed,
}
#: Long texts may come as base64; a person writes no 60 characters without a space.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){15,}(?:[A-Za-z0-9+/]{2}[A-Za-z0-9+/=]=)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """One account, or one messaging service of it."""

    #: The account's SID.
    account: str
    #: Signs webhooks too.
    token: str = field(repr=False)
    #: The number that texts come from; or a messaging service.
    sender: str = ""
    service: str = ""
    url: str = URL
    #: Where reports go; '': there are none.
    report_url: str = field(default="", repr=False)
    keeps_sender: bool = False

    @property
    def traits(self) -> Traits:
        """What it can do; incoming texts carry no time."""
        return Traits(report=bool(self.report_url), keeps_sender=self.keeps_sender)

    def request(self, outgoing: Outgoing) -> HttpRequest:
        """Write the request that sends this text."""
        form = {"To": outgoing.to, "Body": outgoing.text}
        if self.service:
            form["MessagingServiceSid"] = self.service
        else:
            form["From"] = self.sender
        if self.report_url:
            form["StatusCallback"] = self.report_url
        if outgoing.validity_s < _VALIDITY_DEFAULT_S:
            form["ValidityPeriod"] = str(max(1, outgoing.validity_s))
        pair = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        account = quote(self.account, safe="")
        return HttpRequest(
            method="POST",
            url=f"{self.url}/2010-04-01/Accounts/{account}/Messages.json",
            headers=(
                ("Authorization", f"Basic {pair}"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Accept", "application/json"),
            ),
            body=urlencode(form, errors="replace").encode(),
        )

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read what became of it, by Twilio's code where there is one."""
        said = answers.read(answer)
        if answers.is_success(answer):
            sid = heard.identity(bodies.found(said, "sid"))
            code = answers.plain_code(bodies.found(said, "error_code"))
            if bodies.found(said, "status") in ("failed", "undelivered"):
                return _refusal(code, answer)
            if sid:
                return Accepted(references=(sid,))
            return answers.by_status("Twilio", answer)
        code = answers.plain_code(bodies.found(said, "code"))
        return _refusal(code, answer) if code else answers.by_status("Twilio", answer)

    def verify(self, hook: Hook) -> str:
        """Check the signature; there is no time and no nonce in it."""
        return check(TwilioSignature(token=self.token), hook, window_s=0)

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read a form: a text has a Body, a report a MessageStatus."""
        if hook.kind is HookKind.ussd:
            return ()
        pairs = hook.query if hook.method.upper() == "GET" else _form(hook)
        form = dict(pairs)
        if len(form) != len(pairs):
            raise Unreadable("a field is there twice")
        if "MessageStatus" in form:
            return _report(form)
        if "Body" not in form or not form.get("MessageSid"):
            raise Unreadable("there is no Body, or no MessageSid")
        words = decoded(form["Body"])
        if not words and form.get("NumMedia", "0") != "0":
            return ()  # a picture, without a word
        return (
            heard.text(sender=form.get("From", ""), words=words, id=form["MessageSid"]),
        )


def decoded(body: str) -> str:
    """Undo the base64 in which long texts sometimes come; it may be cut off.

    What would be read in two ways stays as it is: only a long run without a space that
    decodes to words with one is undone.
    """
    if not _BASE64.fullmatch(body):
        return body
    try:
        data = base64.b64decode(body, validate=True)
        # A cut may leave a part of a character at the end.
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except (binascii.Error, ValueError):
        return body
    written = all(c.isprintable() or c in "\r\n" for c in text)
    return text if written and " " in text else body


def _form(hook: Hook) -> bodies.Pairs:
    if bodies.is_json(hook.headers):
        raise Unreadable("the body is JSON; Twilio sends forms")
    return bodies.form_pairs(hook.body)


def _report(form: dict[str, str]) -> tuple[Heard, ...]:
    status = _STATUS.get(form["MessageStatus"])
    if status is None:
        return ()
    code = form.get("ErrorCode", "")
    return (
        heard.report(
            reference=form.get("MessageSid", ""),
            to=form.get("To", ""),
            status=status,
            code=code,
            opted_out=code == OPTED_OUT,
        ),
    )


def _refusal(code: str, answer: HttpAnswer) -> Outcome:
    if code in _THROTTLED:
        after_s = answers.retry_after_s(answer)
        return NotNow(reason=f"Twilio has too much to do ({code})", after_s=after_s)
    if code in _ACCOUNT:
        return NotNow(reason=f"Twilio does not let the account do this: error {code}")
    if code == OPTED_OUT:
        reason = "the number has sent STOP to Twilio, which sends it nothing more"
        return Refused(reason=reason, code=code, opted_out=True)
    if answers.is_success(answer) or answer.status == _BAD_REQUEST:
        reason = f"Twilio will not send this: error {code or 'without a code'}"
        return Refused(reason=reason, code=code)
    return answers.by_status("Twilio", answer, code)
