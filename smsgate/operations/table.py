"""Every operation by name: its arguments, its function, and whether it writes.

What comes in: a request, as a value from the shell or as a line from the socket. What
goes out: the operation's answer. A name that is not in the table cannot be asked for,
and an argument that its request does not know is refused, so that a newer shell and an
older daemon never misunderstand each other in silence.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from smsgate.operations import ads, cards, requests, vouchers
from smsgate.operations.campaigning import approval as campaign_approval
from smsgate.operations.campaigning import audiences, campaigns
from smsgate.operations.campaigning import looks as campaign_looks
from smsgate.operations.campaigning import requests as campaign_requests
from smsgate.operations.desk import Answer, Desk, Document, OperationRefused
from smsgate.operations.house import backup, clock, doctor, ledger, review
from smsgate.operations.people import (
    consent,
    credit,
    guardians,
    member_import,
    members,
    queues,
    reversal,
    staff,
)
from smsgate.operations.texts import inbox, links, outbox, quarantine
from smsgate.operations.texts import link_trial as link_test

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from smsgate.operations.requests import Request

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked for."""

    request: type[Any]
    run: Callable[[Desk, Any], Awaitable[Document | Answer]]
    #: Whether it changes the ledger; such are recorded with their actor.
    writes: bool


def _reads(
    request: type[R], run: Callable[[Desk, R], Awaitable[Document | Answer]]
) -> Operation:
    return Operation(request=request, run=run, writes=False)


def _writes(
    request: type[R], run: Callable[[Desk, R], Awaitable[Document | Answer]]
) -> Operation:
    return Operation(request=request, run=run, writes=True)


