"""`smsgate voucher`: issue, list, void.

What comes in: a person's words. What goes out: a file of mode 0600 with the number to
print, or the vouchers there are; a number is never shown on the screen or in the JSON
document. The work is done in `smsgate.operations.vouchers`.
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

_LISTED = ("id", "issuer", "name", "amount", "state", "expires", "cashed_by")


@click.group()
def voucher() -> None:
    """Vouchers: paper that is worth units of a member's."""


@voucher.command()
@click.argument("who", metavar="WHO")
@click.argument("amount", metavar="AMOUNT")
@click.option("--days", default=90, show_default=True, help="How long it is good.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The new file to print from; voucher-WHO.txt here if not said.",
)
@telling
def issue(shell: Shell, *, who: str, amount: str, days: int, out: Path | None) -> None:
    """Set units of a member's aside, and write the number to a new file, once."""
    from smsgate.cli.printing_paper import file_name, print_once

    file = out or Path(file_name("voucher", who))
    unit = shell.config().network.unit
    request = requests.VoucherIssue(who=who, amount=amount, days=days)
    document = print_once(
        file, lambda: shell.do(request).document, lambda made: _paper(made, unit)
    )
    del document["number"]
    shell.show(
        document | {"file": str(file)},
        lambda made: click.echo(
            f"Voucher {made['id']} of {made['amount']} is in {file}: print it and "
            "delete the file."
        ),
    )


def _paper(document: Document, unit: str) -> str:
    number = f"{document['number'][:5]}-{document['number'][5:]}"
    return (
        f"VALE / VOUCHER  {document['amount']} {unit}\n"
        f"{plain(document['name'])} ({document['issuer']})\n\n"
        f"    {number}\n\n"
        f"SMS: VALE {number}\n"
        f"Vence / expires: {document['expires'][:10]}\n"
    )


@voucher.command("list")
@click.option("--limit", default=requests.ROWS, show_default=True, help="How many.")
@telling
def list_all(shell: Shell, *, limit: int) -> None:
    """List vouchers, newest first."""
    shell.show(
        shell.do(requests.VoucherList(limit=limit)).document,
        lambda document: table(document["vouchers"], _LISTED, ("amount",)),
    )


@voucher.command()
@click.argument("number", metavar="ID", type=int)
@telling
def void(shell: Shell, *, number: int) -> None:
    """Call a voucher back, so that it is worth nothing; ID as the list has it."""
    shell.show(
        shell.do(requests.VoucherVoid(id=number)).document,
        lambda document: click.echo(
            f"Voucher {document['id']} is void; {plain(document['name'])} has its "
            f"{document['amount']} back."
        ),
    )
