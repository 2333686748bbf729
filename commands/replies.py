"""A reply in words: one segment, in the member's language.

What comes in: a `Reply` and the network's `Voice`. What goes out: a text of at most 160
septets. `entry` names its template, `commands.slots` spells its values, `fit` puts them
together. A sentence with nothing to tell (no fee, no suggestion) is left out. A text
that is still too long first gives up the ends of its names, then its last sentences;
its first words, which say what came of it, always stay. The words stand in
`commands.catalogues`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.market_slots import market_variant
from commands.reply import (
    AliasRefused,
    Balance,
    BudgetUsed,
    ChargeRefused,
    CodeBad,
    FalseReceipt,
    Frozen,
    GuardianNamed,
    GuardianRefused,
    GuardianSet,
    HelpText,
    History,
    MenuScreen,
    NoReceipt,
    NotPaid,
    NotUnderstood,
    OptedOut,
    PaidPayee,
    PaidPayer,
    PayeeUnknown,
    PinAsked,
    PinBad,
    PinLocked,
    PinReset,
    PinWeak,
    QuestionOver,
    RefundRefused,
    SessionOver,
    Stopped,
    Who,
    WhoUnknown,
)
from commands.reply.safety import GuardianPassed, JoinOver
from commands.showing import spoken
from commands.slots import HELP_PAGES, NEAR, letters, slots
from commands.till_slots import till_variant

if TYPE_CHECKING:
    from commands.catalogues import Catalogue
    from commands.reply import Reply, Voice
    from commands.slots import Slots

#: Septets of one segment: 140 octets without a header (3GPP TS 23.040 §9.2.3.24.1).
SEGMENT = 160

#: Slots that may lose their ends, and how much of them stays.
_ELASTIC = re.compile(
    r"word|alias|owner|till(_\d)?|network|memo|payee|payer|role|by|thing"
    r"|(last_)?name(_\d)?|near_\d"
)
_ELASTIC_MIN = 4
_SENTENCES = re.compile(r"(?<=[.?]) |(?=\n)")


def render(reply: Reply, voice: Voice, room: int = SEGMENT) -> str:
    """Write a reply: one GSM-7 segment in the language of `voice`.

    `room`: how many septets it may have, where that is less than a segment.
    """
    words = spoken(voice)
    template = words.templates[entry(reply, words)]
    if getattr(reply, "money", False):
        template = refusing(template, words)
    return fit(template, slots(reply, voice, words), room)


def name_of(reply: type[Reply]) -> str:
    """Return a reply's name as inbox, outbox and catalogues keep it: `paid_payer`."""
    return _snake(reply.__name__)


@lru_cache(maxsize=256)
def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def refusing(template: str, words: Catalogue) -> str:
    """Open a template with "NO se pago"; its own capital goes, that of PIN stays."""
    first = template[0].lower() if template[1].islower() else template[0]
    return words.not_paid + first + template[1:]


def entry(reply: Reply, words: Catalogue) -> str:
    """Return the name of the template that says this reply."""
    match reply:
        case HelpText(topic=Keyword() as topic):
            variant = topic.name
        case HelpText(page=page):
            variant = f"page_{min(page, HELP_PAGES)}" if page > 1 else ""
        case NotUnderstood():
            variant = _misread(reply, words)
        case ChargeRefused() | NoReceipt() | PinWeak() | RefundRefused():
            variant = reply.why
        case MenuScreen(screen=page):
            variant = page
        case BudgetUsed():
            variant = f"{reply.period}_{reply.percent}"
        case _:
            variant = _variant(reply)
    return name_of(type(reply)) + (f".{variant}" if variant else "")


def _misread(reply: NotUnderstood, words: Catalogue) -> str:
    if reply.why == "syntax" and reply.keyword is None:
        return "unknown_word"
    if reply.why == "amount_unclear" and reply.keyword is Keyword.oferta:
        return "price_unclear"
    if reply.why == "unknown_word" and letters(reply.word):
        return "unknown_word.named"
    return reply.why


