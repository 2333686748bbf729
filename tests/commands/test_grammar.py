"""Texts and what each is read as: one row a case.

A row's right side is written by `_told`: what the text means, or why it means nothing.
Recipients are `20417` (a code), `+503…` (a phone) or `rosa` (an alias); amounts are
minor units; a PIN or one-time code is shown here so that a wrong one is seen.
"""

from __future__ import annotations

from typing import assert_never, get_args

import pytest

from commands.command import (
    Alias,
    Answer,
    AskCard,
    AskWho,
    Block,
    CallMe,
    Cancel,
    ChangeAlias,
    ChangePin,
    Charge,
    Code,
    Command,
    Dispute,
    DropAd,
    FindOffers,
    Guard,
    Help,
    HideBalance,
    Info,
    Join,
    Keyword,
    ManageTill,
    Misread,
    Need,
    Offer,
    OpenMenu,
    OptOut,
    Pay,
    Phone,
    Promotions,
    Reading,
    Recipient,
    Refund,
    SetLanguage,
    SetWord,
    ShowBalance,
    ShowCredit,
    ShowHistory,
    ShowReceipt,
    ShowTotals,
    UseVoucher,
    Verify,
    keyword_of,
)
from commands.parse import Grammar, parse
from commands.secret import Secret
from commands.words import SYNONYMS

SV = Grammar()
TEL = "+50371234567"


def _pin(pin: Secret | None) -> str:
    return "" if pin is None else f" PIN {pin.reveal()}"


def _who(who: Recipient) -> str:
    match who:
        case Phone(e164=number):
            return number
        case Code(digits=digits):
            return digits
        case Alias(word=word):
            return word.lower()


def _told(said: Command | Misread) -> str:  # noqa: C901 - a line each
    match said:
        case Pay(recipient=who, amount=amount, pin=pin, memo=memo):
            return f"pay {_who(who)} {amount}{_pin(pin)}" + (memo and f" for {memo}")
        case ShowBalance(pin=pin):
            return f"balance{_pin(pin)}"
        case ShowHistory(page=page, pin=pin):
            return f"history {page}{_pin(pin)}"
        case Verify(ref=ref):
            return f"verify {ref}"
        case Charge(recipient=who, amount=amount, memo=memo):
            return f"charge {_who(who)} {amount}" + (memo and f" for {memo}")
        case Cancel(token=token, ref=ref, pin=pin):
            return "cancel" + (f" {token or ref}" if token or ref else "") + _pin(pin)
        case Refund(ref=ref, amount=much, pin=pin):
            return f"refund {ref}" + (f" {much}" if much else "") + _pin(pin)
        case ShowReceipt(ref=ref):
            return "receipt" + (f" {ref}" if ref else "")
        case Answer(said=yes, token=token, pin=pin, card=card):
            code = f" card {card.reveal()}" if card and not pin else ""
            return yes + (f" {token}" if token else "") + _pin(pin) + code
        case ChangePin(old=old, new=new, again=again):
            return f"change {old.reveal()} {new.reveal()} {again.reveal()}"
        case Block(code=code):
            return "block" + (f" {code.digits}" if code else "")
        case SetLanguage(language=language):
            return f"language {language}"
        case OpenMenu():
            return "menu"
        case Offer(text=text, price=price):
            return f"offer {text}" + ("" if price is None else f" at {price}")
        case Need(text=text):
            return f"need {text}"
        case FindOffers(query=query, page=page):
            return f"find {query} page {page}"
        case DropAd(ad=ad):
            return f"drop {ad}"
        case Help(topic=topic, page=page):
            return " ".join(
                ["help", *([topic] if topic else []), *["more"] * (page - 1)]
            )
        case Info(word=word):
            return f"info {word}"
        case Misread(why=why, keyword=about, suggestions=several, money=money):
            words = [why, about or "", *(f"{one}?" for one in several)]
            return " ".join(filter(None, [*words, "money" * money]))
        case ManageTill() | ShowTotals() | AskCard() | UseVoucher() | SetWord():
            return _told_of_tills(said)
        case _:
            return _told_of_people(said)


def _told_of_tills(
    said: ManageTill | ShowTotals | AskCard | UseVoucher | SetWord,
) -> str:
    match said:
        case ManageTill(change=change, phone=phone, name=name, pin=pin):
            about = " ".join(filter(None, [change, phone, name]))
            return f"till {about}{_pin(pin)}"
        case ShowTotals(ago=ago, date=date, page=page, pin=pin):
            day = "/".join(map(str, date)) if date else f"-{ago}"
            return f"totals {day} {page}{_pin(pin)}"
        case AskCard():
            return "card"
        case UseVoucher(number=number):
            return f"voucher {number.reveal()}"
        case SetWord(word=word, pin=pin):
            return f"word {word}{_pin(pin)}"
        case _:
            assert_never(said)


