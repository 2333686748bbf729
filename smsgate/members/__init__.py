"""Members: who they are, which phone speaks for them, and their PINs.

What comes in: a phone, a code or an alias; or somebody new. What goes out: a `Member`.
Finding is in `directory`, joining in `joining`, what a member may be called in
`naming`, the phones that only receive in `tills`, and all about PINs in
`smsgate.members.pins`. Money is not here: a member's account belongs to
`smsgate.ledger`.
"""

from smsgate.members.directory import (
    CAN_RECEIVE,
    Member,
    MemberUnknown,
    account_of,
    by_account,
    by_alias,
    by_code,
    by_phone,
    find,
    named,
    near_aliases,
    set_hidden,
    set_language,
    set_word,
)
from smsgate.members.joining import (
    AliasTaken,
    CodesUsedUp,
    NewMember,
    PhoneTaken,
    add,
)
from smsgate.members.naming import AliasBad, NameBad, fold, proper_alias, proper_name
from smsgate.members.tills import (
    TILLS_MAX,
    Sales,
    Till,
    add_till,
    added_since,
    drop_till,
    phone_taken,
    sales,
    sold,
    till_by_code,
    till_by_phone,
    tills_of,
)

__all__ = [
    "CAN_RECEIVE",
    "TILLS_MAX",
    "AliasBad",
    "AliasTaken",
    "CodesUsedUp",
    "Member",
    "MemberUnknown",
    "NameBad",
    "NewMember",
    "PhoneTaken",
    "Sales",
    "Till",
    "account_of",
    "add",
    "add_till",
    "added_since",
    "by_account",
    "by_alias",
    "by_code",
    "by_phone",
    "drop_till",
    "find",
    "fold",
    "named",
    "near_aliases",
    "phone_taken",
    "proper_alias",
    "proper_name",
    "sales",
    "set_hidden",
    "set_language",
    "set_word",
    "sold",
    "till_by_code",
    "till_by_phone",
    "tills_of",
]
