"""Samples of the replies about people, joined to the others in `samples`."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.reply import (
    AliasEarly,
    AliasRefused,
    AliasSet,
    ApprovalGiven,
    ApprovalNeedsPin,
    ApprovalOver,
    ApprovalRefused,
    ApproveLimit,
    ApproveStaff,
    CallNoted,
    Credit,
    CreditAsked,
    DisputeOpened,
    DisputeUnknown,
    Invitation,
    Invited,
    JoinAsked,
    LimitAgreed,
    LimitChanged,
    MemberAlready,
    NotHere,
    NotInvited,
    OptedIn,
    OptedOut,
    OptOutHeld,
    QueueFull,
    Reply,
    StaffAdded,
    Welcome,
    Who,
    WhoEnough,
    WhoUnknown,
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
    "who": Who(name="Rosa Martínez", code="20417", able=True),
    "who, cannot be paid": Who(name="Rosa Martínez", code="20417", able=False),
    "who_unknown": WhoUnknown(),
    "who_unknown, alias": WhoUnknown(alias="ROSITA"),
    "who_unknown, one near": WhoUnknown(alias="ROSITA", near=(("ROSIRA", "20417"),)),
    "who_unknown, two near": WhoUnknown(
        alias="ROSITA", near=(("ROSIRA", "20417"), ("ROSITAS", "13076"))
    ),
    "who_enough": WhoEnough(),
    "alias_set": AliasSet(alias="ROSITA"),
    "alias_refused": AliasRefused(alias="PAGAR", taken=False),
    "alias_refused, taken": AliasRefused(alias="ROSITA", taken=True),
    "alias_early": AliasEarly(at=_AT),
    "credit": Credit(limit=10000, used=2550, available=7450),
    "credit_asked": CreditAsked(limit=10000),
    "limit_changed": LimitChanged(limit=60000, available=57450),
    "approve_limit": ApproveLimit(
        name="Juan Pérez", code="13076", limit=60000, token=47, until=_AT
    ),
    "limit_agreed": LimitAgreed(
        name="Juan Pérez", code="13076", limit=60000, by="Marta Ruiz"
    ),
    "opted_out": OptedOut(notices=False),
    "opted_out, notices": OptedOut(notices=True),
    "opted_in": OptedIn(),
    "opt_out_held": OptOutHeld(token=47),
    "not_here": NotHere(token=47),
    "invited": Invited(),
    "not_invited": NotInvited(),
    "invitation": Invitation(name="Juan Pérez"),
}
#: Every field of theirs as long as it may be, beside those that `samples` knows.
LONGEST: dict[str, object] = {
    "name": "W" * 20,
    "role": "W" * 12,
    "by": "W" * 20,
    "number": 99_999,
}
