"""`smsgate audience`: who a campaign is for, as a rule or as a list of phones.

What comes in: a rule, or a CSV file. What goes out: how many people fit and some of
them; of a file also what is wrong in it, row by row, on the screen or in a new file to
correct. The work is done in `smsgate.operations.campaigning.audiences`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import complain, plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.operations.campaigning import requests

if TYPE_CHECKING:
    from smsgate.operations import Document

_LISTED = ("name", "kind", "phones", "rule", "by", "since")
#: Mistakes that are printed; the others go into a file.
_SHOWN = 20


@click.group()
def audience() -> None:
    """Who a campaign is for: rules kept by name, and lists of phones.

    A rule compares what the ledger knows, such as
    'kind = business and idle > 30'; docs/reference/audience.md has all of it.
    """


@audience.command()
@click.argument("name")
@click.argument("rule")
@telling
def save(shell: Shell, *, name: str, rule: str) -> None:
    """Keep RULE under NAME, such as 'idle > 30' or everybody."""
    request = requests.AudienceSave(name=name, rule=rule)
    shell.show(shell.do(request).document, _shown)


@audience.command("list")
@telling
def list_all(shell: Shell) -> None:
    """List the audiences."""
    shell.show(
        shell.do(requests.AudienceList()).document,
        lambda document: table(document["audiences"], _LISTED, ("phones",)),
    )


@audience.command()
@click.argument("name", default="")
@click.option("--where", default="", metavar="RULE", help="A rule that is not kept.")
@telling
def show(shell: Shell, *, name: str, where: str) -> None:
    """Count who is in an audience, or fits a rule, and show some of them."""
    if not name and not where:
        raise click.UsageError("name an audience, or give a rule with --where")
    request = requests.AudienceShow(name=name, rule=where)
    shell.show(shell.do(request).document, _shown)


def _shown(document: Document) -> None:
    name = document.get("name")
    whose = f"{plain(name)}: " if name else ""
    click.echo(
        f"{whose}{document['people']} people would be written to, "
        f"{document['members']} of them members."
    )
    if document["left_out"]:
        click.echo(f"Left out: {left_out(document['left_out'])}.")
    if document["some"]:
        click.echo("Some of them:")
        table(document["some"], ("phone", "code", "name"))


def left_out(counted: Document) -> str:
    """Say who fits and is not written to."""
    return (
        f"{counted['not_opted_in']} who want no promotions, "
        f"{counted['not_active']} whose account is frozen or closed"
    )


@audience.command()
@click.argument("name")
@telling
def drop(shell: Shell, *, name: str) -> None:
    """Forget an audience; campaigns that were approved keep their people."""
    shell.show(
        shell.do(requests.AudienceDrop(name=name)).document,
        lambda document: click.echo(f"Audience {plain(document['name'])} is gone."),
    )


@audience.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and show, change nothing.")
@click.option("--partly", is_flag=True, help="Take the right rows, leave the wrong.")
@click.option(
    "--errors",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write the wrong rows to this new CSV file, to correct and import again.",
)
@click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="Of the file, like cp850 or mac-roman; found out if not said.",
)
@click.option(
    "--delimiter",
    default="",
    metavar="SIGN",
    help="One sign between two cells; found out if not said.",
)
@telling
def import_file(
    shell: Shell,
    *,
    name: str,
    file: Path,
    encoding: str,
    delimiter: str,
    dry_run: bool,
    partly: bool,
    errors: Path | None,
) -> int:
    """Make a list NAME of the phones in a CSV FILE, or add them to it.

    Its first line names the columns; one is called phone, telefono, celular or movil.
    The others can be used in a text, like {barrio}. Commas, semicolons or tabs, in
    whatever alphabet the spreadsheet saved; what --dry-run shows wrong, --encoding and
    --delimiter put right.
    """
    if len(delimiter) > 1:
        raise click.UsageError("a delimiter is one sign: --delimiter ';'")
    from smsgate.cli.campaigning.listing import bring_in
    from smsgate.operations.spreadsheet import Told

    told = Told(encoding=encoding, delimiter=delimiter)
    document = bring_in(
        shell, name, file, told, dry_run=dry_run, partly=partly, errors=errors
    )
    shell.show(document, _imported)
    mistakes = document["mistakes"]
    if mistakes:
        complain(
            "a row is wrong"
            if len(mistakes) == 1
            else f"{len(mistakes)} rows are wrong",
            (f"line {one['line']}: {one['what']}" for one in mistakes[:_SHOWN]),
        )
        if errors is not None:
            click.echo(f"They are in {errors}.", err=True)
        elif len(mistakes) > _SHOWN:
            click.echo("All of them: --errors OUT.csv", err=True)
    return int(bool(mistakes))


def _imported(document: Document) -> None:
    form = document["form"]
    click.echo(f"Read as {form['encoding']} with {form['delimiter']}.")
    if document["preview"]:
        table(document["preview"], list(document["preview"][0]))
    click.echo(
        f"{document['rows']} rows: {document['phones']} phones, {document['twice']} "
        f"more than once, {document['wrong']} wrong."
    )
    click.echo(
        "Nothing was changed (--dry-run)."
        if document["dry_run"]
        else f"{document['new']} are new in {plain(document['name'])}."
    )
