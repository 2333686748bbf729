"""`smsgate check`: every mistake in the configuration, its keys, links and the schema.

What comes in: a shell. What goes out: the mistakes, a sentence each, and the exit code:
2 where the configuration is wrong, 1 where the ledger is, 3 where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsgate.config import BadConfig
from smsgate.operations.exits import NOT_REACHED, REFUSED, USAGE, exit_code
from smsgate.operations.house.setup import schema_mistakes, secret_mistakes
from smsgate.store import StoreError

if TYPE_CHECKING:
    from smsgate.cli.shell import Shell
    from smsgate.config import Config
    from smsgate.operations import Document


def examine(shell: Shell) -> tuple[Document, int]:
    """Return what is wrong, and the exit code."""
    try:
        config = shell.config()
    except BadConfig as error:
        return _document([str(mistake) for mistake in error.mistakes]), USAGE
    secrets = secret_mistakes(config) + _link_mistakes(config)
    code = USAGE if secrets else 0
    try:
        schema = schema_mistakes(config.ledger_path)
    except StoreError as error:
        schema = [str(error)]
        code = code or exit_code(error) or NOT_REACHED
    return _document(secrets + schema), code or (REFUSED if schema else 0)


def _link_mistakes(config: Config) -> list[str]:
    """Return what would keep a link from being built at the daemon's start."""
    if not config.links:
        return []
    from smsgate.clock import Clock
    from smsgate.links import link_mistakes

    return link_mistakes(config, Clock())


def _document(mistakes: list[str]) -> Document:
    return {"ok": not mistakes, "mistakes": mistakes}
