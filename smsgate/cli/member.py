"""`smsgate member`: add, list, show, limit, freeze, pin, reset, consent, import.

What comes in: a person's words. What goes out: the member as the ledger has it. A
one-time code is printed once, here, for whoever reads it out to the member. The work is
done in `smsgate.operations.people.members` and `member_import`.
"""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import fields, plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.cli.staff import asked
from smsgate.operations import requests

if TYPE_CHECKING:
    from smsgate.operations import Document

_WHO = click.argument("who", metavar="WHO")
_PIN_STDIN = click.option(
    "--pin-stdin",
    is_flag=True,
    help="Read a first PIN from standard input; for pilots and tests.",
)
_SHOWN = (
    "code",
    "phone",
    "name",
    "kind",
    "alias",
    "language",
    "state",
    "balance",
    "available",
    "held",
    "limit",
    "ceiling",
    "stopped",
    "pin",
    "locked_until",
    "area",
    "category",
    "email",
    "joined",
    "promos",
    "notices",
    "listed",
)
_LISTED = ("code", "phone", "name", "kind", "state", "balance", "available", "limit")


@click.group()
def member() -> None:
    """Members: WHO is a phone, a code or an alias."""


@member.command()
@click.argument("phone")
@click.argument("name")
@click.option("--kind", type=click.Choice(["business", "consumer"]))
@click.option("--limit", metavar="A", help="How far below zero; 0 if not said.")
@click.option("--ceiling", metavar="A", help="The highest balance; none if not said.")
@click.option("--alias", metavar="W", help="A word to be paid by.")
@click.option("--language", type=click.Choice(["es", "en"]))
@click.option("--area", help="Where, in a few words.")
@click.option("--category", help="What they offer, in a few words.")
@click.option("--email", help="Where to write to by e-mail.")
@click.option("--joined", metavar="DATE", help="Like 2024-03-31.")
@click.option("--promos", type=click.Choice(["yes", "no"]), help="Wants promotions.")
@_PIN_STDIN
@telling
def add(
    shell: Shell,
    *,
    phone: str,
    name: str,
    kind: str | None,
    limit: str | None,
    ceiling: str | None,
    alias: str | None,
    language: str | None,
    area: str | None,
    category: str | None,
    email: str | None,
    joined: str | None,
    promos: str | None,
    pin_stdin: bool,
) -> None:
    """Add a member and print a one-time code for the first PIN."""
    request = requests.MemberAdd(
        phone=phone,
        name=name,
        kind=kind,
        limit=limit,
        ceiling=ceiling,
        alias=alias,
        language=language,
        area=area,
        category=category,
        email=email,
        joined=joined,
        promos=None if promos is None else promos == "yes",
        pin=_read_pin() if pin_stdin else None,
    )
    shell.show(shell.do(request).document, _added)


def _read_pin() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("PIN: ")
    return sys.stdin.readline().strip()


def _added(document: Document) -> None:
    click.echo(f"{plain(document['name'])} is member {document['code']}.")
    _coded(document)


def _coded(document: Document) -> None:
    code = document.get("one_time_code")
    if code is None:
        click.echo("The PIN is set.")
        return
    click.echo(
        f"One-time code: {code}\n"
        f"It is shown only now and holds until {document['one_time_code_until']}. "
        f"From {plain(document['phone'])} the member texts: PIN {code} and the new PIN "
        "twice."
    )


@member.command("list")
@telling
def list_all(shell: Shell) -> None:
    """List every member."""
    shell.show(
        shell.do(requests.MemberList()).document,
        lambda document: table(
            document["members"], _LISTED, ("balance", "available", "limit")
        ),
    )


@member.command()
@_WHO
@telling
def show(shell: Shell, *, who: str) -> None:
    """Show one member."""
    shell.show(shell.do(requests.MemberShow(who=who)).document, _describe)


def _describe(document: Document) -> None:
    fields(document, _SHOWN)


@member.command()
@_WHO
@click.argument("amount", metavar="A")
@telling
def limit(shell: Shell, *, who: str, amount: str) -> None:
    """Set how far below zero a member may go."""
    request = requests.MemberLimit(who=who, limit=amount)
    shell.show(shell.do(request).document, _limited)


def _limited(document: Document) -> None:
    click.echo(
        f"{plain(document['name'])} may go to {document['limit']} below zero "
        f"and has {document['available']} to spend."
    )
    asked(document)


