"""`smsgate ledger`: check the books, show a statement, export every transfer.

What comes in: what to look at. What goes out: findings, entries, or all transfers as
CSV, a page at a time so that no ledger is too long. The work is done in
`smsgate.operations.house.ledger`.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsgate.cli.printing import complain, plain, spreadsheet_text, table
from smsgate.cli.shell import Shell, telling
from smsgate.cli.staff import asked
from smsgate.operations import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.operations import Document

_EXPORTED = (
    "id",
    "ref",
    "at",
    "kind",
    "debit",
    "debit_code",
    "credit",
    "credit_code",
    "amount",
    "memo",
    "of",
    "reverses",
    "hash",
)


@click.group()
def ledger() -> None:
    """The books."""


@ledger.command()
@click.option(
    "--witness",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Heads noted elsewhere, a line each: the number and the hash.",
)
@telling
def check(shell: Shell, *, witness: Path | None) -> int:
    """Count everything again; exit code 1 and the first wrong row, if any is."""
    witnesses = () if witness is None else _witnesses(witness)
    answer = shell.do(requests.LedgerCheck(witnesses=witnesses))
    shell.show(answer.document, _checked)
    found = answer.document["findings"]
    if found:
        first = found[0]
        complain(
            f"the books are wrong at {first['where']}: {first['what']}; "
            "stop the daemon, keep this file, and restore a backup"
        )
    return answer.exit_code


def _witnesses(path: Path) -> tuple[tuple[int, str], ...]:
    from smsgate.ledger import read_witness

    heads = read_witness(path.read_text(encoding="utf-8", errors="replace"))
    if not heads:
        raise click.UsageError(f"{path} holds no head to compare with")
    return tuple(heads)


def _checked(document: Document) -> None:
    for finding in document["findings"]:
        click.echo(f"{plain(finding['where'])}: {plain(finding['what'])}")
    if document["ok"]:
        click.echo("The books are right.")
    head = document["head"]
    click.echo(f"head {head['seq']} {head['hash']}")


@ledger.command()
@click.argument("ref", metavar="REF")
@click.option(
    "--amount", metavar="A", help="A part of it; all that is left if not said."
)
@click.option("--reason", default="", metavar="TEXT", help="For the audit log.")
@telling
def reverse(shell: Shell, *, ref: str, amount: str | None, reason: str) -> None:
    """Give a payment back; above a line another of the staff must agree by text."""
    request = requests.LedgerReverse(ref=ref, amount=amount, reason=reason)
    shell.show(shell.do(request).document, _reversed)


def _reversed(document: Document) -> None:
    click.echo(
        f"Of {document['amount']} (Ref {document['ref']}) {document['given_back']} "
        "were given back."
    )
    asked(document)


@ledger.command()
@click.argument("who", metavar="WHO")
@click.option(
    "--limit", default=requests.ROWS, show_default=True, help="How many rows."
)
@click.option("--skip", default=0, help="How many newer rows to leave out.")
@telling
def statement(shell: Shell, *, who: str, limit: int, skip: int) -> None:
    """Show a member's payments, newest first."""
    request = requests.LedgerStatement(who=who, limit=limit, skip=skip)
    shell.show(shell.do(request).document, _stated)


def _stated(document: Document) -> None:
    name = plain(document["name"])
    click.echo(f"{name} ({document['code']}) has {document['balance']}.")
    table(
        document["moves"],
        ("at", "ref", "kind", "other", "amount", "balance", "memo"),
        ("amount", "balance"),
    )


@ledger.command()
@telling
def export(shell: Shell) -> None:
    """Print every transfer in order, as CSV or as JSON."""
    if shell.as_json:
        _export_json(shell)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_EXPORTED)
    for row in _transfers(shell):
        safe = row | {"memo": spreadsheet_text(row["memo"])}
        writer.writerow(["" if safe[c] is None else safe[c] for c in _EXPORTED])


def _export_json(shell: Shell) -> None:
    # One document, but never all of it in memory.
    opening = '{\n  "transfers": ['
    for row in _transfers(shell):
        text = json.dumps(row, ensure_ascii=False)
        click.echo(f"{opening}\n    {text}", nl=False)
        opening = ","
    click.echo(f"{opening}]\n}}" if opening != "," else "\n  ]\n}")


def _transfers(shell: Shell) -> Iterator[Document]:
    after = 0
    while True:
        request = requests.LedgerExport(after=after)
        page = shell.do(request).document["transfers"]
        yield from page
        if len(page) < request.limit:
            return
        after = page[-1]["id"]
