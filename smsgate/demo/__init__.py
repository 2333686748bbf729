"""`smsgate demo`: the whole thing with no hardware, the first that anybody runs.

What comes in: how it is to be played. What goes out: an exit code, and meanwhile a page
with phones to type on, or a conversation that plays itself. Everything behind the
phones is the real thing: the daemon, the driver for real modems, a ledger in a folder
made as `smsgate init` makes it. Only the modem is emulated, on a real pseudo-terminal.
The folder is made in `stage`, the members in `cast`; goes on in `script` or `showing`.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smsgate.demo.stage import found_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where the page is, unless that port is busy.
PORT = 8025


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """How the demo is to be played."""

    #: Play a conversation by itself instead of showing the page.
    script: bool = False
    #: A new folder to keep; None: a temporary one.
    keep: Path | None = None
    #: The port of the page; the next free one where it is busy, any free one where 0.
    port: int = PORT
    #: Of the page and of what is told in between, "en" or "es"; members have their own.
    language: str = "en"


def main(arguments: Arguments) -> int:
    """Play; return 0, or 1 where the books are not right at the end.

    Raises:
        SmsgateError: it cannot be played; the text says what to do.
    """
    with _folder(arguments.keep) as folder:
        config = found_demo(folder)
        if arguments.script:
            from smsgate.demo import script

            return asyncio.run(script.run(config, arguments.language))
        from smsgate.demo import showing

        return asyncio.run(
            showing.run(
                config,
                port=arguments.port,
                language=arguments.language,
                kept=arguments.keep is not None,
            )
        )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="smsgate-demo-") as folder:
        yield Path(folder) / "network"