@member.command()
@_WHO
@click.option("--reason", default="", help="For the audit log.")
@telling
def freeze(shell: Shell, *, who: str, reason: str) -> None:
    """Stop a member's payments, both ways, at once."""
    request = requests.MemberFreeze(who=who, reason=reason)
    shell.show(shell.do(request).document, _state)


@member.command()
@_WHO
@telling
def unfreeze(shell: Shell, *, who: str) -> None:
    """Let a frozen member pay and be paid again; for a guardian, two of the staff."""
    shell.show(shell.do(requests.MemberUnfreeze(who=who)).document, _decided)


@member.command()
@_WHO
@click.option(
    "--agree/--void",
    required=True,
    help="Let the new PIN hold when its day is over, or never.",
)
@telling
def reset(shell: Shell, *, who: str, agree: bool) -> None:
    """Decide about a new PIN whose guardian does not answer."""
    request = requests.MemberReset(who=who, agree=agree)
    shell.show(shell.do(request).document, _decided)


def _decided(document: Document) -> None:
    _state(document)
    if document["new_pin_from"] is not None:
        waits = ", once a guardian agrees" if document["new_pin_held"] else ""
        click.echo(f"A new PIN holds from {document['new_pin_from']}{waits}.")
    asked(document)


def _state(document: Document) -> None:
    name = plain(document["name"])
    click.echo(f"{name} ({document['code']}) is {document['state']}.")


@member.command()
@_WHO
@click.argument("number", metavar="PHONE")
@telling
def phone(shell: Shell, *, who: str, number: str) -> None:
    """Have another phone speak for a member; both phones are told."""
    request = requests.MemberPhone(who=who, phone=number)
    shell.show(
        shell.do(request).document,
        lambda document: click.echo(
            f"{plain(document['phone'])} speaks for {plain(document['name'])} "
            f"({document['code']}) now."
        ),
    )


@member.command()
@_WHO
@_PIN_STDIN
@telling
def pin(shell: Shell, *, who: str, pin_stdin: bool) -> None:
    """Issue a one-time code for a new PIN; an earlier code is void then."""
    request = requests.MemberPin(who=who, pin=_read_pin() if pin_stdin else None)
    shell.show(shell.do(request).document, _coded)


@member.command()
@_WHO
@click.option(
    "--notices",
    type=click.Choice(["yes", "no"]),
    help="Wants to be told of matches and reminders.",
)
@click.option(
    "--listed",
    type=click.Choice(["phone", "masked", "no"]),
    help="How others see the member in the market.",
)
@telling
def consent(shell: Shell, *, who: str, notices: str | None, listed: str | None) -> None:
    """Keep what a member agrees to; what is not said stays as it is."""
    request = requests.MemberConsent(
        who=who, notices=None if notices is None else notices == "yes", listed=listed
    )
    shell.show(shell.do(request).document, _consented)


def _consented(document: Document) -> None:
    notices = "wants notices" if document["notices"] else "wants no notices"
    click.echo(f"{plain(document['name'])} {notices}; listed: {document['listed']}.")


@member.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@click.option(
    "--opening-from",
    type=click.Choice(["treasury"]),
    help="Where balances come from that do not sum to zero.",
)
@click.option(
    "--codes",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write one-time codes to this new file, for those without a PIN.",
)
@telling
def import_file(
    shell: Shell,
    *,
    file: Path,
    dry_run: bool,
    opening_from: str | None,
    codes: Path | None,
) -> None:
    """Add the members of a CSV FILE: all of them, or none and every mistake.

    Columns: phone, name, and any of kind, limit, ceiling, alias, language, balance,
    area, category, email, joined, promos.
    """
    from smsgate.cli.importing import bring_in

    document = bring_in(
        shell,
        file,
        dry_run=dry_run,
        from_treasury=opening_from == "treasury",
        codes=codes,
    )
    shell.show(document, lambda shown: _imported(shown, codes))


def _imported(document: Document, codes: Path | None) -> None:
    would = "would be " if document["dry_run"] else ""
    click.echo(
        f"{document['added']} {would}added, {document['unchanged']} are members already"
        f" and {would or 'were '}left as they are; opening balances of "
        f"{document['opening']} {would or 'were '}booked."
    )
    if codes is not None and document["codes"]:
        click.echo(f"{document['codes']} one-time codes are in {codes}.")
