"""What holds for any text: tried on mutated texts here, and by a fuzzer for hours.

What comes in: a text. What goes out: nothing, or an AssertionError with the promise
that was broken. The readings of a payment are listed once more, by brute force and with
shapes of their own, so that money moves on exactly one of them or not at all. Called by
`tests.commands.test_fuzz` and `tests.fuzz.parse`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

from commands.command import (
    Alias,
    Answer,
    Code,
    Help,
    Keyword,
    Misread,
    Pay,
    Phone,
    Verify,
    Why,
)
from commands.damm import damm_ok
from commands.normalise import clean, split
from commands.parse import Grammar, parse
from commands.replies import SEGMENT, render
from commands.reply import (
    FalseReceipt,
    HelpText,
    NotUnderstood,
    PayeeUnknown,
    Voice,
)
from commands.words import RESERVED
from modem.text import is_gsm, septets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commands.command import Reading
    from commands.reply import Reply

SV = Grammar()
#: The phone of the help desk is told in short groups, so that no PIN looks like it.
VOICES = tuple(
    Voice(language=language, network="Red Sol", help_phone="222-333-44")
    for language in ("es", "en")
)
#: What could be a PIN: as many digits as one has, and more.
PIN_LIKE = re.compile(r"\d{4,}")

_Meaning = tuple[str, int, str]
_PHONE = re.compile(r"(?:(?:\+|00)?503)?([2567][0-9]{7})")
_ALIAS = re.compile(r"[A-Z][A-Z0-9]{2,14}")
_PIN = re.compile(r"[0-9]{4}")
#: No amount begins with a zero that says nothing.
_WHOLE = "(?:0|[1-9][0-9]{0,5}|[1-9][0-9]{0,2}%s[0-9]{3})"
_DOT = re.compile(rf"{_WHOLE % ','}?(?:\.[0-9]{{1,2}})?")
_COMMA = re.compile(rf"{_WHOLE % '[.]'},[0-9]{{1,2}}")
_PRICED = re.compile(r"(?<![^ *#;])([0-9,.]+)[.,][0-9]{1,2}(?:PT)?(?![A-Z0-9])")
#: Where prices stand among the words.
ADS = frozenset({Keyword.oferta, Keyword.necesito})
#: Recipient, amount and PIN in the orders that are taught.
_TAUGHT = (("who", "much", "pin"), ("much", "who", "pin"), ("pin", "who", "much"))


def hold(text: str) -> None:
    """Check every promise for one text."""
    reading = parse(text, SV)
    assert parse(text, SV) == reading, "it is read the same way twice"
    pays_on_one_reading(text, reading)
    keeps_no_pin(reading)
    for reply in replies(reading):
        for voice in VOICES:
            told = render(reply, voice)
            assert is_gsm(told), "it is in the alphabet of a phone"
            assert septets(told) <= SEGMENT, "it is one segment"
            repeats_no_pin(text, reading, told)


def pays_on_one_reading(text: str, reading: Reading) -> None:
    """Money moves only where recipient, amount and PIN can be told in one way."""
    match reading.said:
        case Pay(recipient=who, amount=amount, pin=pin):
            digits = "" if pin is None else pin.reveal()
            listed = meanings([word.text for word in split(clean(text)[0])][1:])
            assert listed == {(_name(who), amount, digits)}, "one reading, and this one"
        case Answer(pin=pin) if pin is not None:
            typed = [word.text for word in split(clean(text)[0])]
            assert sum(map(bool, map(_PIN.fullmatch, typed))) == 1, (
                "one PIN, and only one"
            )


def keeps_no_pin(reading: Reading) -> None:
    """What is kept shows only numbers that were read as something else than a PIN."""
    known = _numbers(reading.said)
    if reading.keyword in ADS:
        # Advertisements name prices, and one with a decimal is no PIN.
        known |= set(_PRICED.findall(reading.redacted.upper()))
    for run in PIN_LIKE.findall(reading.redacted):
        assert any(run in number for number in known), "what is kept shows no PIN"
    memo = getattr(reading.said, "memo", "")
    assert PIN_LIKE.search(memo) is None, "a memo holds no PIN"


def repeats_no_pin(text: str, reading: Reading, told: str) -> None:
    """A reply repeats no four digits of the text, except the reference of VER."""
    typed = set(PIN_LIKE.findall(text)) - examples()
    if isinstance(reading.said, Verify):
        ref = reading.said.ref
        typed -= {ref, ref[:6], ref[6:]}
    assert not typed & set(PIN_LIKE.findall(told)), "a reply repeats no PIN"


def replies(reading: Reading) -> Iterator[Reply]:
    """Yield what can be answered without knowing any member."""
    match reading.said:
        case Misread() as said:
            yield NotUnderstood(
                why=said.why,
                keyword=said.keyword,
                suggestions=said.suggestions,
                money=said.money,
                word=reading.word,
            )
        case Help(topic=topic, page=page):
            yield HelpText(topic=topic, page=page)
        case Verify(ref=ref):
            yield FalseReceipt(ref=ref, mistyped=not damm_ok(ref))
        case Pay(recipient=Alias(word=word)):
            yield PayeeUnknown(alias=word)
        case Pay():
            yield PayeeUnknown()
        case _:
            pass  # what is answered depends on the member


@lru_cache(maxsize=1)
def examples() -> frozenset[str]:
    """Return the digits that forms and examples print, whatever was written."""
    forms: list[Reply] = [HelpText(topic=topic) for topic in (None, *Keyword)]
    forms += [NotUnderstood(why=why, keyword=of) for why in Why for of in Keyword]
    told = " ".join(render(form, voice) for form in forms for voice in VOICES)
    return frozenset(PIN_LIKE.findall(told))


def meanings(words: list[str]) -> set[_Meaning]:
    """List what words behind PAGAR can mean in the taught orders, else in any."""
    kept, places, who_at, pins = _unmarked(words)
    if len(pins) > 1 or len(kept) > 5:
        return set()
    taught: set[_Meaning] = set()
    other: set[_Meaning] = set()
    for items, at in _joined(kept, places, who_at):
        for order in permutations(("who", "much") if pins else ("who", "much", "pin")):
            taught_order = order in _TAUGHT or len(order) == 2
            into = taught if taught_order else other
            # Behind `A` only the PIN may follow amount and recipient.
            marked = at is None or (
                order.index("who") == at and (len(order) == 2 or order[2] == "pin")
            )
            if len(order) == len(items) and marked:
                into |= _told(dict(zip(order, items, strict=True)), pins)
        if len(items) == 2 and not pins:
            for order in permutations(("who", "much")):
                if at is None or order.index("who") == at:
                    taught |= _told(dict(zip(order, items, strict=True)), [""])
    return taught or other


def _unmarked(
    words: list[str],
) -> tuple[list[str], list[int], int | None, list[str]]:
    """Take memo, fillers and marks out: the rest, its places, who, the PINs named."""
    kept: list[str] = []
    places: list[int] = []
    who: int | None = None
    pins: list[str] = []
    named = False
    for place, word in enumerate(words):
        if word in {"POR", "FOR"}:
            break
        if named:
            pins.append(word)
            named = False
        elif word in {"PIN", "CLAVE"}:
            named = True
        elif word in {"A", "TO"}:
            who = len(kept)
        elif word not in {"AL", "LA", "EL", "PARA", "DE", "THE", "PT"}:
            kept.append(word)
            places.append(place)
    return kept, places, who, pins


def _joined(
    words: list[str], places: list[int], who: int | None
) -> Iterator[tuple[list[str], int | None]]:
    """Yield the words as they are, and with each phone in several words as one."""
    yield words, who
    for start in range(len(words)):
        for end in (start + 2, start + 3):
            phone = "".join(words[start:end])
            if end > len(words) or places[end - 1] - places[start] != end - 1 - start:
                continue
            if who in (None, start) and _phone(phone):
                yield [*words[:start], phone, *words[end:]], who


def _told(parts: dict[str, str], pins: list[str]) -> set[_Meaning]:
    who, much = _who(parts["who"]), _minor(parts["much"])
    pin = parts.get("pin", pins[0] if pins else "")
    if not who or not much or (pin and _PIN.fullmatch(pin) is None):
        return set()
    if not pin and _PIN.fullmatch(parts["much"]):
        return set()  # it may be the PIN
    return {(who, much, pin)}


def _phone(text: str) -> str:
    match = _PHONE.fullmatch(text.replace("-", ""))
    return f"+503{match[1]}" if match else ""


def _who(text: str) -> str:
    if re.fullmatch(r"[0-9]{5}", text):
        return text if damm_ok(text) else ""
    if _ALIAS.fullmatch(text) and text not in RESERVED:
        return text
    return _phone(text)


def _minor(text: str) -> int:
    """Read an amount as the table of the language has it, by Decimal."""
    bare = text.removesuffix("PT")
    if _COMMA.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _DOT.fullmatch(bare):
        bare = bare.replace(",", "")
    else:
        return 0
    return int(Decimal(bare or "0") * 100)


def _name(who: Code | Phone | Alias) -> str:
    match who:
        case Code(digits=name) | Phone(e164=name) | Alias(word=name):
            return name


def _numbers(said: object) -> set[str]:
    """Return what a command holds that may be shown: never a PIN, card or voucher."""
    found: set[str] = set()
    for name in ("recipient", "code", "ref", "phone"):
        value = getattr(said, name, None)
        match value:
            case Code() | Phone() | Alias():
                found.add("00" + _name(value).removeprefix("+"))
            case str():
                found.add("00" + value.removeprefix("+"))
            case _:
                pass
    for name in ("amount", "price"):
        found.add(str((getattr(said, name, None) or 0) // 100))
    return found
