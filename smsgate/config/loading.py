"""From a file to a `Config`, or to every mistake in it at once.

What comes in: TOML. What goes out: settings, or `BadConfig` with one sentence for each
mistake, its path and what to write instead. Values are never repeated: a secret may
have been written where only a reference belongs. The settings themselves are in
`smsgate.config.settings`.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from commands import showing, vocabulary
from smsgate.config.links import LinkConfig
from smsgate.config.references import BadSecret, SecretRef
from smsgate.config.settings import Config
from smsgate.errors import SmsgateError
from smsgate.phone import country_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

#: Tried in this order when no file is named.
PLACES = (Path("config.toml"), Path("/etc/smsgate/config.toml"))
VARIABLE = "SMSGATE_CONFIG"

_LINKS: dict[str, type[BaseModel]] = {
    get_args(kind.model_fields["driver"].annotation)[0]: kind
    for kind in get_args(LinkConfig)
}
_TYPES = {
    "string_type": "it must be text, in quotation marks",
    "int_type": "it must be a whole number, without quotation marks",
    "int_from_float": "it must be a whole number",
    "float_type": "it must be a number, without quotation marks",
    "bool_type": "it must be true or false, without quotation marks",
    "model_type": "it must be a table",
    "model_attributes_type": "it must be a table",
    "missing": "it is missing",
    "union_tag_not_found": "the driver is missing",
    "string_too_short": "it is empty",
    "tuple_type": "write each as a table of its own, under {path}",
    "finite_number": "it must be a finite number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing that is wrong, and what to write instead."""

    #: `sms.late_minutes`, `link[2].port`; links are counted from 1.
    path: str
    text: str

    def __str__(self) -> str:
        """Show both on one line."""
        return f"{self.path}: {self.text}"


class BadConfig(SmsgateError):
    """The configuration cannot be used; `mistakes` holds all that is wrong with it."""

    def __init__(self, source: str, mistakes: tuple[Mistake, ...]) -> None:
        """Tell every mistake on a line of its own."""
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        lines = "".join(f"\n  {mistake}" for mistake in mistakes)
        super().__init__(f"{source} has {count}; correct and try again:{lines}")
        self.mistakes = mistakes


class ConfigMissing(BadConfig):
    """There is no configuration."""

    def __init__(self, text: str) -> None:
        """Say where it was looked for."""
        Exception.__init__(self, text)
        self.mistakes = (Mistake(path="config", text=text),)


def locate(given: Path | None = None) -> Path:
    """Return the file to use: the given one, `$SMSGATE_CONFIG`, or the usual places.

    Raises:
        ConfigMissing: there is none in the usual places.
    """
    named = given or os.environ.get(VARIABLE)
    if named:
        return Path(named)
    for place in PLACES:
        if place.is_file():
            return place
    raise ConfigMissing(
        f"no configuration at {' or '.join(map(str, PLACES))}: "
        "run `smsgate init DIR`, or name one with -c FILE"
    )


def load(path: Path) -> Config:
    """Read a configuration file; secrets are not opened yet.

    Raises:
        BadConfig: it cannot be read, or something in it is wrong; all is told at once.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigMissing(
            f"{path} cannot be read ({error.strerror}): "
            "run `smsgate init DIR`, or name another with -c FILE"
        ) from error
    except UnicodeDecodeError as error:
        raise BadConfig(
            str(path), (Mistake(path="file", text="save it as UTF-8 text"),)
        ) from error
    return parse(text, path.parent, source=str(path))


def parse(text: str, folder: Path, *, source: str = "config.toml") -> Config:
    """Read a configuration whose relative paths begin at `folder`.

    Raises:
        BadConfig: something in it is wrong; all is told at once.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(
            source, (Mistake(path="file", text=f"this is not TOML: {error}"),)
        ) from error
    sections: dict[str, object] = {
        name: {} for name, kept in Config.model_fields.items() if not kept.alias
    }
    try:
        config = Config.model_validate(
            {**sections, **found},
            context={"folder": folder.absolute(), "decimals": _decimals(found)},
        )
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        mistakes = tuple(_mistake(one) for one in told)
        raise BadConfig(source, mistakes) from None
    mistakes = (
        *_names_alike(config),
        *_words_alike(config),
        *_phones_abroad(config),
    )
    if mistakes:
        raise BadConfig(source, mistakes)
    return config


def unreadable_secrets(config: Config) -> tuple[Mistake, ...]:
    """Try every secret that the configuration refers to; tell those that fail."""
    mistakes = []
    for path, ref, is_key in _references(config):
        try:
            if is_key:
                ref.read_key()
            else:
                ref.read_text()
        except BadSecret as error:
            drawn = path.endswith(".hook_secret") and ref.drawable
            text = f"{ref} is not there yet: `smsgate link hook NAME` draws it"
            mistakes.append(Mistake(path=path, text=text if drawn else str(error)))
    return tuple(mistakes)


