"""What a setting's value may be: amounts, addresses, references, names of limited size.

What comes in: a value as TOML has it. What goes out: the value as the house uses it, or
a `ValueError` whose text is the hint that the operator is shown. Amounts need to know
the network's decimals and paths the configuration's folder: both come as the
validation's context, from `smsgate.config.loading`.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from commands import spelling
from commands.command import Keyword
from commands.replies import SEGMENT
from commands.showing import languages
from commands.vocabulary import fold
from smsgate import phone
from smsgate.config.references import SecretRef, parse_reference
from smsgate.money import BadAmount, parse_amount

#: A segment can cost 0.0075.
COST_DECIMALS = 4

_SQLITE = "sqlite:///"
_HOURS = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int


def folder(info: ValidationInfo) -> Path:
    """Return where relative paths begin."""
    return Path(info.context["folder"]) if info.context else Path()


def written(text: str | list[str]) -> Any:
    """Return a default as it would be written in the file; it is checked like that."""
    return text


def _text(value: object, hint: str) -> str:
    match value:
        case str():
            return value
        case _:
            # Not a TypeError: pydantic collects ValueErrors only.
            raise ValueError(hint)


def _amount(value: object, info: ValidationInfo) -> object:
    text = _text(value, 'an amount stands in quotation marks, like "100.00"')
    try:
        minor = parse_amount(text, info.context["decimals"] if info.context else 2)
    except BadAmount as error:
        raise ValueError(str(error)) from error
    if minor == 0:
        raise ValueError("it must be above zero")
    return minor


def _optional_amount(value: object, info: ValidationInfo) -> object:
    return None if value in ("", None) else _amount(value, info)


def _optional_cost(value: object) -> object:
    """Read money for texts, in ten-thousandths; '' is None."""
    if value in ("", None):
        return None
    text = _text(value, 'money stands in quotation marks, like "0.05"')
    try:
        return parse_amount(text, COST_DECIMALS)
    except BadAmount as error:
        raise ValueError(str(error)) from error


def _prefix(value: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{0,14}", value):
        raise ValueError('write how numbers begin with their country, like "+5037"')
    return value


def _phone(value: str) -> str:
    if phone.e164(value, "SV") != value:
        raise ValueError("write a phone with + and its country, like +50370000000")
    return value


def _yes_no(value: object) -> object:
    if value in ("yes", "no"):
        return value == "yes"
    raise ValueError('write "yes" or "no", in quotation marks')


def _reference(value: object, info: ValidationInfo) -> object:
    text = _text(value, "write file:PATH, env:NAME or cred:NAME")
    return parse_reference(text, folder(info))


def _optional_reference(value: object, info: ValidationInfo) -> object:
    return None if value in ("", None) else _reference(value, info)


def _ledger(value: object, info: ValidationInfo) -> object:
    hint = 'write "sqlite:///ledger.sqlite", or another path after sqlite:///'
    text = _text(value, hint)
    path = text.removeprefix(_SQLITE)
    if path in ("", text):
        raise ValueError(hint)
    return folder(info) / path


def _optional_path(value: object, info: ValidationInfo) -> object:
    text = _text(value, 'write a path, or ""')
    return folder(info) / text if text else None


def _address(value: object) -> object:
    match = isinstance(value, str) and re.fullmatch(
        r"(?:\[([0-9A-Fa-f:]+)\]|([^:\s/]+)):([0-9]{1,5})", value
    )
    if not match or not 0 <= int(match[3]) <= 65535:
        raise ValueError("write HOST:PORT, like 127.0.0.1:8080")
    return Address(match[1] or match[2], int(match[3]))


def _optional_address(value: object) -> object:
    return None if value in ("", None) else _address(value)


def _loopback(value: str) -> str:
    address = _address(value)
    host = address.host if isinstance(address, Address) else ""
    if host not in ("localhost", "::1") and not host.startswith("127."):
        raise ValueError("this wire checks nobody: listen on 127.0.0.1:PORT only")
    return value


def _country(value: str) -> str:
    if not phone.is_country(value):
        raise ValueError("write a country's two capital letters (ISO 3166), like SV")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "no such time zone: write its IANA name, like America/El_Salvador"
        ) from None
    return value


def _web_address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("write the address from outside, like https://pay.example.org")
    return value.rstrip("/")


def matching(pattern: str, hint: str) -> AfterValidator:
    """Return a check that a text has this form; `hint` says how it should look."""
    form = re.compile(pattern)

    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise ValueError(hint)
        return value

    return AfterValidator(check)


def port_or_imei(value: str | None, info: ValidationInfo) -> str | None:
    """Return a modem's port; it may be left out where its IMEI is known."""
    if not value and not info.data.get("imei"):
        raise ValueError(
            "it is missing; write the modem's device, like /dev/serial/by-id/…, or its "
            "imei, by which it is looked for"
        )
    return value


