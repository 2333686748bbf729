"""`smsgate link dialect`: what would this message mean?

What comes in: a link, a vendor or a file with a dialect, and a message in a file. What
goes out: its fields in a table, or as JSON; exit code 1 where it cannot be read. The
work is done in `smsgate.operations.texts.dialects`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import plain, table
from smsgate.cli.shell import Shell, telling

if TYPE_CHECKING:
    from smsgate.operations import Document


@click.command("dialect")
@click.argument("name", metavar="NAME")
@click.option(
    "--sample",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="A body, or a whole HTTP message.",
)
@click.option(
    "--kind",
    type=click.Choice(["in", "report", "answer"]),
    default="in",
    show_default=True,
    help="Which webhook it came to, or the answer to a text that was sent.",
)
@click.option(
    "--status", default=200, show_default=True, help="HTTP status of a bare answer."
)
@telling
def link_dialect(
    shell: Shell, *, name: str, sample: Path, kind: str, status: int
) -> int:
    """Tell what a vendor's message would mean; NAME is a link, a vendor or a file."""
    from smsgate.clock import Clock
    from smsgate.operations.texts import dialects

    dialect = dialects.dialect_of(name, lambda: shell.config().links)
    document = dialects.meaning(
        dialect,
        dialects.read_file(sample),
        what=kind,
        status=status,
        clock=Clock(),
    )
    shell.show(document, _told)
    return 1 if document["meaning"] == "unreadable" else 0


def _told(document: Document) -> None:
    facts = f" (facts of {plain(document['facts'])})" if document["facts"] else ""
    click.echo(f"{plain(document['dialect'])}{facts}")
    click.echo(plain(document["sentence"]))
    if document["fields"]:
        table(document["fields"], ("field", "value", "place"))
