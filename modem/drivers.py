"""The drivers there are, by the name a configuration gives them.

What comes in: a name such as "gsm" and the keys of its `[[link]]` section, secrets
already read. What goes out: a `Link`, or a `BadDriver` whose sentence says which key
to correct. The table is literal: what is not written here cannot be configured. Called
by `smsgate.daemon`, which runs what is built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modem.errors import LinkError
from modem.fakesmsc import FakesmscLink
from modem.gsm import GsmLink, GsmSettings, airtime
from modem.simulator.link import SimulatorLink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from modem.gsm import Clock
    from modem.link import Link

_SIM_PIN = re.compile(r"[0-9]{4,8}", re.ASCII)
#: A path that others must not guess: 96 bits as base64.
PATH_SECRET_MIN = 16
_PATH_SECRET = re.compile(rf"[A-Za-z0-9_-]{{{PATH_SECRET_MIN},200}}", re.ASCII)
_IMEI = re.compile(r"[0-9]{14,16}", re.ASCII)
#: Time zones differ by no more than this from UTC; minutes.
_OFFSET_MAX = 14 * 60


class BadDriver(LinkError):
    """A link is configured in a way that cannot be; the text names the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What every link may have."""

    name: str
    clock: Clock
    trusted: bool
    time_offset_minutes: int


def build(
    driver: str,
    name: str,
    options: Mapping[str, object],
    *,
    clock: Clock,
    trusted: bool = True,
    time_offset_minutes: int = 0,
) -> Link:
    """Build a link, not yet running.

    `options` are the driver's own keys; `time_offset_minutes` is added to the time
    stamps of the network by the driver, so nobody must add it again.

    Raises:
        BadDriver: there is no such driver, or a key or its value will not do.
    """
    if driver not in _DRIVERS:
        raise BadDriver(
            f"driver {driver!r} of link {name} is not known; use one of "
            f"{', '.join(sorted(_DRIVERS))}"
        )
    keys, make = _DRIVERS[driver]
    if keys is not None:
        _check(name, options, keys)
    if abs(time_offset_minutes) > _OFFSET_MAX:
        raise BadDriver(f"time_offset_minutes of link {name} is more than 14 hours")
    common = _Common(
        name=name,
        clock=clock,
        trusted=trusted,
        time_offset_minutes=time_offset_minutes,
    )
    return make(common, options)


def names() -> frozenset[str]:
    """Return every driver there is."""
    return frozenset(_DRIVERS)


def _check(
    name: str, options: Mapping[str, object], keys: Mapping[str, tuple[type, ...]]
) -> None:
    for key, value in options.items():
        if key not in keys:
            raise BadDriver(
                f"key {key} of link {name} is not known; there are "
                f"{', '.join(sorted(keys))}"
            )
        # True is an int in Python, and in no configuration.
        right = isinstance(value, keys[key]) and (
            bool in keys[key] or not isinstance(value, bool)
        )
        if not right:
            raise BadDriver(f"key {key} of link {name} must be {_WORDS[keys[key]]}")


def _gsm(common: _Common, options: Mapping[str, Any]) -> Link:
    if not options.get("port") and not options.get("imei"):
        raise BadDriver(
            f"link {common.name} needs a port, such as /dev/ttyUSB0, or the imei by "
            "which its modem is looked for"
        )
    for key, form, words in _FORMS:
        # The value is a secret, or long: it is not repeated.
        if options.get(key) and not form.fullmatch(options[key]):
            raise BadDriver(f"key {key} of link {common.name} must be {words}")
    wrong = airtime.bad_pattern(options.get("airtime_pattern", "(?P<amount>)"))
    if wrong or bool(options.get("airtime_code")) != ("airtime_pattern" in options):
        wrong = wrong or "it goes together with airtime_code: set both or neither"
        raise BadDriver(f"key airtime_pattern of link {common.name}: {wrong}")
    for key in ("baud", "airtime_every_hours", *_SECONDS):
        if key in options and options[key] <= 0:
            raise BadDriver(f"key {key} of link {common.name} must be above zero")
    settings = GsmSettings(
        trusted=common.trusted,
        time_offset_minutes=common.time_offset_minutes,
        **options,
    )
    return GsmLink(name=common.name, settings=settings, clock=common.clock)


def _http(common: _Common, options: Mapping[str, Any]) -> Link:
    """Build a link over HTTP; its keys are the vendor's, who checks them."""
    # Loaded for such links only: a house with modems alone has a small memory.
    from modem.aggregators import known
    from modem.aggregators.keys import BadDialect
    from modem.http import HttpLink

    given = dict(options)
    preset, secret = given.pop("preset", ""), given.pop("hook_secret", "")
    ussd = given.pop("ussd", False)
    if secret and not _PATH_SECRET.fullmatch(secret):
        raise BadDriver(
            f"the hook_secret of link {common.name} must be {PATH_SECRET_MIN} or more "
            "letters, digits, hyphens and _, drawn by chance"
        )
    try:
        if ussd and not preset and "dialect" not in given:
            vendor = known.sessions(given)
        else:
            vendor = known.load(preset, given)
    except BadDialect as error:
        raise BadDriver(f"link {common.name}: {error}") from error
    if common.trusted and not vendor.traits.trusted:
        raise BadDriver(
            f"link {common.name} cannot be trusted: numbers are easily forged on their "
            "way through this vendor; write trusted = false"
        )
    return HttpLink(
        name=common.name,
        aggregator=vendor,
        path_secret=secret,
        clock=common.clock,
        trusted=common.trusted,
        ussd=ussd is True,
        time_offset_minutes=common.time_offset_minutes,
    )


