"""`smsgate ad`: what members offer and need, and taking something off.

What comes in: how many and whose, or a number. What goes out: rows, newest first. The
work is done in `smsgate.operations.ads`.
"""

from __future__ import annotations

import click

from smsgate.cli.printing import plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.operations import requests


@click.group()
def ad() -> None:
    """What members offer and need."""


@ad.command("list")
@click.option(
    "--limit", default=requests.ROWS, show_default=True, help="How many rows."
)
@click.option("--who", metavar="WHO", help="Only this phone, code or alias.")
@telling
def list_open(shell: Shell, *, limit: int, who: str | None) -> None:
    """List what is published, newest first."""
    shell.show(
        shell.do(requests.AdList(limit=limit, who=who)).document,
        lambda document: table(
            document["ads"],
            ("number", "kind", "text", "price", "code", "name", "closes"),
            ("number", "price"),
        ),
    )


@ad.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", default="", help="For the audit log.")
@telling
def drop(shell: Shell, *, number: int, reason: str) -> None:
    """Take an advertisement off; its member is not told."""
    shell.show(
        shell.do(requests.AdDrop(number=number, reason=reason)).document,
        lambda document: click.echo(
            f"Ad {document['number']} is off: {plain(document['text'])}"
        ),
    )
