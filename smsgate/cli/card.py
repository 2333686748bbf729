"""`smsgate card`: issue, list, void.

What comes in: a person's words. What goes out: a file of mode 0600 with thirty codes to
print, or the cards there are; codes are never shown on the screen or in the JSON
document. The work is done in `smsgate.operations.cards`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.operations import requests

if TYPE_CHECKING:
    from smsgate.operations import Document

_WHO = click.argument("who", metavar="WHO")
_LISTED = ("id", "code", "name", "phone", "left", "issued")
_WAITING = ("code", "name", "phone", "asked")
#: Codes in a line of the printed card.
_ACROSS = 3


@click.group()
def card() -> None:
    """Code cards: thirty codes on paper, for payments that a PIN is too little."""


@card.command()
@_WHO
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The new file to print from; card-WHO.txt here if not said.",
)
@telling
def issue(shell: Shell, *, who: str, out: Path | None) -> None:
    """Make a member's card, which voids the one before, in a new file."""
    from smsgate.cli.printing_paper import file_name, print_once

    file = out or Path(file_name("card", who))
    network = shell.config().network.name
    request = requests.CardIssue(who=who)
    document = print_once(
        file, lambda: shell.do(request).document, lambda made: _paper(made, network)
    )
    del document["codes"]
    shell.show(
        document | {"file": str(file)},
        lambda made: click.echo(
            f"Card {made['id']} of {plain(made['name'])} is in {file}: print it, give "
            "it in person, and delete the file."
        ),
    )


def _paper(document: Document, network: str) -> str:
    codes: list[str] = document["codes"]
    down = -(-len(codes) // _ACROSS)
    lines = [
        "   ".join(
            f"{place + 1:>2}  {codes[place]}" for place in range(row, len(codes), down)
        )
        for row in range(down)
    ]
    return (
        f"{network}: {plain(document['name'])} ({document['code']})  "
        f"No. {document['id']}\n\n" + "\n".join(lines) + "\n\n"
        "Guarde esta tarjeta lejos del telefono. Cada codigo se usa una vez.\n"
        "Keep this card away from the phone. Each code is used once.\n"
    )


@card.command("list")
@telling
def list_all(shell: Shell) -> None:
    """List the cards in use, and who waits for one."""

    def words(document: Document) -> None:
        table(document["cards"], _LISTED, ("left",))
        if document["asked"]:
            click.echo("Waiting for a card:")
            table(document["asked"], _WAITING)

    shell.show(shell.do(requests.CardList()).document, words)


@card.command()
@_WHO
@telling
def void(shell: Shell, *, who: str) -> None:
    """Void a member's card, such as one that was lost."""
    shell.show(
        shell.do(requests.CardVoid(who=who)).document,
        lambda document: click.echo(
            f"The card of {plain(document['name'])} is void: the PIN is enough again."
        ),
    )
