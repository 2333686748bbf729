"""Logs: what happened, never what was said.

What comes in: events named noun.past (`sms.kept`) with their facts, and the records of
the modem and of libraries. What goes out: one line each, JSON or key=value, in which
phone numbers keep four digits, free text loses every run of digits that could be a PIN,
and a `Secret` is asterisks. Libraries that would log what goes over a wire are held at
warnings. Set up once, by the shell command that runs; used everywhere through
`structlog.get_logger`.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, TextIO

import structlog

from commands import redact as redaction
from commands.normalise import clean
from commands.secret import Secret
from smsgate.phone import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from structlog.typing import EventDict, Processor, WrappedLogger

#: At lower levels these write texts, requests or PDUs.
QUIET = ("serial", "gsmmodem", "aiohttp", "asyncio")

#: Facts that never come from a text: their digits may be seen.
PLAIN = frozenset(
    {
        "timestamp",
        "level",
        "logger",
        "ref",
        "code",
        "listen",
        "port",
        "path",
        "socket",
        "file",
        "imei",
        "reference",
        "version",
        "head",
    }
)

#: E.164 in full, and as it is shown.
_PHONE = re.compile(r"\+[0-9]{7,15}(?![0-9])")
_MASKED = re.compile(r"\+[0-9]{1,3}\*{4}[0-9]{4}(?![0-9])")
#: Lines of a traceback that name a file of the program and hold nothing else.
_FRAME = re.compile(r'^ +File ".+", line [0-9]+, in .+$')


def setup(
    *, level: str = "info", form: str = "keyvalue", stream: TextIO | None = None
) -> None:
    """Send all logs, ours and the libraries', masked to one stream.

    Args:
        level: the least that is shown: "info", "warning" or "error".
        form: "json" or "keyvalue".
        stream: standard error unless given.
    """
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_loud_enough)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Without locals: they hold what the caller held, a PIN perhaps.
                structlog.processors.format_exc_info,
                mask,
                _renderer(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every fact of an event; the last step before it becomes a line."""
    return {key: _masked(key, value) for key, value in event.items()}


def mask_text(text: str) -> str:
    """Return free text with its phones masked and its runs of digits hidden."""
    line = _PHONE.sub(lambda found: masked(found[0]), clean(text)[0])
    return redaction.mask(line, [found.span() for found in _MASKED.finditer(line)])


def _masked(key: str, value: object) -> object:
    match value:
        case Secret():
            return "****"
        case str():
            return value if key in PLAIN else _lines(value)
        case bytes() | bytearray():
            return f"<{len(value)} bytes>"
        case bool() | int() | float() | None:
            return value
        case dict():
            return {str(k): _masked(str(k), v) for k, v in _items(value)}
        case list() | tuple() | set() | frozenset():
            return [_masked(key, one) for one in value]
        case _:
            return value if key in PLAIN else _lines(str(value))


def _items(value: Mapping[object, object]) -> Iterator[tuple[object, object]]:
    yield from value.items()


def _lines(text: str) -> str:
    """Mask line by line; a traceback keeps its indents and the names of its files."""
    return "\n".join(
        line if _FRAME.match(line) else _indent(line) + mask_text(line)
        for line in text.split("\n")
    )


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" ")))


def _loud_enough(record: logging.LogRecord) -> bool:
    """Hold the quiet ones at warnings, even where they set their own level."""
    library = record.name.partition(".")[0]
    return record.levelno >= logging.WARNING or library not in QUIET


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
    )
