"""`smsgate run`: hand over to the daemon.

What comes in: a shell that knows the configuration. What goes out: the exit code, when
the daemon was told to stop. The house is wired in `smsgate.daemon`.
"""

from __future__ import annotations

import click

from smsgate.cli.shell import Shell, quiet


@click.command()
@quiet
def run(shell: Shell) -> int | None:
    """Run the daemon, in the foreground, until SIGTERM."""
    from smsgate import daemon

    return daemon.run(shell.config())
