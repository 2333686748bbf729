"""Promises of what the written-out vendors are asked: their own words, nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs

from modem.link import Outgoing
from tests.modem.aggregators.accounts import REPORTS, VENDORS
from tests.modem.aggregators.hooked import FORM

HOLA = Outgoing(id=7, to="+50370001234", text="Pagaste $5.00 ¿ñ? & más")


def test_twilio_is_asked_as_it_wants() -> None:
    """Number, words and where reports go, under the account's own name."""
    request = VENDORS["twilio"].request(replace(HOLA, validity_s=600))

    assert (request.method, request.url) == (
        "POST",
        "https://api.twilio.com/2010-04-01/Accounts/AC0123/Messages.json",
    )
    assert dict(request.headers) == {
        "Authorization": "Basic QUMwMTIzOnR3aWxpby10b2tlbg==",
        "Content-Type": FORM,
        "Accept": "application/json",
    }
    assert parse_qs(request.body.decode()) == {
        "To": ["+50370001234"],
        "From": ["+15005550006"],
        "Body": [HOLA.text],
        "StatusCallback": [REPORTS],
        "ValidityPeriod": ["600"],
    }


def test_vonage_is_asked_as_it_wants() -> None:
    """Numbers without their plus; Unicode is announced where the text needs it."""
    request = VENDORS["vonage"].request(HOLA)

    assert (request.method, request.url) == ("POST", "https://rest.nexmo.com/sms/json")
    assert parse_qs(request.body.decode()) == {
        "api_key": ["abcd1234"],
        "api_secret": ["vonage-secret"],
        "from": ["15005550006"],
        "to": ["50370001234"],
        "text": [HOLA.text],
        "type": ["unicode"],
        "ttl": ["86400000"],
        "status-report-req": ["1"],
        "callback": [REPORTS],
    }
    gsm = VENDORS["vonage"].request(replace(HOLA, text="Saldo $5 ñ"))
    assert parse_qs(gsm.body.decode())["type"] == ["text"]


def test_infobip_is_asked_as_it_wants() -> None:
    """One text under a name of ours, the same again for the same text."""
    vendor = VENDORS["infobip"]
    request = vendor.request(HOLA)

    assert request.url == "https://xyz.api.infobip.com/sms/3/messages"
    assert dict(request.headers)["Authorization"] == "App infobip-key"
    assert json.loads(request.body) == {
        "messages": [
            {
                "sender": "15005550006",
                "destinations": [{"to": "50370001234", "messageId": request.reference}],
                "content": {"text": HOLA.text},
                "options": {"validityPeriod": {"amount": 1440, "timeUnit": "MINUTES"}},
                "webhooks": {
                    "delivery": {"url": REPORTS, "contentType": "application/json"}
                },
            }
        ]
    }
    assert len(request.reference) == 32
    assert vendor.request(HOLA) == request
    assert vendor.request(replace(HOLA, id=8)).reference != request.reference
    assert vendor.request(replace(HOLA, key="k-1")).reference == "k-1"
    assert vendor.traits.idempotent


def test_telnyx_is_asked_as_it_wants() -> None:
    """Number, words and where reports go, with the account's key."""
    request = VENDORS["telnyx"].request(HOLA)

    assert request.url == "https://api.telnyx.com/v2/messages"
    assert dict(request.headers)["Authorization"] == "Bearer KEY-telnyx"
    assert json.loads(request.body) == {
        "to": "+50370001234",
        "text": HOLA.text,
        "from": "+15005550006",
        "webhook_url": REPORTS,
    }


def test_a_webhook_is_answered_with_nothing() -> None:
    """An empty 200: Twilio would send what stands in it to the member."""
    assert {vendor.traits.hook_ok_body for vendor in VENDORS.values()} == {b""}