def _told_of_people(  # noqa: C901 - a line each
    said: Join
    | CallMe
    | Dispute
    | AskWho
    | ChangeAlias
    | ShowCredit
    | OptOut
    | Promotions
    | Guard
    | HideBalance,
) -> str:
    match said:
        case Join(name=name):
            return f"join {name}"
        case CallMe(topic=topic):
            return f"call {topic}".strip()
        case Dispute(ref=ref, text=text):
            return f"dispute {ref} {text}".strip()
        case AskWho(recipient=who):
            return f"who {_who(who)}"
        case ChangeAlias(word=word, pin=pin):
            return f"alias {word}{_pin(pin)}"
        case ShowCredit(pin=pin, text=text):
            return "credit" + (f": {text}" if text else _pin(pin))
        case OptOut(notices=notices, word=word):
            return "opt out" + ", notices too" * notices + (word and f" by {word}")
        case Promotions(wanted=wanted):
            return f"promos {wanted}"
        case Guard(recipient=who, drop=drop, pin=pin):
            return "guard " + "no more " * drop + f"{_who(who)}{_pin(pin)}"
        case HideBalance(hidden=hidden, pin=pin):
            return f"balance {'hidden' if hidden else 'shown'}{_pin(pin)}"
        case _:
            assert_never(said)