def _references(config: Config) -> list[tuple[str, SecretRef, bool]]:
    keys = config.keys
    found = [
        ("keys.pin", keys.pin, True),
        ("keys.messages", keys.messages, True),
        ("keys.cards", keys.cards, True),
    ]
    for place, link in enumerate(config.links, 1):
        found += [
            (f"link[{place}].{key}", value, False)
            for key, value in link
            if isinstance(value, SecretRef)
        ]
    return found


def _decimals(found: dict[str, Any]) -> int:
    """Return the network's decimals before all is checked; amounts need them."""
    network = found.get("network")
    decimals = network.get("decimals", 2) if isinstance(network, dict) else 2
    return decimals if type(decimals) is int and decimals in (0, 1, 2) else 2


def _names_alike(config: Config) -> Iterator[Mistake]:
    seen: set[str] = set()
    for place, link in enumerate(config.links, 1):
        if link.name in seen:
            text = f"another link is called {link.name}: give each a name of its own"
            yield Mistake(path=f"link[{place}].name", text=text)
        seen.add(link.name)


def _phones_abroad(config: Config) -> Iterator[Mistake]:
    """Tell operators' phones that no text would be sent to."""
    countries = config.sms.allowed(config.network.country)
    for place, number in enumerate(config.alerts.phones, 1):
        country = country_of(number)
        if country not in countries:
            text = f"texts go to {', '.join(sorted(countries))} only: "
            text += f'add "{country}" to countries in [sms]'
            yield Mistake(path=f"alerts.phones[{place}]", text=text)


def _words_alike(config: Config) -> Iterator[Mistake]:
    """Tell every word of the network that could be taken for another."""
    info = [one.word for one in config.info]
    for whose, place, text in vocabulary.mistakes(config.words, info):
        listed = f"info[{place + 1}].word"
        path = listed if whose is None else f"words.{whose.name}[{place + 1}]"
        yield Mistake(path=path, text=text)
    for language, keyword, text in showing.mistakes(config.shown, config.words):
        yield Mistake(path=f"shown.{language}.{keyword.name}", text=text)


def _mistake(error: ErrorDetails) -> Mistake:
    path, model, hint = _walk(error["loc"])
    text = _sentence(error, str(error["loc"][-1]) if error["loc"] else "", model)
    text = text.replace("{path}", f"[[{path}]]")
    if hint and error["type"] not in ("extra_forbidden", "value_error"):
        text = f"{text}; write {hint}"
    return Mistake(path=path, text=text)


def _sentence(error: ErrorDetails, key: str, model: type[BaseModel] | None) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    match kind:
        case "value_error":
            return str(limits["error"])
        case "extra_forbidden":
            return _unknown(key, model)
        case "union_tag_invalid":
            return f"there is no such driver: write one of {', '.join(_LINKS)}"
        case "union_tag_not_found":
            return f"the driver is missing: write one of {', '.join(_LINKS)}"
        case "string_too_long":
            return f"it is longer than {limits['max_length']} characters"
        case _:
            return _TYPES.get(kind, "it cannot be this")


def _unknown(key: str, model: type[BaseModel] | None) -> str:
    """Say that there is no such setting, and which was perhaps meant."""
    fields = model.model_fields if model is not None else {}
    known = [kept.alias or name for name, kept in fields.items()]
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return f"there is no such setting; did you mean {near[0]}?"
    return f"there is no such setting; there are {', '.join(known)}"


def _walk(loc: tuple[int | str, ...]) -> tuple[str, type[BaseModel] | None, str]:
    """Return a mistake's path, the model whose key it is, and that key's hint."""
    model: type[BaseModel] | None = Config
    shown, hint = "", ""
    owner = model
    for step in loc:
        if isinstance(step, int):
            shown += f"[{step + 1}]"
            continue
        if shown.endswith("]") and step in _LINKS:
            # The driver is no key of the file: it tells which kind of link this is.
            model = owner = _LINKS[step]
            continue
        shown += f".{step}" if shown else step
        owner = model
        hint, model = _field(model, step)
    return shown, owner, hint


def _field(
    model: type[BaseModel] | None, key: str
) -> tuple[str, type[BaseModel] | None]:
    """Return the hint of a setting, and its model where it is a table."""
    for name, kept in (model.model_fields if model is not None else {}).items():
        if key == (kept.alias or name):
            inner: object = kept.annotation
            if get_origin(inner) is tuple:
                inner = get_args(inner)[0]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                return "", inner
            return kept.description or "", None
    return "", None
