"""`smsgate`, or `python -m smsgate`: the way in, and the last word on errors.

What comes in: the words of a shell. What goes out: an exit code. Whatever goes wrong is
one sentence on standard error that says what to do; a traceback is shown to nobody,
for it may quote what was typed. The commands are in `smsgate.cli`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from smsgate.cli import program
from smsgate.cli.printing import complain
from smsgate.errors import SmsgateError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
_USAGE = 2
_NOT_REACHED = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was typed and return the exit code."""
    try:
        done = program.main(
            None if arguments is None else list(arguments),
            prog_name="smsgate",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - the last word is ours
        return _last_word(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    return done if isinstance(done, int) else 0


def _last_word(error: Exception) -> int:
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.ctx.get_help(), err=True)
            return _USAGE
        case click.UsageError():
            complain(_usage(error))
            return _USAGE
        case click.Abort():
            return _INTERRUPTED
        case click.ClickException():
            complain(error.format_message())
            return _USAGE
        case SmsgateError():
            return _ours(error)
        case BrokenPipeError():
            # Whoever read us has enough; nothing may be written at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case OSError():
            named = f"{error.filename}: " if error.filename else ""
            complain(
                f"{named}{error.strerror or error}: look at its path and its owner"
            )
            return _NOT_REACHED
        case _:
            complain(
                f"a fault of the program ({type(error).__name__}) stopped this: "
                "report it, with what you did"
            )
            return 1


def _usage(error: click.UsageError) -> str:
    sentence = error.format_message().rstrip(".")
    where = error.ctx.command_path if error.ctx else "smsgate"
    return f"{sentence}; see `{where} --help`"


def _ours(error: SmsgateError) -> int:
    from smsgate.operations import OperationRefused
    from smsgate.operations.exits import exit_code

    complain(str(error), error.lines if isinstance(error, OperationRefused) else ())
    return exit_code(error) or 1


if __name__ == "__main__":
    sys.exit(main())
