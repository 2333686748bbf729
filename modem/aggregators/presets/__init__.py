"""The dialects that are shipped, by name, and those of an operator's own.

What comes in: a preset's name, or a dialect as a table or a file, and what a link sets
for its keys, secrets already read. What goes out: an `Aggregator`, or `BadDialect` with
the key that is wrong. Each preset names the day of its facts: vendors change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from modem.aggregators.dialect import Dialect, bind, read_dialect
from modem.aggregators.keys import BadDialect, KeyFact

if TYPE_CHECKING:
    from modem.aggregators.wire import Aggregator

__all__ = ["BadDialect", "KeyFact", "declared", "keys", "load", "names", "preset"]

_SUFFIX = ".toml"
#: No dialect is longer; a wrong path may lead to anything.
_BYTES_MAX = 256 * 1024


def names() -> tuple[str, ...]:
    """Return the names of the presets."""
    found = (one.name for one in resources.files(__package__).iterdir())
    return tuple(
        sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))
    )


@cache
def preset(name: str) -> Dialect:
    """Return a preset's dialect.

    Raises:
        BadDialect: there is no such preset.
    """
    if name not in names():
        raise BadDialect("preset", f"write one of {', '.join(names())}")
    text = (resources.files(__package__) / f"{name}{_SUFFIX}").read_text("utf-8")
    return read_dialect(tomllib.loads(text))


def declared(source: object) -> Dialect:
    """Return a dialect that an operator wrote: a table, or the path of a file.

    Raises:
        BadDialect: it cannot be read, or a key of it is wrong.
    """
    match source:
        case Mapping():
            return read_dialect(source)
        case str() | Path():
            return read_dialect(_file(Path(source)))
        case _:
            raise BadDialect("dialect", "write a table, or the path of a TOML file")


def keys(preset_name: str) -> Mapping[str, KeyFact]:
    """Return what a link that uses a preset may set.

    Raises:
        BadDialect: there is no such preset.
    """
    return {name: key.fact for name, key in preset(preset_name).keys.items()}


def load(preset_name: str | None, options: Mapping[str, object]) -> Aggregator:
    """Make a vendor of a preset, or of the option `dialect`, and a link's own keys.

    The option `report_url` is the public address of the link's report webhook, for
    vendors that are told it with each text; without one they send no reports.

    Raises:
        BadDialect: something is unknown, missing or wrong; it names the key.
    """
    own = dict(options)
    source = own.pop("dialect", None)
    if preset_name and source is not None:
        raise BadDialect("dialect", "a link has a preset or a dialect, not both")
    if preset_name:
        return bind(preset(preset_name), own)
    if source is None:
        raise BadDialect("preset", f"write one of {', '.join(names())}, or a dialect")
    return bind(declared(source), own)


def _file(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            text = file.read(_BYTES_MAX).decode("utf-8")
        return tomllib.loads(text)
    except OSError as error:
        raise BadDialect(
            "dialect", f"{path} cannot be read ({error.strerror})"
        ) from error
    except UnicodeDecodeError as error:
        raise BadDialect("dialect", f"save {path} as UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise BadDialect("dialect", f"{path} is not TOML: {error}") from error