def _fakesmsc(common: _Common, options: Mapping[str, Any]) -> Link:
    try:
        return FakesmscLink(name=common.name, trusted=common.trusted, **options)
    except ValueError as error:
        raise BadDriver(f"link {common.name}: {error}") from error


def _simulator(common: _Common, options: Mapping[str, Any]) -> Link:
    given = dict(options)
    link = given.pop("link", None)
    return SimulatorLink(
        name=common.name,
        clock=common.clock,
        trusted=common.trusted,
        time_offset_minutes=common.time_offset_minutes,
        link=Path(link) if link else None,
        **given,
    )


_TEXT, _WHOLE, _NUMBER, _SWITCH = (str,), (int,), (int, float), (bool,)
_WORDS: dict[tuple[type, ...], str] = {
    _TEXT: "a text in quotation marks",
    _WHOLE: "a whole number",
    _NUMBER: "a number",
    _SWITCH: "true or false",
}
_FORMS = (
    ("sim_pin", _SIM_PIN, "4 to 8 digits in quotation marks"),
    ("imei", _IMEI, "the 15 digits that AT+CGSN answers"),
    ("airtime_code", airtime.CODE, "a code as it is dialled, like *567#"),
    ("airtime_floor", airtime.FLOOR, 'an amount in quotation marks, like "1.00"'),
)
_SECONDS = (
    "poll_s",
    "heartbeat_s",
    "answer_s",
    "prompt_s",
    "submit_s",
    "restart_s",
)
#: Every driver: its own keys with what they are, and how it is built.
_DRIVERS: dict[
    str,
    tuple[
        dict[str, tuple[type, ...]] | None, Callable[[_Common, Mapping[str, Any]], Link]
    ],
] = {
    "gsm": (
        {
            "port": _TEXT,
            "baud": _WHOLE,
            "sim_pin": _TEXT,
            "imei": _TEXT,
            "reports": _SWITCH,
            **dict.fromkeys(("airtime_code", "airtime_pattern"), _TEXT),
            "airtime_floor": _TEXT,
            "airtime_every_hours": _NUMBER,
            **dict.fromkeys(_SECONDS, _NUMBER),
        },
        _gsm,
    ),
    "http": (None, _http),
    "fakesmsc": ({"listen": _TEXT, "number": _TEXT, "window": _WHOLE}, _fakesmsc),
    "simulator": (
        {
            "number": _TEXT,
            "link": _TEXT,
            "slots": _WHOLE,
            "radio_s": _NUMBER,
            "reports": _SWITCH,
        },
        _simulator,
    ),
}
