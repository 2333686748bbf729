"""One sample of every reply and of each of its variants, by a name a person can read.

What comes in: nothing. What goes out: `SAMPLES`, printed word by word in `printed.txt`,
and `at_worst`, the same reply with every field as long as it may be.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

from commands.command import Keyword, Why
from commands.reply import (
    AlreadyDone,
    ApproveReverse,
    Balance,
    Blocked,
    CodeBad,
    Confirm,
    Failed,
    FalseReceipt,
    Frozen,
    Genuine,
    HelpText,
    History,
    Incomplete,
    InfoText,
    LanguageSet,
    LanguageUnknown,
    LastMove,
    Late,
    LateAnswer,
    MaybeDouble,
    MenuClosed,
    MenuScreen,
    NoFunds,
    NoPinYet,
    NothingOpen,
    NotMember,
    NotNow,
    NotPaid,
    NotUnderstood,
    OverCount,
    OverLimit,
    Page,
    PaidPayee,
    PaidPayer,
    Party,
    PayeeCannotReceive,
    PayeeUnknown,
    PayeeWarned,
    PaySelf,
    PinAsked,
    PinBad,
    PinChanged,
    PinDelayed,
    PinLocked,
    PinNeeded,
    PinRenewed,
    PinReset,
    PinResetStopped,
    PinUnequal,
    PinWeak,
    QuestionOver,
    Reply,
    ReversedReceipt,
    SessionAsks,
    SessionOver,
    SessionPage,
    StrayPin,
    TextWaits,
    TooLong,
    Voice,
    WeakPin,
    WhichQuestion,
)
from commands.slots import HELP_PAGES
from commands.spelling import money
from tests.commands.samples_alarm import ALARMS
from tests.commands.samples_alarm import LONGEST as LONGEST_OF_ALARMS
from tests.commands.samples_asking import ASKING
from tests.commands.samples_market import MARKET, longest_of_the_market
from tests.commands.samples_people import LONGEST as LONGEST_OF_PEOPLE
from tests.commands.samples_people import PEOPLE
from tests.commands.samples_safety import SAFETY
from tests.commands.samples_till import LONGEST, TILL, lines

#: 21:55 of the day before in San Salvador.
AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
REF = "4812057735"
ROSA = Party(name="Rosa Martínez", code="20417", phone="+50371234567")
JUAN = Party(name="Juan Pérez", code="13076", phone="+50361230000")
VOICE = Voice(network="Red Sol", help_phone="2222-3333")

_BOUGHT = LastMove(amount=-2550, name="Rosa Martínez", at=AT)
_SOLD = LastMove(amount=123450, name="Juan Pérez", at=AT)

_PAYMENT: dict[str, Reply] = {
    "paid_payer": PaidPayer(
        amount=2550, payee=ROSA, ref=REF, fee=0, balance=-550, available=9450, at=AT
    ),
    "paid_payer, with a fee": PaidPayer(
        amount=2550, payee=ROSA, ref=REF, fee=25, balance=-575, available=9425, at=AT
    ),
    "paid_payee": PaidPayee(
        word="MANGO", amount=2550, payer=JUAN, ref=REF, balance=123450, at=AT
    ),
    "confirm": Confirm(amount=2550, payee=ROSA, fee=0, token=47, minutes=60),
    "confirm, with a fee": Confirm(
        amount=2550, payee=ROSA, fee=25, token=47, minutes=60
    ),
    "no_funds": NoFunds(amount=20000, payee=ROSA, available=12000),
    "over_limit": OverLimit(payment_limit=50000, day_limit=100000, day_used=80000),
    "over_count": OverCount(count=50),
    "payee_unknown": PayeeUnknown(),
    "payee_unknown, alias": PayeeUnknown(alias="ROSITA"),
    "payee_unknown, one near": PayeeUnknown(
        alias="ROSITA", near=(("ROSIRA", "20417"),)
    ),
    "payee_unknown, two near": PayeeUnknown(
        alias="ROSITA", near=(("ROSIRA", "20417"), ("ROSITAS", "13076"))
    ),
    "payee_cannot_receive": PayeeCannotReceive(payee=ROSA),
    "payee_warned": PayeeWarned(amount=2550, payer=JUAN),
    "pay_self": PaySelf(),
    "frozen": Frozen(money=False),
    "frozen, money": Frozen(money=True),
    "frozen, stopped": Frozen(money=False, token=47),
    "frozen, stopped, money": Frozen(money=True, token=47),
    "no_pin_yet": NoPinYet(money=False),
    "no_pin_yet, money": NoPinYet(money=True),
    "maybe_double": MaybeDouble(amount=2550, payee=ROSA, ref=REF, at=AT, token=47),
    "already_done": AlreadyDone(amount=2550, payee=ROSA, ref=REF, at=AT, balance=-550),
    "late": Late(sent_at=AT, amount=2550, payee=ROSA, token=47),
    "late_answer": LateAnswer(amount=2550, payee=ROSA, token=47),
    "not_paid": NotPaid(amount=2550, payee=ROSA),
    "not_paid, and others": NotPaid(amount=2550, payee=ROSA, more=2),
    "not_paid, back": NotPaid(amount=2550, payee=ROSA, more=2, back=True),
    "nothing_open": NothingOpen(),
    "question_over": QuestionOver(),
    "question_over, not of money": QuestionOver(other=True),
    "which_question": WhichQuestion(tokens=(47, 52, 63)),
    "pin_needed": PinNeeded(token=47, digits=4),
    "stray_pin": StrayPin(),
    "failed": Failed(money=False),
    "failed, money": Failed(money=True),
    "not_now": NotNow(),
    "text_waits": TextWaits(),
}
_PIN: dict[str, Reply] = {
    "pin_bad": PinBad(tries_left=2, money=False),
    "pin_bad, money": PinBad(tries_left=2, money=True),
    "pin_bad, last": PinBad(tries_left=1, money=False),
    "pin_bad, last, money": PinBad(tries_left=1, money=True),
    "pin_locked": PinLocked(until=AT, money=False),
    "pin_locked, money": PinLocked(until=AT, money=True),
    "pin_locked, in person": PinLocked(until=None, money=False),
    "pin_locked, in person, money": PinLocked(until=None, money=True),
    **{f"pin_weak, {why}": PinWeak(why=why, digits=4) for why in WeakPin},
    "pin_unequal": PinUnequal(),
    "pin_changed": PinChanged(),
    "pin_delayed": PinDelayed(at=AT),
    "pin_reset": PinReset(token=47),
    "pin_reset, no token free": PinReset(token=None),
    "pin_reset_stopped": PinResetStopped(),
    "code_bad": CodeBad(tries_left=2),
    "code_bad, last": CodeBad(tries_left=1),
    "code_bad, used up": CodeBad(tries_left=0),
}
_ACCOUNT: dict[str, Reply] = {
    "balance": Balance(balance=-550, available=9450, limit=10000, last=_BOUGHT),
    "balance, unmoved": Balance(balance=0, available=10000, limit=10000, last=None),
    "history": History(moves=(_BOUGHT, _SOLD, _BOUGHT), next_page=2),
    "history, the end": History(moves=(_SOLD,), next_page=None),
    "history, none": History(moves=(), next_page=None),
    "history, beyond": History(moves=(), next_page=None, beyond=True),
    "pin_asked, SALDO": PinAsked(keyword=Keyword.saldo),
    "pin_asked, SALDO VISIBLE": PinAsked(keyword=Keyword.saldo, visible=True),
    "pin_asked, MOVS": PinAsked(keyword=Keyword.movs),
    "genuine": Genuine(
        amount=2550, payer="Juan Pérez", payee="Rosa Martínez", at=AT, ref=REF
    ),
    "reversed_receipt": ReversedReceipt(
        ref=REF,
        reversed_at=AT,
        amount=2550,
        payer="Juan Pérez",
        payee="Rosa Martínez",
    ),
    "false_receipt": FalseReceipt(ref=REF, mistyped=False),
    "false_receipt, mistyped": FalseReceipt(ref="4812057753", mistyped=True),
    "blocked": Blocked(),
    "language_set": LanguageSet(),
    "language_unknown": LanguageUnknown(),
}
#: The command a text is meant for, where that is needed to say why it was not read.
_MEANT = {Why.empty: None, Why.unknown_word: None}
_NEAR = (Keyword.saldo, Keyword.robo)
_UNDERSTANDING: dict[str, Reply] = {
    "help_text": HelpText(topic=None),
    **{
        f"help_text, page {page}": HelpText(page=page)
        for page in range(2, HELP_PAGES + 1)
    },
    **{f"help_text, {topic}": HelpText(topic=topic) for topic in Keyword},
    **{
        f"not_understood, {why}{', money' if money else ''}": NotUnderstood(
            why=why, keyword=_MEANT.get(why, Keyword.pagar), money=money
        )
        for why in Why
        for money in (False, True)
        if not (money and why in _MEANT)
    },
    "not_understood, unknown_word, near": NotUnderstood(
        why=Why.unknown_word, suggestions=_NEAR, word="SALBO"
    ),
    "not_understood, which_word, near": NotUnderstood(
        why=Why.which_word, suggestions=_NEAR
    ),
    **{
        f"not_understood, syntax, {meant}": NotUnderstood(why=Why.syntax, keyword=meant)
        for meant in Keyword
    },
    "info_text": InfoText(text="Feria el sabado 9 am en el parque. ¡Venga!"),
    "too_long": TooLong(),
    "incomplete": Incomplete(),
    "not_member": NotMember(),
}
_ABOUT_ROSA = (Page.pay_amount, Page.charge_amount)
_MENU: dict[str, Reply] = {
    **{
        f"menu_screen, {page}{', wrong' if wrong else ''}": MenuScreen(
            screen=page, wrong=wrong, payee=ROSA if page in _ABOUT_ROSA else None
        )
        for page in Page
        if page is not Page.pay_pin
        for wrong in (False, True)
    },
    "menu_screen, pay_pin": MenuScreen(screen=Page.pay_pin, payee=ROSA, amount=2550),
    "menu_screen, pay_pin, fee": MenuScreen(
        screen=Page.pay_pin, payee=ROSA, amount=99_999_999, fee=99_999, tries_left=2
    ),
    "menu_screen, pay_pin, digits": MenuScreen(
        screen=Page.pay_pin, payee=ROSA, amount=2550, digits=4
    ),
    "menu_screen, pin, digits": MenuScreen(screen=Page.pin, digits=4),
    "menu_screen, pin, tries_left": MenuScreen(screen=Page.pin, tries_left=2),
    "menu_closed": MenuClosed(),
    "session_over": SessionOver(),
    "session_over, done": SessionOver(done=True),
    "pin_renewed": PinRenewed(),
    "session_page": SessionPage(text="Rosa Martinez 25.50", more=True, before=False),
    "session_page, last": SessionPage(
        text="Rosa Martinez 25.50", more=False, before=True
    ),
    "session_asks": SessionAsks(),
}
SAMPLES = (
    _PAYMENT
    | _PIN
    | _ACCOUNT
    | _UNDERSTANDING
    | ASKING
    | MARKET
    | TILL
    | PEOPLE
    | SAFETY
    | _MENU
    | ALARMS
)


def voices(language: str) -> list[Voice]:
    """Return voices with everything as long as it may be, for 0 to 4 decimals."""
    return [
        Voice(
            language=language,
            network="W" * 12,
            unit="WWWW",
            decimals=decimals,
            help_phone=phone,
        )
        for decimals in range(5)
        for phone in ("2222-3333", "")
    ]


def longest_amount(decimals: int) -> int:
    """Return an amount below zero that takes 11 characters, or nearly."""
    nines: list[int] = [-(10**places) + 1 for places in range(1, 12)]
    return min(n for n in nines if len(money(n, decimals)) <= 11)


#: Replies that name both sides and nothing else of them.
STRINGS = (Genuine, ReversedReceipt, ApproveReverse)


def at_worst(reply: Reply, decimals: int) -> Reply:
    """Return a reply with every field as long as it may be, the variant unchanged."""
    amount = longest_amount(decimals)
    party = Party(name="W" * 20, code="20417", phone="+50371234567")
    move = LastMove(amount=amount, name="W" * 20, at=AT)
    longest: dict[str, object] = (
        LONGEST
        | LONGEST_OF_PEOPLE
        | LONGEST_OF_ALARMS
        | {
            **dict.fromkeys(
                ("amount", "fee", "balance", "available", "limit", "used"), amount
            ),
            **dict.fromkeys(("payment_limit", "day_limit", "day_used"), amount),
            **dict.fromkeys(("left", "returned"), amount),
            "minutes": 999,
            "seconds": 3600,
            "memo": "W" * 20,
            "count": 999,
            "more": 99,
            "digits": 6,
            "alias": "W" * 15,
            "near": (("W" * 15, "20417"), ("M" * 15, "13076")),
            "word": "W" * 15 if isinstance(reply, NotUnderstood) else "W" * 12,
            "payee": "W" * 20 if isinstance(reply, STRINGS) else party,
            "payer": "W" * 20 if isinstance(reply, STRINGS) else party,
            "tries_left": 9,
            "last": move,
            "moves": (move, move, move),
            "part": amount,
            "next_page": 999,
            "suggestions": (Keyword.idioma, Keyword.pagar, Keyword.ver),
            **longest_of_the_market(decimals),
        }
    )
    changed: dict[str, object] = {}
    longest |= lines(amount)
    for field in fields(reply):  # type: ignore[arg-type]  # every reply is a dataclass
        value = getattr(reply, field.name)
        if field.name in longest and _kept_variant(field.name, value):
            changed[field.name] = longest[field.name]
            if field.name == "near":
                changed["near"] = longest["near"][: len(value)]  # type: ignore[index]
    return replace(reply, **changed)  # type: ignore[type-var]


def _kept_variant(name: str, value: object) -> bool:
    """Whether a field may be made longer without making another sentence of it."""
    if name == "tries_left":
        return value not in (0, 1)
    return name in {"fee", "more", "next_page", "suggestions", "minutes"} or bool(value)
