"""What every command shares: where the configuration is, who asks, how to answer.

What comes in: the options `-c`, `--as` and `--json`, the first two also before the
command's name. What goes out: the operation's document, as JSON or as words, and the
exit code. An operation goes to the running daemon; with none it is done in this
process, which takes the ledger's lock. Heavy modules are loaded only where needed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

if TYPE_CHECKING:
    from smsgate.config import Config
    from smsgate.operations import Answer, Document
    from smsgate.operations.requests import Request

P = ParamSpec("P")
Words = Callable[Concatenate["Shell", P], int | None]


@dataclass(slots=True, kw_only=True)
class Shell:
    """One run of `smsgate`."""

    config_file: Path | None = None
    as_name: str = ""
    as_json: bool = False

    def config(self) -> Config:
        """Load the configuration.

        Raises:
            BadConfig: there is none, or it has mistakes.
        """
        from smsgate import config

        return config.load(config.locate(self.config_file))

    def do(self, request: Request) -> Answer:
        """Have an operation done: by the daemon, or here where there is none.

        Raises:
            SmsgateError: it was not done.
        """
        from smsgate.cli.doing import do

        return do(self, request)

    def show(self, document: Document, words: Callable[[Document], None]) -> None:
        """Print a document: as JSON where that was asked for, else in words."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            words(document)

    def progress(self, what: str, done: int, total: int) -> None:
        """Show on a terminal how far long work is; say nothing into a file."""
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{bar(what, done, total)}\r", nl=False, err=True)

    def progress_over(self) -> None:
        """Wipe the last progress off the terminal."""
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)


#: Characters of a bar.
_BAR = 24


def bar(what: str, done: int, total: int) -> str:
    """Return how far work is in one line; `total` 0: nobody knows how much there is."""
    if not total:
        return f"{what} {done:,} …" if done else f"{what} …"
    done = min(done, total)
    filled = done * _BAR // total
    drawn = "#" * filled + "." * (_BAR - filled)
    return f"{what} [{drawn}] {100 * done // total:3} % {done:,} of {total:,}"


def _keep(attribute: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:
        # An option that is not given here may have been given before the command.
        if value:
            setattr(context.ensure_object(Shell), attribute, value)

    return keep


def placed(function: Callable[P, int | None]) -> Callable[P, int | None]:
    """Add `-c` and `--as`."""
    config = click.option(
        "-c",
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_keep("config_file"),
        help="Configuration; else $SMSGATE_CONFIG, ./config.toml, "
        "/etc/smsgate/config.toml.",
    )
    name = click.option(
        "--as",
        "as_name",
        metavar="NAME",
        expose_value=False,
        callback=_keep("as_name"),
        help="Who you are, for the audit log, beside your user id.",
    )
    return config(name(function))


def telling(words: Words[P]) -> Callable[P, int | None]:
    """Add `-c`, `--as` and `--json`, and pass the shell as the first argument."""
    option = click.option(
        "--json",
        "as_json",
        is_flag=True,
        expose_value=False,
        callback=_keep("as_json"),
        help="Print one JSON document.",
    )
    return option(quiet(words))


def quiet(words: Words[P]) -> Callable[P, int | None]:
    """Add `-c` and `--as`, and pass the shell; for commands that print no data."""
    return placed(click.make_pass_decorator(Shell, ensure=True)(words))
