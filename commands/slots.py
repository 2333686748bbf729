"""What stands in the slots of a template: the values of a reply, spelled.

What comes in: a `Reply`, the network's `Voice`, the words of a language. What goes out:
texts by slot, or None where there is nothing to tell. A field means the same in every
reply, so its name and type say how it is spelled: `amount` is money, a `Party` gives
`payee`, `payee_code` and `payee_contact`. Put together in `commands.replies`.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from commands import spelling
from commands.command import Keyword
from commands.market_slots import market_slots
from commands.reply import (
    Balance,
    ChargeAsked,
    HelpText,
    History,
    InfoText,
    MenuScreen,
    NotUnderstood,
    Party,
    PayeeUnknown,
    PinAsked,
    SessionPage,
    Tills,
    WhichCharge,
    WhichQuestion,
    WhoUnknown,
)
from commands.reply.bare import WhichYes
from commands.till_slots import till_slots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commands.catalogues import Catalogue
    from commands.reply import LastMove, Reply, Voice

    #: None: nothing to tell, and the sentence is left out.
    Slots = dict[str, str | None]

NETWORK_MAX = 12
UNIT_MAX = 4
#: A member code that is never given out, since those begin with 1 to 9; its check digit
#: is right, so that a member who copies the example is told that nobody has it.
SOME_CODE = "01234"
SOME_REF = "4812057735"
#: A phone as it is written at home; nobody answers there.
_SOME_PHONE = "7000-0000"
#: Amounts as members may type them, by the network's decimals.
_SOME_AMOUNT = ("25", "25.5", "25.50")
_SOME_SMALL = ("25", "1.5", "1.50")
_SOME_THOUSANDS = ("1500", "1500.0", "1500.00")

MONEY = frozenset(
    {"amount", "balance", "available", "limit", "used"}
    | {"payment_limit", "day_limit", "day_used", "left", "returned"}
)
#: These say nothing when they are zero.
UNTOLD_ZERO = frozenset({"fee", "more", "returned"})
#: Other people, and what they are.
NAMES = {"payer", "payee", "name", "role", "by"}
#: What alarms name, and the room there is for it.
ALARMED, ALARMED_MAX = {"link", "spent", "budget", "credit", "campaign"}, 20
#: What the templates have room for.
MOVES = TOKENS = SUGGESTIONS = 3
NEAR = 2
#: How many texts list the commands.
HELP_PAGES = 5


def slots(reply: Reply, voice: Voice, words: Catalogue) -> Slots:
    """Spell every value that a template of this reply may use."""
    found: Slots = dict(_shared(voice))
    for name, value in _values(reply):
        found.update(_spelled(name, value, voice))
    found.update(_more(reply, voice, words))
    return found


def letters(word: str) -> str:
    """Return a word of a text that may be repeated, else nothing."""
    return spelling.echo(word) if word.isalpha() else ""


def _values(reply: Reply) -> Iterator[tuple[str, object]]:
    for field in fields(reply):  # type: ignore[arg-type]  # every reply is a dataclass
        yield field.name, getattr(reply, field.name)


@lru_cache(maxsize=64)
def _shared(voice: Voice) -> Slots:
    """Spell what every template may use."""
    network = spelling.name(voice.network, NETWORK_MAX)
    places = min(voice.decimals, 2)
    return {
        "network": network,
        "unit": spelling.fold(voice.unit)[:UNIT_MAX].rstrip(),
        # Without a phone to call there is still somebody to ask.
        "help": spelling.fold(voice.help_phone)[:16] or network,
        "some_code": SOME_CODE,
        "some_ref": SOME_REF,
        "some_phone": _SOME_PHONE,
        "some_amount": _SOME_AMOUNT[places],
        "some_small": _SOME_SMALL[places],
        "some_thousands": _SOME_THOUSANDS[places],
    }


def _spelled(name: str, value: object, voice: Voice) -> Slots:
    match value:
        case None:
            return {name: None}
        case bool():
            return {}
        case datetime():
            return {name: spelling.moment(value, voice.timezone)}
        case int():
            return {name: _number(name, value, voice)}
        case Party():
            return _party(name, value, voice)
        case str():
            return _words(name, value, voice)
        case _:
            return {}


def _words(name: str, value: str, voice: Voice) -> Slots:
    if name == "ref":
        return {name: spelling.ref(value), "ref_digits": spelling.digits(value)}
    if name == "alias":
        return {name: spelling.echo(value) or spelling.NAMELESS}
    if name == "word":
        return {name: spelling.name(value or voice.network, NETWORK_MAX)}
    if name == "code":
        return {name: spelling.digits(value)}
    if name in ALARMED:
        return {name: spelling.fold(value)[:ALARMED_MAX]}
    return {name: spelling.name(value)} if name in NAMES else {}


def _number(name: str, value: int, voice: Voice) -> str | None:
    if name in UNTOLD_ZERO and value == 0:
        return None
    if name in MONEY or name == "fee":
        return spelling.money(value, voice.decimals)
    return spelling.money(value, 0) if name == "people" else str(value)


def _party(name: str, party: Party, voice: Voice) -> Slots:
    code = spelling.digits(party.code)
    phone = spelling.phone(party.phone, voice.country_code)
    return {
        name: spelling.name(party.name),
        f"{name}_code": code,
        f"{name}_contact": phone or code,
    }


def _more(reply: Reply, voice: Voice, words: Catalogue) -> Slots:
    """Spell the fields that hold several values, or a command."""
    match reply:
        case Balance(last=last):
            return _move("last_{}", last, voice)
        case History(moves=moves):
            return _moves(moves, voice)
        case PayeeUnknown(near=near) | WhoUnknown(near=near):
            return _near(near)
        case (
            WhichQuestion(tokens=tokens)
            | WhichCharge(tokens=tokens)
            | WhichYes(tokens=tokens)
        ):
            return {"tokens": ", ".join(map(str, tokens[:TOKENS])) or None}
        case HelpText(topic=keyword) | PinAsked(keyword=keyword):
            return _command(keyword, words, voice)
        case Tills(tills=()):
            return _command(Keyword.cajero, words, voice)
        case NotUnderstood(word=word, suggestions=suggestions, keyword=keyword):
            named: Slots = {
                "word": letters(word),
                "suggestions": _choice(suggestions, words),
            }
            return named | _command(keyword, words, voice)
        case _:
            topics = market_slots(reply, voice, words) | till_slots(reply, voice)
            return _words_of(reply) | topics


def _words_of(reply: Reply) -> Slots:
    """Spell what members and staff wrote themselves."""
    match reply:
        case ChargeAsked(memo=memo):
            return {"memo": spelling.name(memo) if spelling.fold(memo) else None}
        case MenuScreen(wrong=wrong):
            return {"oops": "" if wrong else None}
        case SessionPage(text=text, more=more, before=before):
            known = {"more": more, "before": before}
            clean = "\n".join(map(spelling.fold, text.split("\n")))
            return {"text": clean} | {
                name: "" if there else None for name, there in known.items()
            }
        case InfoText(text=text):
            return {"text": spelling.fold(text) or spelling.NAMELESS}
        case _:
            return {}


def _moves(moves: Sequence[LastMove], voice: Voice) -> Slots:
    found: Slots = {}
    for place in range(MOVES):
        move = moves[place] if place < len(moves) else None
        found |= _move(f"{{}}_{place + 1}", move, voice)
    return found


def _move(slot: str, move: LastMove | None, voice: Voice) -> Slots:
    if move is None:
        return {slot.format(part): None for part in ("amount", "name", "at")}
    return {
        slot.format("amount"): spelling.signed(move.amount, voice.decimals),
        slot.format("name"): spelling.name(move.name),
        slot.format("at"): spelling.moment(move.at, voice.timezone),
    }


def _near(near: Sequence[tuple[str, str]]) -> Slots:
    found: Slots = {}
    for place, (alias, code) in enumerate(near[:NEAR], start=1):
        found[f"near_{place}"] = spelling.name(alias, spelling.WORD_MAX)
        found[f"near_code_{place}"] = spelling.digits(code)
    return found


def _choice(suggestions: Sequence[Keyword | str], words: Catalogue) -> str | None:
    """Return `COBRO, VENDO o ROBO`."""
    named = [
        words.words[word] if isinstance(word, Keyword) else letters(word)
        for word in suggestions
    ]
    *most, last = named[:SUGGESTIONS] or [""]
    return words.either.join(filter(None, (", ".join(most), last))) or None


def _command(keyword: Keyword | None, words: Catalogue, voice: Voice) -> Slots:
    """Spell how a command is written; PAGAR where none was meant."""
    named = keyword or Keyword.pagar
    sample = words.samples.get(named)
    return {
        "keyword": words.words[named],
        "usage": words.usage[named],
        "sample": None if sample is None else sample.format_map(_shared(voice)),
    }
