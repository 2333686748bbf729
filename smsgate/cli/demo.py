"""`smsgate demo`: hand over to the demonstration.

What comes in: how it is to be played. What goes out: its exit code, 0 only if the books
are right. The play is in `smsgate.demo`.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--script", is_flag=True, help="Play a conversation, print it, and end.")
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A new folder that stays afterwards; else a temporary one.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Of the page with phones; the next free one where it is busy.",
)
@click.option("--language", default="en", type=click.Choice(["en", "es"]))
def demo(*, script: bool, keep: Path | None, port: int | None, language: str) -> int:
    """Try it all with no hardware: an emulated modem and a few members."""
    from smsgate import demo as play

    return play.main(
        play.Arguments(
            script=script,
            keep=keep,
            port=play.PORT if port is None else port,
            language=language,
        )
    )
