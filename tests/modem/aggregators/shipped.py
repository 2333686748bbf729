"""What each shipped preset must make of its vendor's documented bytes.

What comes in: the fixtures beside this file, five or more a preset: `request`,
`answer`, `error`, `in` and `report`. What goes out: one row a preset, with the keys a
link would set and what each fixture means. The keys are made up; what is signed was
signed with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from modem.aggregators.sample import Sample, read_sample
from modem.aggregators.wire import (
    Accepted,
    HeardReport,
    HeardText,
    NotNow,
    Outcome,
    Refused,
)
from modem.link import Outgoing, ReportStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXTURES = Path(__file__).parent / "fixtures"
NEEDED = ("answer", "error", "in", "report", "request")
KEY = "80febd20bebb29aae3834f5d8f557954"
OUTGOING = Outgoing(id=7, to="+50370001234", text='Recibio 5.00 PT de "Ana"', key=KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """One preset and what its fixtures mean."""

    options: Mapping[str, object] = field(repr=False)
    accepted: Accepted
    #: What `error` means.
    failed: Outcome
    heard: HeardText
    reported: HeardReport
    #: What its webhooks were sent at.
    at: datetime = datetime(2026, 11, 25, tzinfo=UTC)
    #: Every further answer, by the name of its fixture.
    answers: Mapping[str, Outcome] = field(default_factory=dict)


def sample(preset: str, name: str) -> Sample:
    """Read a fixture."""
    return read_sample((FIXTURES / preset / f"{name}.http").read_bytes())


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


_GATE_HEARD = HeardText(
    sender="6505551212",
    text="Android is always a sweet treat!",
    id="Ey6ECgOkVVFjz3CL48B8C",
    sent_at=_utc(2024, 6, 22, 8, 46, 11),
)
_GATE_REPORTED = HeardReport(
    reference=KEY,
    to="+50370001234",
    status=ReportStatus.delivered,
    at=_utc(2024, 6, 22, 8, 46, 20),
)
_GATE_AT = datetime.fromtimestamp(1719046000 + 200, UTC)

SHIPPED: dict[str, Shipped] = {
    "sms-gate-local": Shipped(
        options={
            "url": "http://192.0.2.10:8080",
            "user": "sms",
            "password": "phonepass",
            "signing_key": "testkey",
            "sim": 1,
        },
        accepted=Accepted(references=(KEY,)),
        failed=Refused(reason="HTTP 400: phoneNumbers is empty"),
        heard=_GATE_HEARD,
        reported=_GATE_REPORTED,
        at=_GATE_AT,
    ),
    "sms-gate-server": Shipped(
        options={
            "user": "sms",
            "password": "phonepass",
            "signing_key": "testkey",
            "device": "yVULogr4Y1ksRfnos1Dsw",
        },
        accepted=Accepted(references=(KEY,)),
        failed=NotNow(
            reason="HTTP 503: queue limits exceeded: too many pending messages: "
            "100 / 100",
            after_s=60.0,
        ),
        heard=_GATE_HEARD,
        reported=_GATE_REPORTED,
        at=_GATE_AT,
        answers={"duplicate": Accepted()},
    ),
    "httpsms": Shipped(
        options={
            "from": "+18005550199",
            "api_key": "KEY",
            "signing_key": "webhook-signing-key",
        },
        accepted=Accepted(references=("32343a19-da5e-4b1b-a767-3298a73703cb",)),
        failed=Refused(reason="HTTP 422: validation errors while sending message"),
        heard=HeardText(
            sender="+18005550100",
            text="This is a sample text message",
            id="32343a19-da5e-4b1b-a767-3298a73703cb",
            sent_at=datetime(2022, 6, 5, 11, 26, 9, 527976, tzinfo=UTC),
        ),
        reported=HeardReport(
            reference="32343a19-da5e-4b1b-a767-3298a73703cb",
            to="+18005550100",
            status=ReportStatus.delivered,
            at=_utc(2022, 6, 5, 11, 26, 15),
        ),
        at=datetime.fromtimestamp(1722502900, UTC),
    ),
    "textbee": Shipped(
        options={
            "device": "DEV",
            "api_key": "KEY",
            "signing_secret": "a-signing-secret-of-enough-length",
        },
        accepted=Accepted(references=("67a1b2c3d4e5f60718293a4b",)),
        failed=NotNow(reason="HTTP 400: Device does not exist or is not enabled"),
        heard=HeardText(
            sender="+18005550100",
            text="Hello back",
            id="67a1b2c3d4e5f60718293a4c",
            sent_at=_utc(2025, 2, 4, 10, 20, 30),
        ),
        reported=HeardReport(
            reference="67a1b2c3d4e5f60718293a4b",
            to="+50370001234",
            status=ReportStatus.delivered,
            at=_utc(2025, 2, 4, 10, 20, 35),
        ),
        answers={"error-recipients": Refused(reason="HTTP 400: Invalid recipients")},
    ),
    "africastalking": Shipped(
        options={"user": "Username", "api_key": "KEY", "from": "2020"},
        accepted=Accepted(references=("ATPid_SampleTxnId123",)),
        failed=Refused(reason="HTTP 201, code 403: InvalidPhoneNumber", code="403"),
        heard=HeardText(
            sender="+254791541111",
            text="Msg",
            id="ec9adc86-51d5-4bc8-8eb0-d8ab0bb53dc3",
            sent_at=_utc(2017, 5, 3, 6, 4, 45),
        ),
        reported=HeardReport(
            reference="ATXid_dda018a640edfcc5d2ce455de3e4a6e7",
            to="+254791541111",
            status=ReportStatus.failed,
            code="UserInBlackList",
            opted_out=True,
        ),
        answers={
            "error-sender": NotNow(reason="HTTP 201: InvalidSenderId"),
            "error-blacklist": Refused(
                reason="HTTP 201, code 406: UserInBlacklist",
                code="406",
                opted_out=True,
            ),
        },
    ),
    "clickatell": Shipped(
        options={"api_key": "API-KEY", "from": "2020"},
        accepted=Accepted(references=("id1002",)),
        failed=NotNow(
            reason="HTTP 200: Two-Way integration error - From number is not related "
            "to integration"
        ),
        heard=HeardText(
            sender="+250788383383",
            text="Hello World!",
            id="1234",
            sent_at=_utc(2018, 1, 17, 19, 35, 11),
        ),
        reported=HeardReport(
            reference="msg1",
            to="250788383383",
            status=ReportStatus.delivered,
            at=_utc(2018, 1, 17, 19, 35, 21),
            code="4",
        ),
        answers={
            "error-plain": Refused(reason="HTTP 400: Error"),
            "throttled": NotNow(reason="HTTP 429: Error"),
        },
    ),
    "kannel": Shipped(
        options={
            "url": "http://127.0.0.1:13013",
            "user": "Username",
            "password": "Password",
            "from": "2020",
            "report_url": "https://pay.example.org/hook/kannel/s/report",
        },
        accepted=Accepted(),
        failed=Refused(reason="HTTP 403: Not routable. Do not try again."),
        heard=HeardText(
            sender="+2349067554729",
            text="Join",
            id="asdf-asdf",
            sent_at=_utc(2017, 5, 2, 14, 31, 49),
        ),
        reported=HeardReport(
            reference=KEY,
            to="",
            status=ReportStatus.delivered,
            at=_utc(2017, 5, 2, 14, 31, 59),
            code="1",
        ),
        answers={
            "answer-queued": Accepted(),
            "error-login": NotNow(reason="HTTP 403: Authorization failed for sendsms"),
            "error-later": NotNow(
                reason="HTTP 503: Temporal failure, try again later."
            ),
        },
    ),
    "jasmin": Shipped(
        options={
            "url": "http://127.0.0.1:1401",
            "user": "foo",
            "password": "bar",
            "from": "2020",
            "report_url": "https://pay.example.org/hook/jasmin/s/report",
        },
        accepted=Accepted(references=("07033084-5cfd-4812-90a4-e4d24ffb6e3d",)),
        failed=NotNow(reason="HTTP 412: No route found"),
        heard=HeardText(sender="+2349067554729", text="événement", id="1001"),
        reported=HeardReport(
            reference="16fd2706-8baf-433b-82eb-8c7fada847da",
            to="",
            status=ReportStatus.delivered,
            code="000",
        ),
        answers={
            "error-arguments": Refused(
                reason="HTTP 400: Mandatory argument _ is not found."
            )
        },
    ),
}
