"""Have an operation done: by the daemon if it answers, else here under the lock.

What comes in: a shell and a request. What goes out: the answer. Three cases: somebody
answers the socket; nobody does and the lock is free; nobody does and the lock is held,
by another shell (then it is soon free) or by a daemon that hangs or is just starting.
Kept apart from `smsgate.cli.shell`, because it loads half the house.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smsgate.operations.desk import NotReached, actor_of
from smsgate.operations.door.asking import Nobody, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.cli.shell import Shell
    from smsgate.config import Config
    from smsgate.operations import Answer
    from smsgate.operations.requests import Request

#: How long to wait for a ledger that another shell, or a starting daemon, holds.
PATIENCE_S = 5.0
_STEP_S = 0.1


def do(shell: Shell, request: Request) -> Answer:
    """Have it done.

    Raises:
        NotReached: the ledger is held by a process that does not answer.
        SmsgateError: it was not done.
    """
    config = shell.config()
    try:
        return _done(shell, config, request)
    finally:
        shell.progress_over()


def _done(shell: Shell, config: Config, request: Request) -> Answer:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ask(
                config.socket_path,
                request,
                as_name=shell.as_name,
                progress=shell.progress,
            )
        except Nobody:
            answer = _alone(shell, config, request, last=time.monotonic() > until)
        if answer is not None:
            return answer
        time.sleep(_STEP_S)


def _alone(
    shell: Shell, config: Config, request: Request, *, last: bool
) -> Answer | None:
    """Do it here; None while another process holds the lock."""
    from smsgate.operations.door.alone import perform_alone
    from smsgate.store import LedgerLocked

    work = perform_alone(
        config,
        request,
        actor=actor_of(os.getuid(), shell.as_name),
        progress=shell.progress,
    )
    try:
        with _log_to_stderr():
            return asyncio.run(work)
    except LedgerLocked as error:
        if not last:
            return None
        raise NotReached(f"{error}; nobody answers at {config.socket_path}") from error


@contextmanager
def _log_to_stderr() -> Iterator[None]:
    """Keep the house's log out of what is printed, and to what needs attention."""
    import structlog

    if structlog.is_configured():
        yield
        return
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    try:
        yield
    finally:
        structlog.reset_defaults()
