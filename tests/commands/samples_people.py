"""Samples of the replies about people, joined to the others in `samples`."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.reply import (
    ApprovalGiven,
    ApprovalNeedsPin,
    ApprovalOver,
    ApprovalRefused,
    ApproveStaff,
    CallNoted,
    DisputeOpened,
    DisputeUnknown,
    JoinAsked,
    MemberAlready,
    QueueFull,
    Reply,
    StaffAdded,
    Welcome,
)

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_REF = "4812057735"

PEOPLE: dict[str, Reply] = {
    "join_asked": JoinAsked(name="María López panadería"),
    "member_already": MemberAlready(code="20417"),
    "welcome": Welcome(name="María López", code="20417"),
    "call_noted": CallNoted(),
    "queue_full": QueueFull(),
    "dispute_opened": DisputeOpened(number=12, amount=2550, ref=_REF),
    "dispute_unknown": DisputeUnknown(),
    "approve_staff": ApproveStaff(name="Ana Paz", role="manager", token=47, until=_AT),
    "staff_added": StaffAdded(name="Ana Paz", role="manager", by="Marta Ruiz"),
    "approval_given": ApprovalGiven(),
    "approval_refused": ApprovalRefused(),
    "approval_over": ApprovalOver(),
    "approval_needs_pin": ApprovalNeedsPin(token=47),
}
#: Every field of theirs as long as it may be, beside those that `samples` knows.
LONGEST: dict[str, object] = {
    "name": "W" * 20,
    "role": "W" * 12,
    "by": "W" * 20,
    "number": 99_999,
}
