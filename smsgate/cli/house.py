"""`smsgate init`, `check`, `backup`, `migrate`, `clock`, …: the whole house.

What comes in: a folder, a configuration or a new file's name. What goes out: what was
written, or what is wrong. The work is done in `smsgate.operations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import complain, plain
from smsgate.cli.shell import Shell, telling
from smsgate.operations import NotReached, requests

if TYPE_CHECKING:
    from smsgate.operations import Document


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--country", default="SV", show_default=True, help="Two letters.")
@click.option("--unit", default="PT", show_default=True, help="At most 4 letters.")
@click.option(
    "--language", default="es", show_default=True, type=click.Choice(["es", "en"])
)
def init(*, folder: Path, country: str, unit: str, language: str) -> None:
    """Make a new network in DIR: configuration, keys, an empty ledger."""
    from smsgate.operations.house.setup import found

    for path in found(folder, country=country, unit=unit, language=language):
        click.echo(path)
    click.echo(
        f"Next: name your modem in {folder / 'config.toml'} and run "
        f"`smsgate -c {folder / 'config.toml'} run`."
    )


@click.command()
@telling
def check(shell: Shell) -> int:
    """Check the configuration, its keys and the ledger's schema; quick."""
    from smsgate.cli.checking import examine

    document, code = examine(shell)
    mistakes = document["mistakes"]
    shell.show(
        document,
        lambda shown: click.echo("All is right.") if shown["ok"] else None,
    )
    if mistakes:
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        complain(f"{count}: correct and check again", mistakes)
    return code


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@telling
def backup(shell: Shell, *, file: Path) -> int:
    """Copy the ledger into a new FILE, examine the copy, print the chain's head."""
    answer = shell.do(requests.Backup(path=str(file.absolute())))
    document = answer.document
    if not _there(file):
        raise NotReached(
            f"the daemon wrote {document['file']} where you cannot see it (services "
            "have a /tmp of their own): name a file in a folder that it shares with you"
        )
    shell.show(document, _backed_up)
    if answer.exit_code:
        first = document["findings"][0]
        complain(
            f"the copy is not good, {first['where']}: {first['what']}; keep your older "
            "backups, and run `smsgate ledger check`"
        )
    return answer.exit_code


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@telling
def restore(shell: Shell, *, file: Path) -> None:
    """Put a backup FILE in the ledger's place, which is kept; stop the daemon first."""
    from smsgate.clock import Clock
    from smsgate.operations.house.review import restore as put_back

    answer = put_back(shell.config(), file, Clock())
    shell.show(answer.document, _put_back)


def _put_back(document: Document) -> None:
    click.echo(f"{plain(document['ledger'])} is the copy now.")
    if document["kept"]:
        click.echo(f"What was there is kept: {plain(document['kept'])}")
    click.echo(
        f"Whatever came after {document['rows_until']} is missing. Start the daemon: "
        "no money moves until `smsgate resume`."
    )


@click.command()
@telling
def resume(shell: Shell) -> None:
    """Let money move again after a restore; recorded in the chain."""
    shell.show(
        shell.do(requests.Resume()).document,
        lambda document: click.echo(
            "The house goes on. What members sent before is asked about. Campaigns "
            "wait for `smsgate campaign resume`."
        ),
    )


@click.command()
@telling
def migrate(shell: Shell) -> None:
    """Lead the ledger up to this version, after an upgrade; stop the daemon first."""
    from smsgate.clock import Clock
    from smsgate.operations.house.setup import lead_up

    shell.show(lead_up(shell.config().ledger_path, Clock()), _led_up)


def _led_up(document: Document) -> None:
    if document["kept"] is None:
        click.echo(f"The ledger is of version {document['version']}: nothing to do.")
        return
    was, version = document["was"], document["version"]
    click.echo(f"The ledger was of version {was} and is of version {version} now.")
    click.echo(f"What it was is kept: {plain(document['kept'])}")


def _there(file: Path) -> bool:
    try:
        return file.exists()
    except PermissionError:
        # A folder that is closed to us; who wrote it says it is there.
        return True


def _backed_up(document: Document) -> None:
    head = document["head"]
    click.echo(f"{plain(document['file'])}: {document['bytes']} bytes")
    click.echo(f"sha256 {document['sha256']}")
    click.echo(f"head {head['seq']} {head['hash']}")


@click.group()
def clock() -> None:
    """The clock by which texts and rows are judged."""


@clock.command()
@telling
def accept(shell: Shell) -> None:
    """Declare today's clock right, after it stood wrong; recorded in the chain."""
    shell.show(
        shell.do(requests.ClockAccept()).document,
        lambda document: click.echo(
            f"The clock is right: {document['clock']}. Only rows from now on count."
        ),
    )
