"""`smsgate inbox`, `outbox`, `link` and `quarantine`: texts and the ways they take.

What comes in: how many rows, and whose. What goes out: rows, newest first, and for a
text that did not go out the reason. The work is done in `smsgate.operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smsgate.cli.printing import fields, plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.operations import requests

if TYPE_CHECKING:
    from smsgate.operations import Document

_LIMIT = click.option(
    "--limit", default=requests.ROWS, show_default=True, help="How many rows."
)
_WHO = click.option("--who", metavar="WHO", help="Only this phone, code or alias.")


@click.group()
def inbox() -> None:
    """Texts that arrived."""


@inbox.command("list")
@_LIMIT
@_WHO
@click.option("--state", type=click.Choice(["answered", "silent", "dead"]))
@telling
def inbox_list(shell: Shell, *, limit: int, who: str | None, state: str | None) -> None:
    """List what arrived, redacted, newest first."""
    request = requests.InboxList(limit=limit, who=who, state=state)
    shell.show(
        shell.do(request).document,
        lambda document: table(
            document["inbox"],
            ("id", "at", "link", "sender", "code", "outcome", "state", "body", "ref"),
            ("id",),
        ),
    )


@click.group()
def outbox() -> None:
    """Texts that are owed or were sent."""


@outbox.command("list")
@_LIMIT
@_WHO
@click.option(
    "--state",
    type=click.Choice(
        ["queued", "sending", "sent", "delivered", "failed", "expired", "unsure"]
    ),
)
@telling
def outbox_list(
    shell: Shell, *, limit: int, who: str | None, state: str | None
) -> None:
    """List what is owed or was sent, newest first."""
    request = requests.OutboxList(limit=limit, who=who, state=state)
    shell.show(
        shell.do(request).document,
        lambda document: table(
            [{**row, "state": _progress(row)} for row in document["outbox"]],
            (
                "id",
                "at",
                "class",
                "recipient",
                "link",
                "state",
                "tries",
                "body",
                "error",
            ),
            ("id", "tries"),
        ),
    )


def _progress(row: dict[str, Any]) -> str:
    """Return the state of a text; of a long one also how many of its parts went."""
    parts = row["parts"]
    if not parts:
        return str(row["state"])
    gone = sum(state in ("sent", "delivered") for state in parts)
    return f"{row['state']} {gone}/{len(parts)}"


@outbox.command()
@click.argument("number", metavar="ID", type=int)
@telling
def retry(shell: Shell, *, number: int) -> None:
    """Send a text once more that failed, expired or may not have gone out."""
    shell.show(
        shell.do(requests.OutboxRetry(id=number)).document,
        lambda document: click.echo(
            f"Text {document['id']} to {plain(document['recipient'])} is "
            f"{document['state']} and will be sent."
        ),
    )


@click.group()
def link() -> None:
    """Ways to reach phones."""


@link.command("list")
@telling
def link_list(shell: Shell) -> None:
    """List the links and how they are right now."""
    shell.show(shell.do(requests.LinkList()).document, _links)


def _links(document: dict[str, Any]) -> None:
    """Show the links, and below them the alarms that stand."""
    rows = [
        {
            **link,
            "queued": "/".join(str(n) for n in link["queued"].values()),
            "today": link["spent"]["today"],
            "month": link["spent"]["month"],
        }
        for link in document["links"]
    ]
    columns = ("name", "status", "health", "signal_dbm", "airtime")
    # Of a modem's IMEI and port, and the rest, --json and `smsgate doctor` tell.
    table(
        rows,
        (*columns, "queued", "today", "month", "reason"),
        ("health", "signal_dbm", "airtime", "today", "month"),
    )
    for alarm in document["alarms"]:
        click.echo(plain(f"{alarm['since']} {alarm['sentence']}"))


@link.command("hook")
@click.argument("name", metavar="NAME")
@telling
def link_hook(shell: Shell, *, name: str) -> None:
    """Print the webhook addresses to give to a link's vendor; draw their secret."""
    from smsgate.clock import Clock
    from smsgate.operations.texts import hooks

    document = hooks.addresses(shell.config(), name, Clock())
    shell.show(document, _hooks)


def _hooks(document: Document) -> None:
    if document["drawn"]:
        click.echo("A secret was drawn: restart the daemon before you give these away.")
    fields(document, [one for one in ("in", "report", "ussd") if one in document])
    click.echo("Whoever knows an address can reach the link: keep them to yourself.")


@link.command("test")
@click.argument("name", metavar="NAME")
@click.option("--to", required=True, metavar="PHONE", help="Whose phone is at hand.")
@click.option("--text", metavar="TEXT", help="What to send, at most 3 SMS.")
@telling
def link_test(shell: Shell, *, name: str, to: str, text: str | None) -> int:
    """Send a text over one link and follow it until it is there."""
    answer = shell.do(requests.LinkTest(name=name, to=to, text=text))
    shell.show(answer.document, lambda document: click.echo(plain(document["told"])))
    return answer.exit_code


@click.group()
def quarantine() -> None:
    """What arrived and was no readable message."""


@quarantine.command("list")
@telling
def quarantine_list(shell: Shell) -> None:
    """List it, without the bodies, newest first."""
    shell.show(
        shell.do(requests.QuarantineList()).document,
        lambda document: table(
            document["quarantine"],
            ("id", "at", "link", "length", "reason", "head"),
            ("id", "length"),
        ),
    )


@quarantine.command("reread")
@click.argument("number", metavar="ID", type=int)
@telling
def quarantine_reread(shell: Shell, *, number: int) -> int:
    """Try to read one again, after an upgrade; what it says is done, not shown."""
    document = shell.do(requests.QuarantineReread(id=number)).document
    shell.show(document, _reread)
    return 1 if document["read"] == "nothing" else 0


def _reread(document: Document) -> None:
    match document["read"]:
        case "text":
            click.echo(
                f"It is a text from {plain(document['sender'])} and was answered: see "
                "`smsgate inbox list`."
            )
        case "report":
            click.echo("It is a delivery report and was kept.")
        case _:
            click.echo(f"It cannot be read: {plain(document['reason'])}.")