def credit_pattern(value: str, info: ValidationInfo) -> str:
    """Return the pattern of a credit, once it can be used with the code beside it."""
    code = info.data.get("airtime_code")
    if bool(value) is not bool(code):
        raise ValueError("airtime_code and airtime_pattern go together: write both")
    try:
        groups = re.compile(value).groupindex
    except re.error as error:
        raise ValueError(f"it is no regular expression: {error}") from error
    if value and "amount" not in groups:
        raise ValueError("put a group (?P<amount>…) around the amount in the answer")
    return value


def one_segment(value: str) -> str:
    """Return a text for phones as it is sent, once it fits into one SMS."""
    if "://" in value or "www." in value.lower():
        raise ValueError("leave the link out: members learn never to tap one")
    told = spelling.fold(value)
    if len(told) > SEGMENT:
        raise ValueError(f"it takes {len(told)} of the {SEGMENT} characters of one SMS")
    return told


def _words(value: object) -> object:
    """Read lists of words by the command they mean."""
    match value:
        case dict():
            listings = value.items()
        case _:
            # Not a TypeError: pydantic collects ValueErrors only.
            raise ValueError("it must be a table")
    found: dict[Keyword, tuple[str, ...]] = {}
    for name, listed in listings:
        keyword = _keyword(name)
        if not isinstance(listed, list) or not all(isinstance(w, str) for w in listed):
            raise ValueError(f'{name}: write a list of words, like ["ABONAR"]')
        found[keyword] = tuple(fold(word) for word in listed)
    return found


def _shown(value: object) -> object:
    """Read the words to show, by language and the command they mean."""
    if not isinstance(value, dict):
        # Not a TypeError: pydantic collects ValueErrors only.
        raise ValueError("it must be a table")  # noqa: TRY004
    found: dict[str, dict[Keyword, str]] = {}
    for language, named in value.items():
        if language not in languages():
            known = " or ".join(languages())
            raise ValueError(f"nothing is said in {language}: write {known}")
        if not isinstance(named, dict) or not all(
            isinstance(word, str) for word in named.values()
        ):
            example = '{ pagar = "ABONAR" }'
            raise ValueError(f"{language}: write a word for a command, like {example}")
        found[language] = {_keyword(name): fold(word) for name, word in named.items()}
    return found


def _keyword(name: str) -> Keyword:
    if name not in Keyword.__members__:
        near = difflib.get_close_matches(name, Keyword.__members__, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"there is no command {name}{hint}")
    return Keyword[name]


def _opening(value: str) -> str:
    """Check hours of a day; written so, the earlier is also the smaller text."""
    if not _HOURS.fullmatch(value):
        raise ValueError("write hours like 08:00-18:00")
    opens, _, closes = value.partition("-")
    if opens >= closes:
        raise ValueError("the hours must end after they begin, within one day")
    return value


def _days(value: object) -> object:
    """Check a list of days; whoever writes one name alone is told of the list."""
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError('write a list of days, like ["mon", "sat"]')
    for day in value:
        if day not in get_args(Day):
            raise ValueError(f"{day!r} is no day: write {' '.join(get_args(Day))}")
    return tuple(dict.fromkeys(value))


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Days = Annotated[tuple[Day, ...], BeforeValidator(_days)]
OpeningHours = Annotated[str, AfterValidator(_opening)]
#: Minor units, written as decimal text.
Amount = Annotated[int, BeforeValidator(_amount)]
OptionalAmount = Annotated[int | None, BeforeValidator(_optional_amount)]
#: Ten-thousandths of the currency in which texts are paid, written as decimal text.
OptionalCost = Annotated[int | None, BeforeValidator(_optional_cost)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Phone = Annotated[str, AfterValidator(_phone)]
Words = Annotated[dict[Keyword, tuple[str, ...]], BeforeValidator(_words)]
Shown = Annotated[dict[str, dict[Keyword, str]], BeforeValidator(_shown)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Reference = Annotated[SecretRef, BeforeValidator(_reference)]
OptionalReference = Annotated[SecretRef | None, BeforeValidator(_optional_reference)]
LedgerPath = Annotated[Path, BeforeValidator(_ledger)]
OptionalPath = Annotated[Path | None, BeforeValidator(_optional_path)]
OptionalAddress = Annotated[Address | None, BeforeValidator(_optional_address)]
Loopback = Annotated[str, AfterValidator(_loopback)]
Country = Annotated[str, AfterValidator(_country)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