def _variant(reply: Reply) -> str:
    match reply:
        case PayeeUnknown(alias=alias, near=near):
            known = ("alias", "near", "near_two")[min(len(near), NEAR)]
            return known if alias else ""
        case PinBad(tries_left=1) | CodeBad(tries_left=1):
            return "last"
        case CodeBad(tries_left=0):
            return "used_up"
        case PinLocked(until=None):
            return "in_person"
        case PinReset(token=None):
            return "robo"
        case SessionOver(done=True):
            return "done"
        case FalseReceipt(mistyped=True):
            return "mistyped"
        case _:
            return _person_variant(reply)


def _person_variant(reply: Reply) -> str:
    match reply:
        case PaidPayer(balance=None) | PaidPayee(balance=None):
            return "hidden"
        case WhoUnknown(alias=alias, near=near):
            known = ("alias", "near", "near_two")[min(len(near), NEAR)]
            return known if alias else ""
        case Who(able=False):
            return "unable"
        case AliasRefused(taken=True):
            return "taken"
        case GuardianRefused(why=why):
            return why
        case GuardianSet(dropped=True) | GuardianNamed(dropped=True):
            return "dropped"
        case OptedOut(notices=True):
            return "notices"
        case _:
            return (
                _account_variant(reply)
                or _safety_variant(reply)
                or market_variant(reply)
                or till_variant(reply)
            )


def _account_variant(reply: Reply) -> str:
    match reply:
        case Balance(last=None):
            return "unmoved"
        case History(moves=(), beyond=beyond):
            return "beyond" if beyond else "none"
        case NotPaid(back=True):
            return "back"
        case QuestionOver(other=True):
            return "other"
        case PinAsked(visible=True):
            return "visible"
        case _:
            return ""


def _safety_variant(reply: Reply) -> str:
    match reply:
        case Frozen(token=int()):
            return "stopped"
        case Stopped(token=None):
            return "no_token"
        case Stopped(own=True):
            return "own"
        case GuardianPassed(lifted=True):
            return "lifted"
        case JoinOver(lapsed=True):
            return "lapsed"
        case _:
            return ""


def fit(template: str, values: Slots, room: int = SEGMENT) -> str:
    """Fill a template; cut names, then sentences, until it has room."""
    filled = {slot: text for slot, text in values.items() if text is not None}
    if not filled.get("unit", "-"):
        template = template.replace(" {unit}", "")
    told = [one for one in _sentences(template) if filled.keys() >= one.slots]
    text = _joined(told, filled)
    while len(text) > room:
        if not _cut_longest(told, filled):
            if len(told) == 1:
                return text[:room]
            told.pop()
        text = _joined(told, filled)
    return text


def _cut_longest(told: list[_Sentence], filled: dict[str, str]) -> bool:
    """Take one character from the longest name; False where all are short already."""
    names = {slot for one in told for slot in one.slots if _ELASTIC.fullmatch(slot)}
    longest = max(sorted(names), key=lambda slot: len(filled[slot]), default="")
    if len(filled.get(longest, "")) <= _ELASTIC_MIN:
        return False
    filled[longest] = filled[longest][:-1].rstrip()
    return True


def _joined(told: list[_Sentence], filled: dict[str, str]) -> str:
    text = ""
    for one in told:
        gap = " " if text and not one.text.startswith("\n") else ""
        text += gap + one.text.format_map(filled)
    return text.strip()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence of a template, and the slots without which it is not told."""

    text: str
    slots: frozenset[str]


@lru_cache(maxsize=512)
def _sentences(template: str) -> tuple[_Sentence, ...]:
    return tuple(_Sentence(one, slots_of(one)) for one in _SENTENCES.split(template))


def slots_of(template: str) -> frozenset[str]:
    """Return the names of a template's slots."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