OPERATIONS: Final[dict[str, Operation]] = {
    "member.add": _writes(requests.MemberAdd, members.add),
    "member.list": _reads(requests.MemberList, members.list_all),
    "member.show": _reads(requests.MemberShow, members.show),
    "member.limit": _writes(requests.MemberLimit, credit.limit),
    "member.freeze": _writes(requests.MemberFreeze, members.freeze),
    "member.unfreeze": _writes(requests.MemberUnfreeze, guardians.unfreeze),
    "member.reset": _writes(requests.MemberReset, guardians.decide_reset),
    "member.phone": _writes(requests.MemberPhone, members.phone),
    "member.pin": _writes(requests.MemberPin, members.pin),
    "member.consent": _writes(requests.MemberConsent, consent.change),
    "member.import": _writes(requests.MemberImport, member_import.bring_in),
    "staff.add": _writes(requests.StaffAdd, staff.add),
    "staff.end": _writes(requests.StaffEnd, staff.end),
    "staff.list": _reads(requests.StaffList, staff.list_all),
    "queue.list": _reads(requests.QueueList, queues.list_rows),
    "queue.close": _writes(requests.QueueClose, queues.close),
    "join.approve": _writes(requests.JoinApprove, queues.approve_join),
    "ticket.approve": _writes(requests.TicketApprove, queues.approve_ticket),
    "callback.approve": _writes(requests.CallApprove, queues.approve_call),
    "ad.list": _reads(requests.AdList, ads.list_open),
    "ad.drop": _writes(requests.AdDrop, ads.drop),
    "card.issue": _writes(requests.CardIssue, cards.issue),
    "card.list": _reads(requests.CardList, cards.list_rows),
    "card.void": _writes(requests.CardVoid, cards.void),
    "voucher.issue": _writes(requests.VoucherIssue, vouchers.issue),
    "voucher.list": _reads(requests.VoucherList, vouchers.list_rows),
    "voucher.void": _writes(requests.VoucherVoid, vouchers.void),
    "ledger.check": _reads(requests.LedgerCheck, ledger.check),
    "ledger.reverse": _writes(requests.LedgerReverse, reversal.reverse),
    "ledger.statement": _reads(requests.LedgerStatement, ledger.statement),
    "ledger.export": _reads(requests.LedgerExport, ledger.export),
    "inbox.list": _reads(requests.InboxList, inbox.list_rows),
    "outbox.list": _reads(requests.OutboxList, outbox.list_rows),
    "outbox.retry": _writes(requests.OutboxRetry, outbox.retry),
    "link.list": _reads(requests.LinkList, links.list_all),
    "link.test": _writes(requests.LinkTest, link_test.run),
    "quarantine.list": _reads(requests.QuarantineList, quarantine.list_rows),
    "quarantine.reread": _writes(requests.QuarantineReread, quarantine.reread),
    "doctor": _reads(requests.Doctor, doctor.run),
    "audience.list": _reads(campaign_requests.AudienceList, audiences.list_all),
    "audience.show": _reads(campaign_requests.AudienceShow, audiences.show),
    "audience.save": _writes(campaign_requests.AudienceSave, audiences.save),
    "audience.import": _writes(campaign_requests.AudienceImport, audiences.bring_in),
    "audience.drop": _writes(campaign_requests.AudienceDrop, audiences.drop),
    "campaign.new": _writes(campaign_requests.CampaignNew, campaigns.new),
    "campaign.list": _reads(campaign_requests.CampaignList, campaigns.list_all),
    "campaign.show": _reads(campaign_requests.CampaignShow, campaigns.show),
    "campaign.preview": _reads(
        campaign_requests.CampaignPreview, campaign_looks.look_ahead
    ),
    "campaign.test": _writes(campaign_requests.CampaignTest, campaign_looks.test),
    "campaign.approve": _writes(
        campaign_requests.CampaignApprove, campaign_approval.approve
    ),
    "campaign.start": _writes(campaign_requests.CampaignStart, campaigns.start),
    "campaign.pause": _writes(campaign_requests.CampaignPause, campaigns.pause),
    "campaign.resume": _writes(campaign_requests.CampaignResume, campaigns.resume),
    "campaign.rate": _writes(campaign_requests.CampaignRate, campaigns.rate),
    "campaign.cancel": _writes(campaign_requests.CampaignCancel, campaigns.cancel),
    "campaign.report": _reads(campaign_requests.CampaignReport, campaign_looks.report),
    "campaign.export": _reads(campaign_requests.CampaignExport, campaign_looks.export),
    "clock.accept": _writes(requests.ClockAccept, clock.accept),
    "backup": _reads(requests.Backup, backup.back_up),
    "resume": _writes(requests.Resume, review.resume),
}


async def perform(desk: Desk, request: Request) -> Answer:
    """Do what is asked.

    Raises:
        SmsgateError: it was not done; nothing of it took effect.
    """
    outcome = await OPERATIONS[request.NAME].run(desk, request)
    return outcome if isinstance(outcome, Answer) else Answer(document=outcome)


def read_request(line: bytes) -> tuple[str, Request, str]:
    """Read a line of the socket: the operation's name, its arguments, and `--as`.

    Raises:
        OperationRefused: it is none; the sentence quotes nothing of it.
    """
    try:
        asked = json.loads(line)
        name, arguments = str(asked["operation"]), dict(asked["arguments"])
        as_name = str(asked.get("as", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise OperationRefused(
            "a request is one JSON line with operation and arguments"
        ) from error
    operation = OPERATIONS.get(name)
    if operation is None:
        raise OperationRefused(
            "the daemon does not know this operation: restart it after the upgrade"
        )
    return name, _arguments(operation.request, arguments), as_name


def _arguments(kind: type[Any], arguments: dict[str, Any]) -> Request:
    known = {field.name for field in fields(cast("type[DataclassInstance]", kind))}
    unknown = sorted(set(arguments) - known)
    if unknown:
        raise OperationRefused(
            f"the daemon does not know {', '.join(unknown)}: "
            "restart it after the upgrade"
        )
    try:
        request = TypeAdapter(kind).validate_json(json.dumps(arguments), strict=True)
    except ValidationError as error:
        # Without the input: it may hold a PIN.
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise OperationRefused(f"{where}: {first['msg']}") from None
    return cast("Request", request)
