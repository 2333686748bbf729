"""The first configuration of a network: a file, and three keys drawn by chance.

What comes in: a folder and what is known of the network. What goes out: `config.toml`,
which is `config.example.toml` with the answers filled in, and the key files, readable
by their owner only. Nothing that is already there is touched. The empty ledger beside
them is made by `smsgate init` itself, which calls this.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from smsgate.clock import Clock
from smsgate.config.references import KEY_BYTES
from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG = "config.toml"
KEYS = ("pin.key", "messages.key", "cards.key")

_SECTION = re.compile(r"\[([a-z]+)\]")
_SETTING = re.compile(r"([a-z_]+) = .*")


class AlreadyThere(SmsgateError):
    """A file that would be written exists; it is never overwritten."""


def initial_text(
    *,
    country: str = "SV",
    sections: Mapping[str, Mapping[str, object]] | None = None,
) -> str:
    """Return the example configuration with these values in place of the defaults.

    Args:
        country: gives the time zone, unless `sections` do.
        sections: values by section and key.

    Raises:
        KeyError: there is no such setting.
    """
    values = {
        (s, k): v for s, keys in (sections or {}).items() for k, v in keys.items()
    }
    values.setdefault(("network", "country"), country)
    values.setdefault(("network", "timezone"), _timezone(country))
    section, lines = "", []
    for line in _example().splitlines():
        if found := _SECTION.fullmatch(line):
            section = found[1]
        elif (found := _SETTING.fullmatch(line)) and (section, found[1]) in values:
            value = _toml(values.pop((section, found[1])))
            lines.append(f"{found[1]} = {value}")
            continue
        lines.append(line)
    if values:
        raise KeyError(f"no such setting: {sorted(values)}")
    return "\n".join(lines) + "\n"


def write_initial(
    folder: Path,
    *,
    country: str = "SV",
    unit: str = "PT",
    language: str = "es",
    name: str = "Red",
    clock: Clock | None = None,
) -> tuple[Path, ...]:
    """Write the configuration and its keys; return the files written.

    Raises:
        AlreadyThere: one of them exists; nothing was written.
    """
    clock = clock or Clock()
    network = {"unit": unit, "language": language, "name": name}
    text = initial_text(country=country, sections={"network": network})
    for wanted in (CONFIG, *KEYS):
        if (folder / wanted).exists():
            raise AlreadyThere(
                f"{folder / wanted} is already there and is never overwritten: "
                "choose another folder"
            )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for wanted in KEYS:
        _write(folder / wanted, clock.token_bytes(KEY_BYTES), 0o600)
    _write(folder / CONFIG, text.encode(), 0o644)
    return tuple(folder / wanted for wanted in (CONFIG, *KEYS))


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a new file and have it on the disk before returning."""
    # O_EXCL: what appeared since the look above is not overwritten either.
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@cache
def _example() -> str:
    folder = resources.files("smsgate.config")
    return (folder / "config.example.toml").read_text(encoding="utf-8")


def _toml(value: object) -> str:
    """Write a value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            quoted = str(value).replace("\\", "\\\\").replace('"', '\\"')
            return f'"{quoted}"'


def _timezone(country: str) -> str:
    """Return a country's first time zone, as the IANA's own table lists them."""
    table = resources.files("tzdata") / "zoneinfo" / "zone.tab"
    for line in table.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if cells[0] == country:
            return cells[2]
    return "UTC"
