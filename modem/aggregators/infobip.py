"""Infobip: what it is asked, what it answers, what it posts.

What comes in: texts to send, answers, webhooks. What goes out: as `Aggregator` says.
Facts of November 2026: API version 3. We name each text ourselves, and a name that it
knows already is refused as a duplicate, which means that it has the text. Webhooks
bring several texts or reports at once; where one of them cannot be read the others are
kept. Called by `modem.http`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modem.aggregators import answers, bodies, heard
from modem.aggregators.signatures import BasicAuth, NoSignature, check
from modem.aggregators.wire import Accepted, HttpRequest, NotNow, Refused, Traits
from modem.hooks import HookKind, Unreadable
from modem.link import ReportStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from modem.aggregators.wire import Heard, HttpAnswer, Outcome
    from modem.hooks import Hook
    from modem.link import Outgoing

_DUPLICATE = "REJECTED_DUPLICATE_MESSAGE_ID"
#: Groups of a status, by number and name.
_TAKEN = frozenset({"0", "1", "3", "OK", "PENDING", "DELIVERED"})
#: Network, source, credit, sender, package, trial account, route, flooding, system: not
#: because of this text or this number.
_NOT_NOW = frozenset({"6", "11", "12", "13", "17", "18", "19", "20", "21"})
_STATUS = {
    "DELIVERED": ReportStatus.delivered,
    "OK": ReportStatus.trying,
    "PENDING": ReportStatus.trying,
    "UNDELIVERABLE": ReportStatus.failed,
    "EXPIRED": ReportStatus.failed,
    "REJECTED": ReportStatus.failed,
}
#: The operator has it, the phone does not yet.
_AT_OPERATOR = "DELIVERED_TO_OPERATOR"
_VALIDITY_MAX_MIN = 2_880


@dataclass(frozen=True, slots=True, kw_only=True)
class Infobip:
    """One account."""

    api_key: str = field(repr=False)
    #: The account's own address, `https://….api.infobip.com`.
    url: str
    sender: str
    #: What its webhooks must show, as set up in its portal; '': nothing.
    hook_user: str = ""
    hook_password: str = field(default="", repr=False)
    #: Where reports go; '': there are none.
    report_url: str = field(default="", repr=False)
    keeps_sender: bool = False

    @property
    def traits(self) -> Traits:
        """What it can do; it sends a text that we name once."""
        return Traits(
            report=bool(self.report_url),
            sent_times=True,
            idempotent=True,
            keeps_sender=self.keeps_sender,
        )

    def request(self, outgoing: Outgoing) -> HttpRequest:
        """Write the request that sends this text; numbers go without their plus."""
        name = answers.own_id(outgoing, self.api_key)
        minutes = min(max(outgoing.validity_s // 60, 1), _VALIDITY_MAX_MIN)
        message: dict[str, Any] = {
            "sender": self.sender.removeprefix("+"),
            "destinations": [{"to": outgoing.to.removeprefix("+"), "messageId": name}],
            "content": {"text": bodies.sound(outgoing.text)},
            "options": {"validityPeriod": {"amount": minutes, "timeUnit": "MINUTES"}},
        }
        if self.report_url:
            delivery = {"url": self.report_url, "contentType": "application/json"}
            message["webhooks"] = {"delivery": delivery}
        return HttpRequest(
            method="POST",
            url=f"{self.url}/sms/3/messages",
            headers=(
                ("Authorization", f"App {self.api_key}"),
                ("Content-Type", "application/json"),
                ("Accept", "application/json"),
            ),
            body=json.dumps({"messages": [message]}, ensure_ascii=False).encode(),
            reference=name,
        )

    def outcome(self, answer: HttpAnswer) -> Outcome:
        """Read the status of the one text that was sent."""
        said = answers.read(answer)
        status = bodies.find(said, "messages", 0, "status")
        if not answers.is_success(answer) or not isinstance(status, dict):
            return answers.by_status("Infobip", answer, _error_code(said))
        reference = heard.identity(bodies.found(said, "messages", 0, "messageId"))
        references = (reference,) if reference else ()
        group = {bodies.found(status, "groupId"), bodies.found(status, "groupName")}
        name = answers.plain_code(bodies.found(status, "name"))
        if group & _TAKEN or name == _DUPLICATE:
            return Accepted(references=references)
        if not group - {""}:
            return answers.by_status("Infobip", answer)
        return _refusal(status, bodies.find(said, "messages", 0, "error"), name)

    def verify(self, hook: Hook) -> str:
        """Compare user and password, where they are set up."""
        if not self.hook_password:
            return check(NoSignature(), hook, window_s=0)
        scheme = BasicAuth(user=self.hook_user, password=self.hook_password)
        return check(scheme, hook, window_s=0)

    def hear(self, hook: Hook) -> tuple[Heard, ...]:
        """Read a batch: a report has a status, a text a text."""
        if hook.kind is HookKind.ussd:
            return ()
        results = bodies.json_object(hook.body).get("results")
        if not isinstance(results, list):
            raise Unreadable("there are no results")
        kept: list[Heard] = []
        trouble: Unreadable | None = None
        for item in results:
            read: Callable[[object], tuple[Heard, ...]]
            read = _report if bodies.find(item, "status") is not None else _text
            try:
                kept += read(item)
            except Unreadable as error:
                trouble = error
        if trouble is not None and not kept:
            raise trouble
        return tuple(kept)


def _text(item: object) -> tuple[Heard, ...]:
    words = bodies.find(item, "text")
    name = bodies.found(item, "messageId")
    if not isinstance(words, str) or not name:
        raise Unreadable("there is no text, or no messageId")
    return (
        heard.text(
            sender=bodies.found(item, "from"),
            words=words,
            id=name,
            sent_at=bodies.moment(bodies.found(item, "receivedAt")),
        ),
    )


def _report(item: object) -> tuple[Heard, ...]:
    status = _STATUS.get(bodies.found(item, "status", "groupName"))
    if status is None:
        return ()
    name = bodies.found(item, "status", "name")
    if name == _AT_OPERATOR:
        status = ReportStatus.trying
    failed = status is ReportStatus.failed
    error = bodies.found(item, "error", "name")
    return (
        heard.report(
            reference=bodies.found(item, "messageId"),
            to=bodies.found(item, "to"),
            status=status,
            at=bodies.moment(bodies.found(item, "doneAt")),
            code=(error if error not in ("", "NO_ERROR") else name) if failed else "",
        ),
    )


def _refusal(status: dict[str, Any], error: object, name: str) -> Outcome:
    """Tell a text that will never go from one that may: by number, by `permanent`."""
    said = f"Infobip will not send this: {name or 'no reason given'}"
    if bodies.found(status, "id") in _NOT_NOW:
        return NotNow(reason=said)
    if bodies.find(error, "permanent") is False:
        return NotNow(reason=said)
    return Refused(reason=said, code=name)


def _error_code(said: dict[str, Any]) -> str:
    """Return the code of a request that was refused, in either of its two forms."""
    old = bodies.found(said, "requestError", "serviceException", "messageId")
    return answers.plain_code(bodies.found(said, "errorCode") or old)