PAYMENTS = [
    # The canonical order, with and without the PIN.
    ("PAGAR 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("PAGAR 20417 25.50", "pay 20417 2550"),
    ("PAGAR rosa 25", "pay rosa 2500"),
    ("PAGAR panaderialuz 25", "pay panaderialuz 2500"),
    ("PAGAR 71234567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    # The other orders: amount first, PIN first, and what else can mean one thing only.
    ("PAGAR 25 rosa 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR 25.50 20417", "pay 20417 2550"),
    ("PAGAR 4821 rosa 25.50", "pay rosa 2550 PIN 4821"),
    ("PAGAR 4821 20417 25", "pay 20417 2500 PIN 4821"),
    ("PAGAR rosa 4821 25.50", "pay rosa 2550 PIN 4821"),
    ("PAGAR 25.50 4821 rosa", "pay rosa 2550 PIN 4821"),
    ("PAGAR 4821 25.50 rosa", "pay rosa 2550 PIN 4821"),
    ("PAGAR 20417 1500 4821", "pay 20417 150000 PIN 4821"),
    ("PAGAR rosa 1500 4821", "pay rosa 150000 PIN 4821"),
    ("PAGAR rosa 1500 0482", "pay rosa 150000 PIN 0482"),
    ("PAGAR 1500 A 20417 4821", "pay 20417 150000 PIN 4821"),
    ("PAGAR +50371234567 1,500 4821", f"pay {TEL} 150000 PIN 4821"),
    # Every word for it, in any case, with accents, spaces and separators.
    ("PAY 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("pago 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("Pague 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("enviar 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("Send 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("p 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("1 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("Págàr Rosá 25,50 4821", "pay rosa 2550 PIN 4821"),
    ("PAGAR peña 25", "pay pena 2500"),
    ("PAGAR PEN\u0303A 25", "pay pena 2500"),
    ("PAGAR*20417*25*4821", "pay 20417 2500 PIN 4821"),
    ("*PAGAR*20417*25*4821#", "pay 20417 2500 PIN 4821"),
    ("*1*20417*25*4821#", "pay 20417 2500 PIN 4821"),
    ("PAGAR#20417#25#4821", "pay 20417 2500 PIN 4821"),
    ("PAGAR;20417;25;4821", "pay 20417 2500 PIN 4821"),
    ("PAGAR*20417*25*****", "pay 20417 2500"),
    ("  PAGAR   20417\t25.50   4821  ", "pay 20417 2550 PIN 4821"),
    ("PAGAR\r\n20417\n25.50\n4821\n", "pay 20417 2550 PIN 4821"),
    ("PAGAR\u00a020417\u00a025.50\u202f4821", "pay 20417 2550 PIN 4821"),
    ("PAGAR 20417, 25.50, 4821.", "pay 20417 2550 PIN 4821"),
    ("PAGAR: 20417 25. 4821!", "pay 20417 2500 PIN 4821"),
    ("¡PAGAR 20417 25.50 4821!", "pay 20417 2550 PIN 4821"),
    # What phones and keyboards add.
    ("“PAGAR 20417 25.50 4821”", "pay 20417 2550 PIN 4821"),
    ("PAGAR «rosa» '25.50' 4821", "pay rosa 2550 PIN 4821"),
    ("PAGAR 20417 25.50 4821 😀", "pay 20417 2550 PIN 4821"),
    ("👉🏽PAGAR 20417 💵25.50 4821👍", "pay 20417 2550 PIN 4821"),
    ("PAGAR\u200b 20417\ufeff 25.50 \u200f4821", "pay 20417 2550 PIN 4821"),
    ("PAGAR 20417 2\ufe0f\u20e35\ufe0f\u20e3 4821", "pay 20417 2500 PIN 4821"),
    ("PAGAR \x0020417 25.50\x1b 4821\x7f", "pay 20417 2550 PIN 4821"),
    ("ＰＡＧＡＲ 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    # Amounts.
    ("PAGAR rosa $25 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR rosa 25$ 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR rosa $ 25 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR rosa 25PT 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR rosa 25 pt 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR rosa 25.5 4821", "pay rosa 2550 PIN 4821"),
    ("PAGAR rosa .50 4821", "pay rosa 50 PIN 4821"),
    ("PAGAR rosa 1,234.50 4821", "pay rosa 123450 PIN 4821"),
    ("PAGAR rosa 12,345.6 4821", "pay rosa 1234560 PIN 4821"),
    ("PAGAR rosa 12,50 4821", "pay rosa 1250 PIN 4821"),
    ("PAGAR rosa 1.234,50 4821", "pay rosa 123450 PIN 4821"),
    ("PAGAR rosa 1500.00", "pay rosa 150000"),
    # Phones in every form.
    ("PAGAR 7123-4567 25", f"pay {TEL} 2500"),
    ("PAGAR 7123 4567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR 25 7123 4567", f"pay {TEL} 2500"),
    ("PAGAR 4821 7123 4567 25.50", f"pay {TEL} 2550 PIN 4821"),
    ("PAGAR 50371234567 25", f"pay {TEL} 2500"),
    ("PAGAR 0050371234567 25", f"pay {TEL} 2500"),
    ("PAGAR 71-23 4567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR +503 7123 4567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR +503 7123-4567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR +503-7123-4567 25", f"pay {TEL} 2500"),
    ("PAGAR 503 7123 4567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR 00503 71234567 25 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR 7123 4567 1500 4821", f"pay {TEL} 150000 PIN 4821"),
    ("PAGAR rosa 7123 4567", "pay rosa 712300 PIN 4567"),
    ("PAGAR 2222-3333 25", "pay +50322223333 2500"),
    # Fillers, and the mark of the recipient, in both orders and languages.
    ("PAGAR 25 A rosa", "pay rosa 2500"),
    ("PAGAR 25 a la rosa 4821", "pay rosa 2500 PIN 4821"),
    ("PAGAR A rosa 5.00 4821", "pay rosa 500 PIN 4821"),
    ("PAGAR 5.00 A rosa 4821", "pay rosa 500 PIN 4821"),
    ("PAY 5.00 TO THE bakery", "pay bakery 500"),
    ("PAGAR al 20417 25 4821", "pay 20417 2500 PIN 4821"),
    ("PAGAR 25 PARA EL 20417", "pay 20417 2500"),
    ("PAGAR 25 A 7123 4567 4821", f"pay {TEL} 2500 PIN 4821"),
    ("PAGAR 25 7123 PIN 4821 4567", "syntax PAGAR money"),
    ("PAGAR 13076 A 20417 25.50", "syntax PAGAR money"),
    # The PIN by name.
    ("PAGAR 20417 25.50 PIN 4821", "pay 20417 2550 PIN 4821"),
    ("PAGAR 20417 25.50 clave: 4821", "pay 20417 2550 PIN 4821"),
    ("PAGAR 1500 rosa PIN 4821", "pay rosa 150000 PIN 4821"),
    ("PAGAR PIN 4821 rosa 1500", "pay rosa 150000 PIN 4821"),
    # The memo; nothing in it that could be a PIN is kept.
    ("PAGAR 20417 25.50 POR almuerzo", "pay 20417 2550 for almuerzo"),
    ("PAGAR 20417 25.50 4821 por Pan dulce", "pay 20417 2550 PIN 4821 for Pan dulce"),
    ("PAY 20417 25.50 4821 for 2 lunches", "pay 20417 2550 PIN 4821 for 2 lunches"),
    ("PAGAR 20417 25.50 POR pan 4821", "pay 20417 2550 for pan ****"),
    ("PAGAR 20417 25.50 POR: jabón; y sal", "pay 20417 2550 for jabon; y sal"),
    ("PAGAR 20417 25.50 POR señas", "pay 20417 2550 for señas"),
    ("PAGAR 20417 25.50 POR", "pay 20417 2550"),
    ("PAGAR 20417 25.50 POR " + "x" * 200, "pay 20417 2550 for " + "x" * 60),
    ("PAGAR 20417 25.50 POR 5.00 A rosa", "pay 20417 2550 for 5.00 A rosa"),
    ("PAGAR 20417 POR 25.50", "syntax PAGAR money"),
]

REFUSALS = [
    # Amount or PIN is missing.
    ("PAGAR rosa 1500", "amount_or_pin_missing PAGAR money"),
    ("PAGAR rosa 4821", "amount_or_pin_missing PAGAR money"),
    ("PAGAR 1500 rosa", "amount_or_pin_missing PAGAR money"),
    ("PAGAR 20417 1500", "amount_or_pin_missing PAGAR money"),
    ("PAGAR A 20417 1500", "amount_or_pin_missing PAGAR money"),
    ("PAGAR 1500 A 20417", "amount_or_pin_missing PAGAR money"),
    ("PAGAR 7123 4567 1500", "amount_or_pin_missing PAGAR money"),
    ("PAGAR rosa 0482", "amount_or_pin_missing PAGAR money"),
    ("PAGAR rosa $1500", "amount_or_pin_missing PAGAR money"),
    # Two readings.
    ("PAGAR 4821 20417 1500", "two_readings PAGAR money"),
    ("PAGAR 1500 20417 4821", "two_readings PAGAR money"),
    ("PAGAR 4821 rosa 1500", "two_readings PAGAR money"),
    ("PAGAR 4821 1500 rosa", "two_readings PAGAR money"),
    ("PAGAR 20417 13076 4821", "two_readings PAGAR money"),
    ("PAGAR 20417 7123 4567", "two_readings PAGAR money"),
    ("PAGAR 2337 71-23 4567 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 25.50 30.00", "two_readings PAGAR money"),
    ("PAGAR rosa 25.50 30.00 4821", "two_readings PAGAR money"),
    ("PAGAR 20417 25 30", "two_readings PAGAR money"),
    # The amount is not clear.
    ("PAGAR rosa 1.500", "amount_unclear PAGAR money"),
    ("PAGAR rosa 12.345 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 1 500", "amount_unclear PAGAR money"),
    ("PAGAR rosa 1 500 4821", "amount_unclear PAGAR money"),
    ("PAGAR 20417 12 345.50", "amount_unclear PAGAR money"),
    ("PAGAR rosa 2O 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 1e3 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa -5 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa $-5 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa (5) 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 0 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 0.00 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 05 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 25.505 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 1,23,4 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa ,50 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 12'50 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 12’50 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 1‚50 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 25€ 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa €25 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa US$25 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 2$5 4821", "amount_unclear PAGAR money"),
    # However long, with a dot or stroke it was no phone.
    ("PAGAR 2041725.50 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 25.504821", "amount_unclear PAGAR money"),
    ("PAGAR 20417,25.50,4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 25.50-5.00 4821", "amount_unclear PAGAR money"),
    # A second code, or the PIN twice, is hardly an amount.
    ("PAGAR rosa 20417", "amount_unclear PAGAR money"),
    ("PAGAR rosa 20417 4821", "amount_unclear PAGAR money"),
    ("PAGAR rosa 4821 4821", "amount_unclear PAGAR money"),
    # Characters that would be read as another number.
    ("PAGAR rosa 5² 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa ① 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa 25.5₀ 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa ２５ 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa ٢٥ 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa 25．50 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa 25，50 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa 25½ 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa 25… 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa Ⅴ 4821", "strange_digits PAGAR money"),
    ("PAGAR rosa 25 ４８２１", "strange_digits PAGAR money"),
    ("PAGAR 20417 25 4821 POR 5 m²", "strange_digits PAGAR money"),
    ("PAGRA rosa 5²", "strange_digits PAGAR money"),
    ("№", "strange_digits"),
    ("SALDO ①", "strange_digits SALDO"),
    ("①②", "strange_digits money"),
    # A code with a wrong check digit.
    ("PAGAR 20471 25.50 4821", "code_mistyped PAGAR money"),
    ("PAGAR 25.50 20471", "code_mistyped PAGAR money"),
    ("PAGAR 24017 25 4821", "code_mistyped PAGAR money"),
    ("PAGAR A 20471 25.50", "code_mistyped PAGAR money"),
    # `@` that became `¡` on the way.
    ("PAGAR rosa¡luz 25 4821", "damaged_alias PAGAR money"),
    ("PAGAR rosa¡ 25", "damaged_alias PAGAR money"),
    # The rest is not what PAGAR takes.
    ("PAGAR", "syntax PAGAR money"),
    ("1", "syntax PAGAR money"),
    ("PAGAR rosa", "syntax PAGAR money"),
    ("PAGAR 20417", "syntax PAGAR money"),
    ("PAGAR 25", "syntax PAGAR money"),
    ("PAGAR 4821", "syntax PAGAR money"),
    ("PAGAR 25 4821", "syntax PAGAR money"),
    ("PAGAR rosa luz 25 4821", "syntax PAGAR money"),
    ("PAGAR rosa 25 4821 gracias", "syntax PAGAR money"),
    ("PAGAR ro 25 4821", "syntax PAGAR money"),
    ("PAGAR saldo 25 4821", "syntax PAGAR money"),
    ("PAGAR rosa@luz 25 4821", "syntax PAGAR money"),
    ("PAGAR роза 25 4821", "syntax PAGAR money"),
    ("PAGAR 81234567 25 4821", "syntax PAGAR money"),
    ("PAGAR 7123456 25 4821", "syntax PAGAR money"),
    ("PAGAR +50271234567 25", "syntax PAGAR money"),
    ("PAGAR +504 9999-1234 25", "syntax PAGAR money"),
    ("PAGAR 4821 A rosa 25.50", "syntax PAGAR money"),
    ("PAGAR 25 rosa A", "syntax PAGAR money"),
    ("PAGAR A 25 rosa", "syntax PAGAR money"),
    ("PAGAR A rosa 25 A luz", "syntax PAGAR money"),
    ("PAGAR rosa 25 PIN 48211", "syntax PAGAR money"),
    ("PAGAR rosa 25 PIN", "syntax PAGAR money"),
    ("PAGAR rosa PIN 4821", "syntax PAGAR money"),
    ("PAGAR rosa 25 48211", "two_readings PAGAR money"),
    ("PAGAR rosa 25 cuatro ocho dos uno", "syntax PAGAR money"),
    # Without its first word.
    ("20417 25.50 4821", "unknown_word PAGAR? money"),
    ("4821 rosa 25.50", "unknown_word PAGAR? money"),
    ("rosa 25.50 4821", "unknown_word"),
]

ANSWERS = [
    ("SI 47 4821", "yes 47 PIN 4821"),
    ("sí 47 4821", "yes 47 PIN 4821"),
    ("Si, 47, 4821.", "yes 47 PIN 4821"),
    ("YES 47 4821", "yes 47 PIN 4821"),
    ("SI*47*4821", "yes 47 PIN 4821"),
    ("SI 47 PIN 4821", "yes 47 PIN 4821"),
    ("SI 47", "yes 47"),
    ("SI 4821", "yes PIN 4821"),
    ("SI", "yes"),
    ("SI 47 ****", "yes 47"),
    ("47 4821", "pin 47 PIN 4821"),
    ("47 clave 4821", "pin 47 PIN 4821"),
    ("47 ****", "pin 47"),
    ("47", "pin 47"),
    ("4821", "pin PIN 4821"),
    ("4821.", "pin PIN 4821"),
    ("“4821”", "pin PIN 4821"),
    ("PIN 4821", "pin PIN 4821"),
    ("Clave: 4821", "pin PIN 4821"),
    ("NO", "no"),
    ("No!", "no"),
    ("NO 47", "no 47"),
    ("NO 47 4821", "no 47"),
    ("NO 4821", "no"),
    ("NO gracias", "syntax NO money"),
    ("NO 47 48", "syntax NO money"),
    ("SI gracias", "syntax SI money"),
    ("SI 4821 47", "syntax SI money"),
    ("SI 4", "syntax SI money"),
    ("SI 05 4821", "syntax SI money"),
    ("47 48211", "syntax SI money"),
    ("47 SI 4821", "syntax SI money"),
    ("4821 47", "unknown_word money"),
    ("48217", "unknown_word money"),
    ("482177", "pin card 482177"),
    ("7", "unknown_word"),
]

OTHERS = [
    ("SALDO", "balance"),
    ("saldo?", "balance"),
    ("BAL 4821", "balance PIN 4821"),
    ("2 4821", "balance PIN 4821"),
    ("SALDO PIN 4821", "balance PIN 4821"),
    ("SALDO ****", "balance"),
    ("s", "balance"),
    ("SALDO rosa", "syntax SALDO"),
    ("SALDO 48211", "syntax SALDO"),
    ("SALDO 4821 4821", "syntax SALDO"),
    ("MOVS", "history 1"),
    ("MOVS 2", "history 2"),
    ("HIST 2 4821", "history 2 PIN 4821"),
    ("MOVS 4821", "history 1 PIN 4821"),
    ("MOVS 4821 12", "history 12 PIN 4821"),
    ("3", "history 1"),
    ("3 3", "history 3"),
    ("MOVS 0", "syntax MOVS"),
    ("MOVS 482", "syntax MOVS"),
    ("MOVS hoy", "syntax MOVS"),
    ("VER 4812057735", "verify 4812057735"),
    ("VERIFY 481205-7735", "verify 4812057735"),
    ("ver 481205 7735", "verify 4812057735"),
    ("5 4812057736", "verify 4812057736"),
    ("VER Ref 481205-7735.", "verify 4812057735"),
    ("VER PAGO OK 5.00 PT a Rosa (20417). Ref 481205-7735", "verify 4812057735"),
    ("VER 4812057735 o 9031182643", "syntax VER"),
    ("VER", "syntax VER"),
    ("VER 481205773", "syntax VER"),
    ("VER 48120577355", "syntax VER"),
    ("VER 481205773a", "syntax VER"),
    ("PIN 4821 1357 1357", "change 4821 1357 1357"),
    ("CLAVE 4821 1357 1357", "change 4821 1357 1357"),
    ("PIN 4821 1357 1358", "change 4821 1357 1358"),
    ("PIN 4821 135 135", "change 4821 135 135"),
    ("PIN 12345678 1357 1357", "change 12345678 1357 1357"),
    ("PIN 1234 5678 1357 1357", "change 12345678 1357 1357"),
    ("PIN 1234-5678 1357 1357", "change 12345678 1357 1357"),
    ("PIN", "syntax PIN"),
    ("PIN 4821 1357", "syntax PIN"),
    ("PIN 48211 1357 1357", "syntax PIN"),
    ("PIN 4821 abcd abcd", "syntax PIN"),
    ("PIN 48 21 1357 1357", "syntax PIN"),
    ("ROBO", "block"),
    ("stolen", "block"),
    ("BLOQUEAR 20417", "block 20417"),
    ("ROBO 20471", "code_mistyped ROBO"),
    ("ROBO rosa", "syntax ROBO"),
    ("ROBO 20417 13076", "syntax ROBO"),
    ("IDIOMA EN", "language en"),
    ("LANG es", "language es"),
    ("idioma Inglés", "language en"),
    ("idioma español", "language es"),
    ("LANG FR", "language None"),
    ("LANG", "language None"),
    ("AYUDA", "help"),
    ("help", "help"),
    ("?", "help"),
    ("¿?", "help"),
    ("???", "help"),
    ("0", "help"),
    ("MENU", "menu"),
    ("menu por favor", "menu"),
    ("AYUDA MENU", "help MENU"),
    ("AYUDA PAGAR", "help PAGAR"),
    ("HELP pay", "help PAGAR"),
    ("AYUDA 1", "help PAGAR"),
    ("AYUDA 2", "help more"),
    ("0*3#", "help more more"),
    ("AYUDA SALDOO", "help SALDO"),
    ("AYUDA COBRAR", "help COBRAR"),
    ("AYUDA xyz", "help"),
    ("AYUDA no entiendo nada", "help"),
    # Known, and not built yet.
    ("VALE 60311-82047", "voucher 6031182047"),
    ("VENDO queso", "offer queso"),
    # CANCELAR and SALIR.
    ("CANCELAR 47", "cancel 47"),
    ("CANCELAR 481205-7735", "cancel 4812057735"),
    ("CANCELAR 481205-7735 4821", "cancel 4812057735 PIN 4821"),
    ("CANCELAR la", "unknown_word"),
    ("CANCELAR la cita", "unknown_word"),
    ("SALIR 47", "unknown_word"),
    ("SALIRR", "unknown_word"),
]

ASKING = [
    # COBRAR: a member and an amount, in any order; no PIN.
    ("COBRAR 7123-4567 12.50 POR almuerzo", f"charge {TEL} 1250 for almuerzo"),
    ("4 7123-4567 12.50", f"charge {TEL} 1250"),
    ("cobro 12.50 a rosa", "charge rosa 1250"),
    ("CHARGE 20417 25", "charge 20417 2500"),
    ("REQUEST 25PT 20417", "charge 20417 2500"),
    ("COBRAR 7123 4567 1500.00", f"charge {TEL} 150000"),
    ("COBRAR*20417*25#", "charge 20417 2500"),
    ("COBRRA 20417 25", "charge 20417 2500"),
    ("COBRAR 20417 25 POR pan 4821", "charge 20417 2500 for pan ****"),
    # What could be a PIN is never told to the other as the amount.
    ("COBRAR rosa 4821", "amount_unclear COBRAR"),
    ("COBRAR rosa 1500", "amount_unclear COBRAR"),
    ("COBRAR 7123 4567 1500", "amount_unclear COBRAR"),
    ("COBRAR rosa 20417", "amount_unclear COBRAR"),
    ("COBRAR 20417 25.50 4821", "syntax COBRAR"),
    ("COBRAR 20417 25 PIN 4821", "syntax COBRAR"),
    ("COBRAR rosa 1.500", "amount_unclear COBRAR"),
    ("COBRAR 20471 25", "code_mistyped COBRAR"),
    ("COBRAR 20417 13076", "two_readings COBRAR"),
    ("COBRAR rosa¡ 25", "damaged_alias COBRAR"),
    ("COBRAR rosa", "syntax COBRAR"),
    ("COBRAR 25", "syntax COBRAR"),
    ("COBRAR", "syntax COBRAR"),
    ("4", "syntax COBRAR"),
    # ANULAR: a token, a reference and a PIN, or whatever is open.
    ("ANULAR 47", "cancel 47"),
    ("CANCEL 47", "cancel 47"),
    ("anular el 47", "cancel 47"),
    ("ANULAR", "cancel"),
    ("ANULAR 4812057735 4821", "cancel 4812057735 PIN 4821"),
    ("ANULAR 481205-7735 PIN 4821", "cancel 4812057735 PIN 4821"),
    ("ANULAR 481205 7735", "cancel 4812057735"),
    ("ANULAR 481205 7735 4821", "cancel 4812057735 PIN 4821"),
    ("ANULAR 4812057735 25.00 4821", "syntax ANULAR"),
    ("ANULAR rosa", "syntax ANULAR"),
    ("ANULAR 05", "syntax ANULAR"),
    # DEVOLVER: a reference, perhaps an amount, the PIN last.
    ("DEVOLVER 4812057735 4821", "refund 4812057735 PIN 4821"),
    ("REFUND 481205-7735 4821", "refund 4812057735 PIN 4821"),
    ("DEVOLVER 481205 7735 4821", "refund 4812057735 PIN 4821"),
    ("DEVOLVER Ref 481205-7735 4821", "refund 4812057735 PIN 4821"),
    ("DEVOLVER 4812057735 10.00 4821", "refund 4812057735 1000 PIN 4821"),
    ("DEVOLVER 4812057735 10 PT PIN 4821", "refund 4812057735 1000 PIN 4821"),
    ("DEVOLVER 4812057735 1500 4821", "refund 4812057735 150000 PIN 4821"),
    ("DEVOLVER 4812057735", "refund 4812057735"),
    ("DEVOLVER 4812057735 10.00", "refund 4812057735 1000"),
    ("DEVOLVER 4812057735 ****", "refund 4812057735"),
    ("DEVOLVER 4812057735 4821 10.00", "syntax DEVOLVER money"),
    ("DEVOLVER 4812057735 1.500 4821", "amount_unclear DEVOLVER money"),
    ("DEVOLVER 4812057735 4821 4821", "amount_unclear DEVOLVER money"),
    ("DEVOLVER 481205773 4821", "syntax DEVOLVER money"),
    ("DEVOLVER rosa 10.00 4821", "syntax DEVOLVER money"),
    ("DEVOLVER", "syntax DEVOLVER money"),
    ("DEVOLVR 4812057735 hoy", "which_word DEVOLVER? money"),
    # ULTIMO.
    ("ULTIMO", "receipt"),
    ("receipt", "receipt"),
    ("ULTIMO 481205-7735", "receipt 4812057735"),
    ("ULTIMO 481205 7735", "receipt 4812057735"),
    ("ULTIMO recibo 481205-7735", "receipt 4812057735"),
    ("ULTIMO 4812", "syntax ULTIMO"),
    ("ULTIMO hoy", "syntax ULTIMO"),
]

PEOPLE = [
    ("ALTA Juan Perez carpintero", "join Juan Perez carpintero"),
    ("alta María López, panadería.", "join Maria Lopez, panaderia"),
    ("JOIN Rosa 4821", "join Rosa"),
    ("REGISTRO de la Rosa", "join de la Rosa"),
    ("ALTA", "syntax ALTA"),
    ("ALTA 7123 4567", "syntax ALTA"),
    ("LLAMAR", "call"),
    ("LLAMAR mi PIN es 4821", "call mi PIN es ****"),
    ("CALL about my card", "call about my card"),
    ("RECLAMO 4812057735 no entregó", "dispute 4812057735 no entrego"),
    ("RECLAMO REF 481205-7735 no entrego", "dispute 4812057735 no entrego"),
    ("DISPUTE 481205 7735", "dispute 4812057735"),
    ("RECLAMO no entrego 481205-7735 nada", "dispute 4812057735 no entrego nada"),
    ("RECLAMO pin 4821 de 4812057735", "dispute 4812057735 pin ****"),
    ("RECLAMO 4812057735 mi pin 4821", "dispute 4812057735 mi pin ****"),
    ("RECLAMO 481205773 no", "syntax RECLAMO"),
    ("RECLAMO no entrego", "syntax RECLAMO"),
    ("RECLAMO", "syntax RECLAMO"),
    ("QUIEN 20417", "who 20417"),
    ("WHO rosa", "who rosa"),
    ("QUIEN 7123 4567", f"who {TEL}"),
    ("QUIEN es el 503 7123-4567", "syntax QUIEN"),
    ("QUIEN 503 7123-4567", f"who {TEL}"),
    ("QUIEN A PANADERIALUZ", "who panaderialuz"),
    ("QUIEN 20471", "code_mistyped QUIEN"),
    ("QUIEN", "syntax QUIEN"),
    ("QUIEN 4821", "syntax QUIEN"),
    ("ALIAS panaderialuz 4821", "alias PANADERIALUZ PIN 4821"),
    ("ALIAS peña PIN 4821", "alias PENA PIN 4821"),
    ("ALIAS pagar 4821", "alias PAGAR PIN 4821"),
    ("ALIAS panaderialuz", "alias PANADERIALUZ"),
    ("ALIAS 4821 panaderialuz", "syntax ALIAS"),
    ("ALIAS pan luz 4821", "syntax ALIAS"),
    ("CREDITO", "credit"),
    ("CREDITO 4821", "credit PIN 4821"),
    ("CREDIT PIN 4821", "credit PIN 4821"),
    ("CREDITO quiero 200 mas para harina", "credit: quiero 200 mas para harina"),
    ("CREDITO quiero 200 mas 4821", "credit: quiero 200 mas ****"),
    ("BAJA", "opt out"),
    ("STOP", "opt out"),
    ("BAJA de las promociones", "opt out"),
    ("BAJA AVISOS", "opt out, notices too"),
    ("STOP NOTICES", "opt out, notices too"),
    ("CANCELAR", "opt out by CANCELAR"),
    ("Salir.", "opt out by SALIR"),
    ("CANCELAR todo", "unknown_word"),
    ("SALIRR", "unknown_word"),
    ("PROMOS SI", "promos True"),
    ("PROMOS YES", "promos True"),
    ("PROMOS NO", "promos False"),
    ("PROMOS", "syntax PROMOS"),
    ("GUARDIAN 71234567 4821", f"guard {TEL} PIN 4821"),
    ("GUARDIAN 7123 4567 4821", f"guard {TEL} PIN 4821"),
    ("GUARD rosa PIN 4821", "guard rosa PIN 4821"),
    ("GUARDIAN a la rosa 4821", "guard rosa PIN 4821"),
    ("GUARDIAN 20417", "guard 20417"),
    ("GUARDIAN QUITAR 20417 4821", "guard no more 20417 PIN 4821"),
    ("GUARD DROP rosa 4821", "guard no more rosa PIN 4821"),
    ("GUARDIAN 20471 4821", "code_mistyped GUARDIAN"),
    ("GUARDIAN QUITAR 4821", "syntax GUARDIAN"),
    ("GUARDIAN 4821", "syntax GUARDIAN"),
    ("GUARDIAN", "syntax GUARDIAN"),
    ("SALDO OCULTO", "balance hidden"),
    ("BAL HIDE", "balance hidden"),
    ("SALDO VISIBLE 4821", "balance shown PIN 4821"),
    ("BAL SHOW", "balance shown"),
    ("SALDO OCULTO ya", "syntax SALDO"),
]
WORDS = [
    # One slip, one correction.
    ("PAGRA 20417 25.50 4821", "pay 20417 2550 PIN 4821"),
    ("SLADO", "balance"),
    ("SLADO 4821", "balance PIN 4821"),
    ("VERIFCAR 4812057735", "verify 4812057735"),
    ("Enviarr 25 rosa", "pay rosa 2500"),
    ("DEVOLVR 4812057735", "refund 4812057735"),
    ("CREDTIO", "credit"),
    # A slip that moves money needs a complete text.
    ("PAGRA", "which_word PAGAR? money"),
    ("PAGRA rosa 1500", "which_word PAGAR? money"),
    ("PAGA la luz mañana", "which_word PAGAR? money"),
    # Between two commands it is asked.
    ("COBO", "which_word COBRAR? ROBO?"),
    ("COBO 7123-4567 12.50", "which_word COBRAR? ROBO?"),
    ("VEND queso", "which_word PAGAR? OFERTA? money"),
    # Further away it is hinted at.
    ("PGARA 20417 25.50 4821", "unknown_word PAGAR? money"),
    ("hola", "unknown_word"),
    ("Gracias!", "unknown_word"),
    ("SALDO4821", "unknown_word"),
    ("BLA", "unknown_word"),
    ("PYA rosa 25", "unknown_word"),
    # Nothing at all.
    ("", "empty"),
    ("  \n ", "empty"),
    ("😀😀", "empty"),
    ("...", "empty"),
    ("****", "empty"),
    ("$", "empty"),
]


@pytest.mark.parametrize(
    ("text", "told"),
    PAYMENTS + REFUSALS + ANSWERS + OTHERS + ASKING + PEOPLE + WORDS,
)
def test_reading(text: str, told: str) -> None:
    """Each text is read as its row says, and as nothing else."""
    assert _told(parse(text, SV).said) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PAGAR 20417 25.50 482177", "pay 20417 2550 PIN 482177"),
        ("PAGAR rosa 1500", "pay rosa 150000"),
        ("PAGAR rosa 1500 482177", "pay rosa 150000 PIN 482177"),
        ("PAGAR rosa 150000", "amount_or_pin_missing PAGAR money"),
        ("PAGAR 150000 rosa 482177", "two_readings PAGAR money"),
        ("PAGAR 20417 25.50 4821", "two_readings PAGAR money"),
        ("SI 47 482177", "yes 47 PIN 482177"),
        ("482177", "pin PIN 482177"),
        ("4821", "unknown_word money"),
        ("PIN 482177 135791 135791", "change 482177 135791 135791"),
    ],
)
def test_pins_of_six(text: str, told: str) -> None:
    """Where PINs have six digits, four digits are an amount and nothing else."""
    assert _told(parse(text, Grammar(pin_length=6)).said) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PAGAR rosa 1.500 4821", "pay rosa 150000 PIN 4821"),
        ("PAGAR rosa 25,50", "pay rosa 2550"),
        ("PAGAR rosa 1,500", "amount_unclear PAGAR money"),
        ("PAGAR 8123-4567 25 HORA", "pay +50581234567 2500"),
        ("PAGAR +505 8123 4567 25hora", "pay +50581234567 2500"),
        ("PAGAR 7123-4567 25", "pay +50571234567 2500"),
        ("PAGAR 6123-4567 25", "syntax PAGAR money"),
    ],
)
def test_another_country(text: str, told: str) -> None:
    """Phones, the decimal comma and the unit are the network's own."""
    grammar = Grammar(
        country_code="505", phone_first="2578", decimal_comma=True, unit="Hora"
    )
    assert _told(parse(text, grammar).said) == told


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Hola que tal", "HOLA"),
        ("¡Adiós!", "ADIOS"),
        ("PAGRA rosa", "PAGRA"),
        ("SALDO4821", ""),
        ("cuatro ocho dos uno", ""),
        ("cuatroocho", ""),
        ("4821", ""),
        ("привет", ""),
        ("", ""),
    ],
)
def test_first_word(text: str, word: str) -> None:
    """A reply may repeat the first word: letters only, and no digit's name."""
    assert parse(text, SV).word == word


def test_every_word_is_read() -> None:
    """Every word of every command is read as that command."""
    assert set(SYNONYMS) == set(Keyword)
    for key, words in SYNONYMS.items():
        for word in words:
            assert keyword_of(parse(word, SV).said) is key


def test_every_command_has_a_keyword() -> None:
    """Each kind of command names its keyword, for the log and the kept row."""
    assert {kind for kind in get_args(Command) if not hasattr(kind, "keyword")} == set()
    assert parse("PIN 4821 1357 1357", SV).keyword is Keyword.pin
    assert parse("NO 47", SV).keyword is Keyword.no
    assert parse("47 4821", SV).keyword is Keyword.si
    assert parse("PAGAR rosa", SV).keyword is Keyword.pagar
    assert parse("hola", SV).keyword is None


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("PAGAR 20417 25.50 4821", True),
        ("PAGAR 20417 25.50", False),
        ("4821", True),
        ("NO 47 4821", False),
        ("SALDO 4821", True),
        ("MOVS 2", False),
        ("PIN 4821 1357 1357", True),
        ("PAGAR rosa 4821", False),
        ("DEVOLVER 4812057735 4821", True),
        ("DEVOLVER 4812057735", False),
        ("ANULAR 4812057735 4821", True),
        ("COBRAR rosa 12.50", False),
    ],
)
def test_secrets_are_announced(text: str, secret: bool) -> None:
    """A reading tells whether there is a PIN to check."""
    assert parse(text, SV).has_secret is secret


def test_a_reading_shows_no_pin() -> None:
    """Whatever prints a reading prints no PIN, whichever word it was read as."""
    for text in ("PAGAR rosa 1500 4821", "PAGAR rosa4821 25", "SI 47 4821", "4821"):
        reading: Reading = parse(text, SV)
        assert "4821" not in repr(reading)
        assert "1500" not in repr(reading)
