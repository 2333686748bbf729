"""Sessions on the wire: what an aggregator posts, and what it is answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modem.hooks import Hook, HookAnswer, HookKind, Unreadable
from modem.ussd import Dialled, Ended, read_ussd, screen_answer

FORM = "application/x-www-form-urlencoded"


def hook(body: str | bytes, kind: str = FORM) -> Hook:
    """Post a body."""
    return Hook(
        kind=HookKind.ussd,
        method="POST",
        url="https://pay.example/hook/at/secret/ussd",
        headers={"content-type": kind},
        body=body.encode() if isinstance(body, str) else body,
        at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def test_a_step() -> None:
    """All input so far, of which the last part is new."""
    told = read_ussd(
        hook(
            "sessionId=ATUid_1&phoneNumber=%2B50372345678&networkCode=70601"
            "&serviceCode=*384%23&text=1*20417*25.50"
        )
    )
    assert told == Dialled(
        session="ATUid_1",
        phone="+50372345678",
        code="*384#",
        text="1*20417*25.50",
        network="70601",
    )
    assert told.parts == ("1", "20417", "25.50")
    assert told.last == "25.50"


def test_the_first_step() -> None:
    """Nothing was typed yet; or what stood behind the service code."""
    told = read_ussd(hook("sessionId=a&phoneNumber=+503&serviceCode=*1%23&text="))
    assert isinstance(told, Dialled)
    assert (told.parts, told.last, told.phone) == ((), "", "+503")
    told = read_ussd(hook("sessionId=a&phoneNumber=7&serviceCode=*1%23"))
    assert isinstance(told, Dialled)
    assert (told.parts, told.phone) == ((), "7")


def test_json() -> None:
    """The same names in a JSON document; numbers may stand without quotes."""
    told = read_ussd(
        hook(
            '{"sessionId": 17, "phoneNumber": "+50372345678", "serviceCode": "*1#",'
            ' "text": null}',
            "application/json",
        )
    )
    assert told == Dialled(session="17", phone="+50372345678", code="*1#", text="")


@pytest.mark.parametrize(
    ("status", "shown"),
    [("Success", True), ("success", True), ("Failed", False), ("Incomplete", False)],
)
def test_the_end_of_a_session(status: str, shown: bool) -> None:
    """Only a success says that the phone had the last screen."""
    told = read_ussd(
        hook(
            "date=2026-03-02&sessionId=ATUid_1&serviceCode=*384%23&networkCode=70601"
            f"&phoneNumber=%2B50372345678&status={status}&cost=0.1"
            "&durationInMillis=900&hopsCount=2&input=1*4827&lastAppResponse=END"
        )
    )
    assert told == Ended(session="ATUid_1", shown=shown)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        "phoneNumber=1&serviceCode=1&text=4827",
        "sessionId=a&serviceCode=1&text=4827",
        "sessionId=a&phoneNumber=1&text=4827",
        "sessionId=a&sessionId=b&phoneNumber=1&serviceCode=1&text=4827",
        f"sessionId={'a' * 129}&phoneNumber=1&serviceCode=1&text=4827",
        f"sessionId=a&phoneNumber=1&serviceCode=1&text={'4827' * 300}",
        "&".join(f"f{n}=4827" for n in range(65)),
        '{"sessionId": "4827"',
        '["4827"]',
        "[" * 100_000,
        "{" * 100_000,
    ],
)
def test_what_cannot_be_read(body: str | bytes) -> None:
    """It is refused with what is wrong, and nothing of it is repeated."""
    with pytest.raises(Unreadable) as told:
        read_ussd(hook(body, "application/json" if body[:1] == "[" else FORM))
    assert "4827" not in str(told.value)
    assert told.value.__cause__ is None or "4827" not in str(told.value.__cause__)


def test_what_was_typed_is_not_printed() -> None:
    """A step in a log shows no PIN."""
    told = Dialled(session="a", phone="+503", code="*1#", text="1*4827")
    assert "4827" not in repr(told)


def test_the_answer() -> None:
    """Two words open a screen: one waits for an answer, the other hangs up."""
    assert screen_answer("PIN:", ends=False) == HookAnswer(
        status=200, body=b"CON PIN:", content_type="text/plain"
    )
    assert screen_answer("¿Año?", ends=True).body == "END ¿Año?".encode()
