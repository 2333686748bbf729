"""What a message from a vendor would mean, before anybody depends on it.

What comes in: the configuration, whose dialect it is (a link's, a preset's, or that of
a file) and a message that was kept in a file. What goes out: a document that tells each
field, texts redacted. Nothing is sent, kept or asked of the daemon, and no secret is
opened. The reading itself is `modem.aggregators.explain`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commands.redact import redact
from modem.aggregators import presets
from modem.aggregators.explain import KINDS, explain_answer, explain_hook
from modem.aggregators.keys import BadDialect
from modem.aggregators.sample import read_sample
from smsgate.operations.desk import NotReached, OperationRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel

    from modem.aggregators.dialect import Dialect
    from smsgate.clock import Clock
    from smsgate.operations.desk import Document

ANSWER = "answer"
#: What a message may be.
WHATS = (*KINDS, ANSWER)
#: A webhook is no longer than this; bytes.
SAMPLE_MAX = 64 * 1024


def meaning(
    dialect: Dialect, message: bytes, *, what: str, status: int, clock: Clock
) -> Document:
    """Tell what a message means.

    `what` is one of `WHATS`; `status` counts for an answer that is a body alone.
    """
    sample = read_sample(message)
    if what == ANSWER:
        told = explain_answer(dialect, sample.answer(status))
    else:
        told = explain_hook(dialect, sample.hook(KINDS[what], clock.now()), redact)
    return {
        "dialect": dialect.about,
        "facts": None if dialect.facts is None else dialect.facts.isoformat(),
        "meaning": told.meaning,
        "sentence": told.sentence,
        "fields": [
            {"field": one.name, "place": one.place, "value": one.value}
            for one in told.fields
        ],
    }


def dialect_of(name: str, links: Callable[[], Iterable[BaseModel]]) -> Dialect:
    """Return the dialect of a preset, of a file (`x.toml`), or else of a link.

    `links` is asked only where the name is neither, so that a dialect can be tried
    without a configuration.

    Raises:
        OperationRefused: there is none, or it has a mistake.
    """
    try:
        if name in presets.names():
            return presets.preset(name)
        if name.endswith(".toml"):
            return presets.declared(Path(name))
        for link in links():
            settings = link.model_dump()
            if settings.get("name") == name:
                return _of_settings(name, settings)
    except BadDialect as error:
        raise OperationRefused(str(error)) from error
    raise OperationRefused(
        f"there is no link {name}: name a link with driver http, a preset "
        f"({', '.join(presets.names())}) or a file that ends in .toml"
    )


def _of_settings(name: str, settings: Document) -> Dialect:
    preset, own = settings.get("preset"), settings.get("dialect")
    if own:
        return presets.declared(own)
    if preset in presets.names():
        return presets.preset(preset)
    raise OperationRefused(
        f"link {name} has no dialect: it is no link with driver http, or its vendor is "
        "understood by code"
    )


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
