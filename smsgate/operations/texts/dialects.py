"""What a message from a vendor would mean, before anybody depends on it.

What comes in: the configuration, whose dialect it is (a link's, a preset's, or that of
a file) and a message that was kept in a file. What goes out: a document that tells each
field, texts redacted. Nothing is sent, kept or asked of the daemon, and no secret is
opened. The reading itself is `modem.aggregators.explain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commands.redact import redact
from modem.aggregators import explain, known, presets, vendors
from modem.aggregators.explain import KINDS
from modem.aggregators.keys import BadDialect
from modem.aggregators.sample import read_sample
from smsgate.operations.desk import NotReached, OperationRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel

    from modem.aggregators.dialect import Dialect
    from modem.aggregators.wire import Aggregator
    from smsgate.clock import Clock
    from smsgate.operations.desk import Document

ANSWER = "answer"
#: What a message may be.
WHATS = (*KINDS, ANSWER)
#: A webhook is no longer than this; bytes.
SAMPLE_MAX = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A vendor that is understood by code, as somebody without an account has it."""

    about: str
    vendor: Aggregator


def meaning(
    speaks: Dialect | Coded, message: bytes, *, what: str, status: int, clock: Clock
) -> Document:
    """Tell what a message means.

    `what` is one of `WHATS`; `status` counts for an answer that is a body alone.
    """
    sample = read_sample(message)
    if what == ANSWER:
        answer = sample.answer(status)
        told = (
            explain.explain_vendor_answer(speaks.vendor, answer)
            if isinstance(speaks, Coded)
            else explain.explain_answer(speaks, answer)
        )
    else:
        hook = sample.hook(KINDS[what], clock.now())
        told = (
            explain.explain_vendor_hook(speaks.vendor, hook, redact)
            if isinstance(speaks, Coded)
            else explain.explain_hook(speaks, hook, redact)
        )
    facts = None if isinstance(speaks, Coded) else speaks.facts
    return {
        "dialect": speaks.about,
        "facts": None if facts is None else facts.isoformat(),
        "meaning": told.meaning,
        "sentence": told.sentence,
        "fields": [
            {"field": one.name, "place": one.place, "value": one.value}
            for one in told.fields
        ],
    }


def dialect_of(name: str, links: Callable[[], Iterable[BaseModel]]) -> Dialect | Coded:
    """Return how a vendor, a file (`x.toml`), or else a link speaks.

    `links` is asked only where the name is neither, so that a dialect can be tried
    without a configuration.

    Raises:
        OperationRefused: there is none, or it has a mistake.
    """
    try:
        if name in known.names():
            return _of_vendor(name)
        if name.endswith(".toml"):
            return presets.declared(Path(name))
        for link in links():
            settings = link.model_dump()
            if settings.get("name") == name:
                return _of_settings(name, settings)
    except BadDialect as error:
        raise OperationRefused(str(error)) from error
    raise OperationRefused(
        f"there is no link {name}: name a link with driver http, a vendor "
        f"({', '.join(known.names())}) or a file that ends in .toml"
    )


def _of_settings(name: str, settings: Document) -> Dialect | Coded:
    preset, own = settings.get("preset"), settings.get("dialect")
    if own:
        return presets.declared(own)
    if preset:
        return _of_vendor(preset)
    raise OperationRefused(
        f"link {name} has no dialect: name a link with driver http, a vendor "
        f"({', '.join(known.names())}) or a file that ends in .toml"
    )


def _of_vendor(name: str) -> Dialect | Coded:
    if name in vendors.names():
        return Coded(about=vendors.about(name).title, vendor=vendors.stand_in(name))
    return presets.preset(name)


def read_file(path: Path) -> bytes:
    """Read a message; raises NotReached where it cannot, or is none."""
    try:
        with path.open("rb") as file:
            message = file.read(SAMPLE_MAX + 1)
    except OSError as error:
        raise NotReached(f"{path} cannot be read ({error.strerror})") from error
    if len(message) > SAMPLE_MAX:
        raise NotReached(f"{path} is longer than any webhook may be: 64 KiB")
    return message
