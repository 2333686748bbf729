"""Members: who they are, which phone speaks for them, and their PINs.

What comes in: a phone, a code or an alias; or somebody new. What goes out: a `Member`.
Finding is in `directory`, joining in `joining`, what a member may be called in
`naming`, and all about PINs in `smsgate.members.pins`. Money is not here: a member's
account belongs to `smsgate.ledger`.
"""

from smsgate.members.directory import (
    CAN_RECEIVE,
    Member,
    MemberUnknown,
    by_account,
    by_alias,
    by_code,
    by_phone,
    find,
    named,
    near_aliases,
    set_hidden,
    set_language,
)
from smsgate.members.joining import (
    AliasTaken,
    CodesUsedUp,
    NewMember,
    PhoneTaken,
    add,
)
from smsgate.members.naming import AliasBad, NameBad, fold, proper_alias, proper_name

__all__ = [
    "CAN_RECEIVE",
    "AliasBad",
    "AliasTaken",
    "CodesUsedUp",
    "Member",
    "MemberUnknown",
    "NameBad",
    "NewMember",
    "PhoneTaken",
    "add",
    "by_account",
    "by_alias",
    "by_code",
    "by_phone",
    "find",
    "fold",
    "named",
    "near_aliases",
    "proper_alias",
    "proper_name",
    "set_hidden",
    "set_language",
]
