"""`smsgate join`, `ticket` and `callback`: what waits for staff.

What comes in: the number of a matter, as its list shows it. What goes out: the matter
afterwards. To approve is to do it, to close is to put it away. The work is done in
`smsgate.operations.people.queues`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.cli.staff import asked
from smsgate.operations import requests

if TYPE_CHECKING:
    from smsgate.operations import Document

_ID = click.argument("number", metavar="ID", type=int)
_NOTE = click.option("--note", default="", metavar="TEXT", help="What was done.")
_ALL = click.option("--all", "closed", is_flag=True, help="Those that are done, too.")
_COLUMNS = ("id", "at", "phone", "code", "name", "topic", "words", "state")


@click.group()
def join() -> None:
    """People who want to become members."""


@click.group()
def ticket() -> None:
    """Disputes and requests for credit."""


@click.group()
def callback() -> None:
    """Members who want to be called."""


def _list(shell: Shell, queue: str, *, closed: bool) -> None:
    request = requests.QueueList(queue=queue, closed=closed)
    shell.show(
        shell.do(request).document,
        lambda document: table(document[queue], _COLUMNS, ("id",)),
    )


def _close(
    shell: Shell, queue: str, number: int, note: str, *, silent: bool = False
) -> None:
    request = requests.QueueClose(queue=queue, id=number, note=note, silent=silent)
    shell.show(shell.do(request).document, _settled)


def _settled(document: Document) -> None:
    click.echo(f"Number {document['id']} is {document['state']}.")
    asked(document)


@join.command("list")
@_ALL
@telling
def join_list(shell: Shell, *, closed: bool) -> None:
    """List who asked to join, oldest first."""
    _list(shell, "join", closed=closed)


@join.command("approve")
@_ID
@click.option("--name", metavar="NAME", help="In place of what they wrote.")
@click.option("--kind", type=click.Choice(["business", "consumer"]))
@click.option("--limit", metavar="A", help="How far below zero; 0 if not said.")
@click.option("--alias", metavar="W", help="A word to be paid by.")
@click.option("--language", type=click.Choice(["es", "en"]))
@telling
def join_approve(
    shell: Shell,
    *,
    number: int,
    name: str | None,
    kind: str | None,
    limit: str | None,
    alias: str | None,
    language: str | None,
) -> None:
    """Make somebody a member: they are welcomed by text, and a code is printed."""
    request = requests.JoinApprove(
        id=number, name=name, kind=kind, limit=limit, alias=alias, language=language
    )
    shell.show(shell.do(request).document, _joined)


def _joined(document: Document) -> None:
    member = document["member"]
    code = document["one_time_code"]
    click.echo(
        f"{plain(member['name'])} is member {member['code']} and was welcomed by "
        f"text.\nOne-time code: {code}\n"
        f"From {plain(member['phone'])} the member texts: PIN {code} and the new PIN "
        "twice."
    )


@join.command("close")
@_ID
@_NOTE
@click.option("--silent", is_flag=True, help="Write to nobody: it was a prank.")
@telling
def join_close(shell: Shell, *, number: int, note: str, silent: bool) -> None:
    """Turn a request to join down; whoever asked is told so, once."""
    _close(shell, "join", number, note, silent=silent)


@ticket.command("list")
@_ALL
@telling
def ticket_list(shell: Shell, *, closed: bool) -> None:
    """List tickets, oldest first; --json also holds what both sides wrote."""
    _list(shell, "ticket", closed=closed)


@ticket.command("approve")
@_ID
@click.option("--limit", metavar="A", help="The credit limit that was asked for.")
@click.option("--amount", metavar="A", help="A part of the disputed payment.")
@_NOTE
@telling
def ticket_approve(
    shell: Shell, *, number: int, limit: str | None, amount: str | None, note: str
) -> None:
    """Decide a ticket for the member who opened it."""
    request = requests.TicketApprove(id=number, limit=limit, amount=amount, note=note)
    shell.show(shell.do(request).document, _settled)


@ticket.command("close")
@_ID
@_NOTE
@telling
def ticket_close(shell: Shell, *, number: int, note: str) -> None:
    """Put a ticket away."""
    _close(shell, "ticket", number, note)


@callback.command("list")
@_ALL
@telling
def callback_list(shell: Shell, *, closed: bool) -> None:
    """List who wants to be called, oldest first."""
    _list(shell, "callback", closed=closed)


@callback.command("approve")
@_ID
@_NOTE
@telling
def callback_approve(shell: Shell, *, number: int, note: str) -> None:
    """Note that a call was made."""
    request = requests.CallApprove(id=number, note=note)
    shell.show(shell.do(request).document, _settled)


@callback.command("close")
@_ID
@_NOTE
@telling
def callback_close(shell: Shell, *, number: int, note: str) -> None:
    """Put a call away that will not be made."""
    _close(shell, "callback", number, note)
