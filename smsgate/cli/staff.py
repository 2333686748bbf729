"""`smsgate staff`: people whose phone and PIN count as a second approval.

What comes in: a name, a phone and a role, or who leaves. What goes out: the colleague,
or who was asked by text whether they may join. The work is done in
`smsgate.operations.people.staff`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.operations import requests

if TYPE_CHECKING:
    from smsgate.operations import Document

_LISTED = ("name", "role", "state", "code", "phone", "since")


@click.group()
def staff() -> None:
    """People who may agree by text to what another asks for."""


@staff.command()
@click.argument("name")
@click.argument("phone")
@click.option("--role", required=True, metavar="ROLE", help="A word, like manager.")
@telling
def add(shell: Shell, *, name: str, phone: str, role: str) -> None:
    """Add somebody to the staff; from the third on, one of the staff must agree."""
    request = requests.StaffAdd(name=name, phone=phone, role=role)
    shell.show(shell.do(request).document, _added)


def _added(document: Document) -> None:
    name = plain(document["name"])
    if document["state"] == "active":
        click.echo(f"{name} ({document['code']}) is on the staff.")
    asked(document)
    code = document.get("one_time_code")
    if code is not None:
        click.echo(
            f"One-time code: {code}\n"
            f"From {plain(document['phone'])} they text: PIN {code} and the new PIN "
            "twice."
        )


def asked(document: Document) -> None:
    """Say who must agree before it takes effect, where anybody must."""
    approval = document.get("approval")
    if approval is not None:
        names = ", ".join(plain(name) for name in approval["asked"])
        click.echo(
            f"It takes effect when one of these answers SI by text: {names}; "
            f"until {approval['until']}."
        )


@staff.command()
@click.argument("who", metavar="WHO")
@click.option("--last", is_flag=True, help="Even if nobody is left then.")
@telling
def end(shell: Shell, *, who: str, last: bool) -> None:
    """Take somebody off the staff: their phone agrees to nothing any more."""
    request = requests.StaffEnd(who=who, last=last)
    shell.show(shell.do(request).document, _ended)


def _ended(document: Document) -> None:
    click.echo(
        f"{plain(document['name'])} ({document['code']}) is on the staff no more; "
        "all of them are told."
    )


@staff.command("list")
@telling
def list_all(shell: Shell) -> None:
    """List the staff."""
    shell.show(
        shell.do(requests.StaffList()).document,
        lambda document: table(document["staff"], _LISTED),
    )
