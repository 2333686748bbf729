"""Phone numbers: whatever a link or a spreadsheet writes, to E.164 or to nothing.

The only importer of `phonenumbers`. A sender that is no subscriber's number (a short
code, an alphanumeric name) is `None`: the house keeps such a text and never answers it.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from smsgate.errors import SmsgateError


class BadPhone(SmsgateError):
    """This is not a phone number that can be written to."""


@lru_cache(maxsize=8192)
def e164(number: str, country: str) -> str | None:
    """Return the E.164 form of a number as dialled in `country`, or None.

    Short codes, alphanumeric senders and numbers no operator gives out are None.
    """
    if not number.isascii() or sum(c.isdigit() for c in number) < 7:
        return None
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def require_e164(number: str, country: str) -> str:
    """Return the E.164 form, for numbers typed by an operator.

    Raises:
        BadPhone: it is not a phone number.
    """
    found = e164(number, country)
    if found is None:
        raise BadPhone(
            f"{number!r} is not a phone number of {country}: "
            "write it as dialled there, or with + and the country code"
        )
    return found


def is_mobile(number: str) -> bool:
    """Say whether an E.164 number may be a mobile phone, which texts reach."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )


def is_fixed(number: str) -> bool:
    """Say whether an E.164 number is a fixed line for certain."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return bool(kind == phonenumbers.PhoneNumberType.FIXED_LINE)


def spaced(number: str) -> str:
    """Return an E.164 number for a spreadsheet: `503 7123 4567`.

    Without its plus sign, which would begin a formula, and with spaces, without which
    it would be an amount and lose its last digits.
    """
    shown = phonenumbers.format_number(
        phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return str(shown).removeprefix("+")


@lru_cache(maxsize=8192)
def national(number: str) -> str:
    """Return an E.164 number as it is dialled at home, digits only."""
    try:
        return str(phonenumbers.parse(number).national_number)
    except phonenumbers.NumberParseException:
        return number


def is_country(country: str) -> bool:
    """Say whether this is the two-letter code of a country with phones (ISO 3166)."""
    return country in phonenumbers.SUPPORTED_REGIONS


@lru_cache(maxsize=8192)
def country_of(number: str) -> str:
    """Return the ISO country of an E.164 number; '' where there is none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or ""


def calling_code(country: str) -> str:
    """Return the digits dialled before a number of this country, without the plus."""
    return str(phonenumbers.country_code_for_region(country))


def masked(number: str) -> str:
    """Return a number for logs and lists: the last four digits only."""
    return f"{number[:4]}****{number[-4:]}" if len(number) > 8 else "****"


def subscriber_digits(country: str) -> int:
    """Return how many digits a mobile number of this country has, dialled at home."""
    example = phonenumbers.example_number_for_type(
        country, phonenumbers.PhoneNumberType.MOBILE
    )
    return len(str(example.national_number)) if example else 8
