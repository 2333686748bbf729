"""The four vendors with made-up accounts, and their documented bytes from files.

What comes in: names. What goes out: an `Aggregator`, an answer, a webhook. The files in
`fixtures/` are requests and answers in the shape of the vendors' own documentation and
test suites; their names tell what they are.
"""

from __future__ import annotations

from pathlib import Path

from modem.aggregators.infobip import Infobip
from modem.aggregators.telnyx import Telnyx
from modem.aggregators.twilio import Twilio
from modem.aggregators.vonage import Vonage
from modem.aggregators.wire import Aggregator, HttpAnswer
from modem.hooks import Hook, HookKind
from tests.modem.aggregators.hooked import FORM, URL, hooked

FIXTURES = Path(__file__).parent / "fixtures"
REPORTS = f"{URL}/report"
#: Everything that must never be printed.
SECRETS = (
    *("twilio-token", "vonage-secret", "vonage-signing"),
    *("infobip-key", "hook-pw", "KEY-telnyx"),
)

VENDORS: dict[str, Aggregator] = {
    "twilio": Twilio(
        account="AC0123",
        token="twilio-token",
        sender="+15005550006",
        report_url=REPORTS,
    ),
    "vonage": Vonage(
        api_key="abcd1234",
        api_secret="vonage-secret",
        sender="+15005550006",
        signature_secret="vonage-signing",
        report_url=REPORTS,
    ),
    "infobip": Infobip(
        api_key="infobip-key",
        url="https://xyz.api.infobip.com",
        sender="+15005550006",
        hook_user="smsgate",
        hook_password="hook-pw",
        report_url=REPORTS,
    ),
    "telnyx": Telnyx(
        api_key="KEY-telnyx",
        public_key="A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
        sender="+15005550006",
        report_url=REPORTS,
    ),
}


def fixtures(vendor: str, kind: str) -> list[str]:
    """Return the names of a vendor's files of one kind: answer, in, report, other."""
    return sorted(path.name for path in (FIXTURES / vendor).glob(f"{kind}*"))


def answer(vendor: str, name: str, **headers: str) -> HttpAnswer:
    """Return an answer; its status is in the file's name."""
    body = (FIXTURES / vendor / name).read_bytes()
    status = int(name.removeprefix("answer-")[:3])
    told = {key.replace("_", "-"): value for key, value in headers.items()}
    return HttpAnswer(status=status, headers=told, body=body)


def webhook(vendor: str, name: str) -> Hook:
    """Return a webhook; a `.query` came as GET, the others were posted."""
    body = (FIXTURES / vendor / name).read_bytes()
    kind = HookKind.report if name.startswith("report") else HookKind.incoming
    if name.endswith(".query"):
        return hooked(kind=kind, method="GET", url=f"{URL}/{kind}?{body.decode()}")
    media = "application/json" if name.endswith(".json") else FORM
    return hooked(body, kind=kind, url=f"{URL}/{kind}", headers={"Content-Type": media})
