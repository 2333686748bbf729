"""Samples of the replies about people, joined to the others in `samples`."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.reply import (
    AliasEarly,
    AliasRefused,
    AliasSet,
    AlreadyDone,
    ApprovalGiven,
    ApprovalNeedsPin,
    ApprovalOver,
    ApprovalRefused,
    ApproveCampaign,
    ApproveLimit,
    ApproveReverse,
    ApproveStaff,
    BalanceHidden,
    BalanceShown,
    BlockedBy,
    BlockedFor,
    CallNoted,
    Credit,
    CreditAsked,
    DisputeOpened,
    DisputeUnknown,
    GivenBack,
    GuardianAsked,
    GuardianFlaw,
    GuardianLift,
    GuardianNamed,
    GuardianRefused,
    GuardianSet,
    Invitation,
    Invited,
    JoinAsked,
    Lifted,
    LiftedFor,
    LiftLater,
    LimitAgreed,
    LimitChanged,
    ListHelp,
    ListLeft,
    ListRejoined,
    MemberAlready,
    NoFunds,
    NotHere,
    NotInvited,
    OptedIn,
    OptedOut,
    OptOutHeld,
    PaidPayee,
    PaidPayer,
    Party,
    PhoneLeft,
    PhoneMoved,
    PinHeld,
    QueueFull,
    Reply,
    ResetAgreed,
    ResetConfirmed,
    ResetDenied,
    ResetVoided,
    ReverseAgreed,
    StaffAdded,
    StopHeard,
    Stopped,
    StoppedTwice,
    TakenBack,
    Welcome,
    Who,
    WhoEnough,
    WhoUnknown,
)

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_REF = "4812057735"

_ROSA = Party(name="Rosa Martínez", code="20417", phone="+50371234567")
_JUAN = Party(name="Juan Pérez", code="13076", phone="+50361230000")

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
    "list_left": ListLeft(),
    "list_rejoined": ListRejoined(),
    "list_help": ListHelp(),
    "not_here": NotHere(token=47),
    "invited": Invited(),
    "not_invited": NotInvited(),
    "invitation": Invitation(name="Juan Pérez"),
    **{f"guardian_refused, {why}": GuardianRefused(why=why) for why in GuardianFlaw},
    "guardian_set": GuardianSet(name="Luis Paz", code="20417", dropped=False),
    "guardian_set, dropped": GuardianSet(name="Luis Paz", code="20417", dropped=True),
    "guardian_named": GuardianNamed(name="Juan Pérez", code="13076", dropped=False),
    "guardian_named, dropped": GuardianNamed(
        name="Juan Pérez", code="13076", dropped=True
    ),
    "guardian_asked": GuardianAsked(name="Juan Pérez", code="13076", token=47),
    "pin_held": PinHeld(name="Luis Paz", at=_AT),
    "reset_agreed": ResetAgreed(name="Juan Pérez", at=_AT),
    "reset_confirmed": ResetConfirmed(name="Luis Paz", at=_AT),
    "reset_denied": ResetDenied(name="Luis Paz"),
    "reset_voided": ResetVoided(name="Juan Pérez"),
    "stop_heard": StopHeard(),
    "stopped": Stopped(token=47),
    "stopped, no token free": Stopped(token=None),
    "stopped_twice": StoppedTwice(),
    "guardian_lift": GuardianLift(name="Juan Pérez", code="13076", token=47),
    "lift_later": LiftLater(at=_AT),
    "lifted": Lifted(),
    "lifted_for": LiftedFor(name="Juan Pérez"),
    "blocked_for": BlockedFor(name="Juan Pérez", code="13076"),
    "blocked_by": BlockedBy(name="Luis Paz"),
    "phone_moved": PhoneMoved(code="13076", limit=2000, at=_AT),
    "phone_left": PhoneLeft(),
    "paid_payer, hidden": PaidPayer(
        amount=2550,
        payee=_ROSA,
        ref=_REF,
        fee=25,
        balance=None,
        available=None,
        at=_AT,
    ),
    "paid_payee, hidden": PaidPayee(
        word="MANGO", amount=2550, payer=_JUAN, ref=_REF, balance=None, at=_AT
    ),
    "no_funds, hidden": NoFunds(amount=20000, payee=_ROSA, available=None),
    "already_done, hidden": AlreadyDone(
        amount=2550, payee=_ROSA, ref=_REF, at=_AT, balance=None
    ),
    "balance_hidden": BalanceHidden(),
    "balance_shown": BalanceShown(),
    "approve_campaign": ApproveCampaign(
        name="feria de mayo", people=5750, token=47, until=_AT
    ),
    "approve_reverse": ApproveReverse(
        amount=60000,
        payer="Juan Pérez",
        payee="Rosa Martínez",
        ref=_REF,
        token=47,
        until=_AT,
    ),
    "reverse_agreed": ReverseAgreed(amount=60000, ref=_REF, by="Marta Ruiz"),
    "given_back": GivenBack(
        amount=60000, name="Rosa Martínez", ref=_REF, balance=0, at=_AT
    ),
    "given_back, hidden": GivenBack(
        amount=60000, name="Rosa Martínez", ref=_REF, balance=None, at=_AT
    ),
    "taken_back": TakenBack(
        amount=60000, name="Juan Pérez", ref=_REF, balance=12000, at=_AT
    ),
}
#: Every field of theirs as long as it may be, beside those that `samples` knows.
LONGEST: dict[str, object] = {
    "people": 999_999,
    "name": "W" * 20,
    "role": "W" * 12,
    "by": "W" * 20,
    "number": 99_999,
}
