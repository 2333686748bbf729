"""`smsgate campaign`: promotions by text, from the first draft to what came of them.

What comes in: a person's words. What goes out: what a campaign would do, its state, its
report; its recipients in a new CSV file. How each is shown is in
`smsgate.cli.campaigning.words`, the options of a plan in
`smsgate.cli.campaigning.options`; the work is done in
`smsgate.operations.campaigning.campaigns` and the rooms beside it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smsgate.cli.campaigning import words
from smsgate.cli.campaigning.options import asked_for, of_a_plan
from smsgate.cli.printing import complain, plain, table
from smsgate.cli.shell import Shell, telling
from smsgate.cli.staff import asked
from smsgate.operations.campaigning import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.operations import Document

_NAME = click.argument("name")
_WHY = click.option("--why", default="", metavar="TEXT", help="For the record.")
_AT = "A local time, like '2026-11-30 09:00'"
_LISTED = ("name", "state", "people", "starts", "ended", "every", "why")
_EXPORTED = ("phone", "code", "name", "variant", "state", "why", "segments")
_EXPORTED_TIMES = ("written", "replied", "opted_out")


@click.group()
def campaign() -> None:
    """Promotions by text: write, preview, test, approve, start, report.

    docs/howto/campaign.md goes through one from a spreadsheet to its report.
    """


@campaign.command()
@_NAME
@of_a_plan
@telling
def new(shell: Shell, /, *, name: str, **options: Any) -> None:
    """Write a campaign down; nothing is sent before it is approved and started."""
    request = requests.CampaignNew(name=name, **asked_for(options))
    shell.show(shell.do(request).document, words.written)


@campaign.command()
@_NAME
@of_a_plan
@telling
def edit(shell: Shell, /, *, name: str, **options: Any) -> None:
    """Change a campaign that was not sent yet; it must be approved anew.

    What is not said stays as it was; '' takes something away.
    """
    request = requests.CampaignNew(name=name, edit=True, **asked_for(options))
    shell.show(shell.do(request).document, words.written)


@campaign.command("list")
@telling
def list_all(shell: Shell) -> None:
    """List the campaigns, the newest first."""

    def shown(document: Document) -> None:
        rows = [
            one
            | {"starts": words.moment(one["starts"])}
            | {"ended": words.moment(one["ended"])}
            for one in document["campaigns"]
        ]
        table(rows, _LISTED, ("people",))

    shell.show(shell.do(requests.CampaignList()).document, shown)


@campaign.command()
@_NAME
@click.option("--follow", is_flag=True, help="Show it going on until it has ended.")
@telling
def show(shell: Shell, *, name: str, follow: bool) -> None:
    """Show a campaign: its text, its people, and where it stands."""
    if follow:
        words.follow(shell, lambda: shell.do(requests.CampaignShow(name=name)).document)
    shell.show(shell.do(requests.CampaignShow(name=name)).document, words.described)


@campaign.command()
@_NAME
@click.option("--at", default="", metavar="TIME", help=f"{_AT}; now if not said.")
@telling
def preview(shell: Shell, *, name: str, at: str) -> int:
    """Tell what a campaign would do: people, texts, SMS, cost, hours, samples.

    Exit code 1 where something must be mended before it can be approved.
    """
    request = requests.CampaignPreview(name=name, at=at)
    document = shell.do(request).document
    shell.show(document, words.previewed)
    blockers = document["blockers"]
    if blockers:
        complain(f"{plain(name)} cannot be approved yet", blockers)
    return int(bool(blockers))


@campaign.command("test")
@_NAME
@click.option(
    "--to", required=True, metavar="WHO", help="One of the staff, a member, a phone."
)
@telling
def try_out(shell: Shell, *, name: str, to: str) -> None:
    """Send a campaign's text to one phone, as its first reader would get it."""
    request = requests.CampaignTest(name=name, to=to)
    shell.show(shell.do(request).document, words.tried)


@campaign.command()
@_NAME
@telling
def approve(shell: Shell, *, name: str) -> None:
    """Write down who gets it, and agree to it, or have another of the staff asked.

    For more than [staff] approve_people people, once there is a staff, somebody else
    than its author must answer SI by text. An edit voids the approval.
    """

    def shown(document: Document) -> None:
        click.echo(
            f"{document['people']} people are written down for "
            f"{plain(document['name'])}."
        )
        if document["approval"] is None:
            click.echo("It is approved, and can be started.")
        asked(document)

    shell.show(shell.do(requests.CampaignApprove(name=name)).document, shown)


@campaign.command()
@_NAME
@click.option("--at", default="", metavar="TIME", help=f"{_AT}; now if not said.")
@click.option(
    "--not-after",
    default="",
    metavar="TIME",
    help="Nothing goes out later; seven days after the start if not said.",
)
@click.option(
    "--every",
    default="",
    metavar="WHEN",
    help="Again and again: daily, 'weekly mon,thu' or 'monthly 15'.",
)
@telling
def start(shell: Shell, *, name: str, at: str, not_after: str, every: str) -> None:
    """Send an approved campaign, now or at a time, inside the allowed hours."""
    request = requests.CampaignStart(name=name, at=at, not_after=not_after, every=every)
    shell.show(shell.do(request).document, words.started)


@campaign.command()
@_NAME
@_WHY
@telling
def pause(shell: Shell, *, name: str, why: str) -> None:
    """Send nothing more for now; what is on its way still arrives."""
    request = requests.CampaignPause(name=name, why=why)
    shell.show(shell.do(request).document, words.standing)


@campaign.command()
@_NAME
@click.option("--not-after", default="", metavar="TIME", help=f"Another end. {_AT}.")
@telling
def resume(shell: Shell, *, name: str, not_after: str) -> None:
    """Go on; whoever was written to is not written to again."""
    request = requests.CampaignResume(name=name, not_after=not_after)
    shell.show(shell.do(request).document, words.standing)


@campaign.command()
@_NAME
@click.argument("per_hour", metavar="PER_HOUR")
@telling
def rate(shell: Shell, *, name: str, per_hour: str) -> None:
    """Send so many texts an hour from now on; `all`: as fast as the links allow."""
    if per_hour != "all" and not per_hour.isdecimal():
        raise click.UsageError("a rate is a number of texts an hour, or all")
    hourly = None if per_hour == "all" else int(per_hour)
    request = requests.CampaignRate(name=name, per_hour=hourly)
    shell.show(shell.do(request).document, words.standing)


@campaign.command()
@_NAME
@_WHY
@telling
def cancel(shell: Shell, *, name: str, why: str) -> None:
    """End a campaign now, for good; of a recurring one every round."""
    request = requests.CampaignCancel(name=name, why=why)
    shell.show(shell.do(request).document, words.cancelled)


@campaign.command()
@_NAME
@telling
def report(shell: Shell, *, name: str) -> None:
    """Tell what came of a campaign: who has it, who left, who bought."""
    shell.show(shell.do(requests.CampaignReport(name=name)).document, words.reported)


@campaign.command()
@_NAME
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--state", default="", metavar="STATE", help="Only these, like failed or unsure."
)
@telling
def export(shell: Shell, *, name: str, file: Path | None, state: str) -> None:
    """Write a campaign's recipients into a new CSV FILE, or print them as JSON."""
    people = _recipients(shell, name, state)
    if shell.as_json:
        _print_json(people)
        return
    if file is None:
        raise click.UsageError("name a new FILE to write to, or give --json")
    from smsgate.cli.new_file import write_csv
    from smsgate.phone import spaced

    columns = (*_EXPORTED, *_EXPORTED_TIMES)
    rows = (one | {"phone": spaced(one["phone"])} for one in people)
    count = write_csv(file, columns, rows)
    click.echo(f"{count} recipients are in {file}: they are people, keep it safe.")


def _recipients(shell: Shell, name: str, state: str) -> Iterator[Document]:
    after: str | None = ""
    while after is not None:
        request = requests.CampaignExport(name=name, after=after, state=state)
        page = shell.do(request).document
        yield from page["recipients"]
        after = page["after"]


def _print_json(people: Iterator[Document]) -> None:
    # One document, but never all of it in memory.
    opening = '{\n  "recipients": ['
    for row in people:
        text = json.dumps(row, ensure_ascii=False)
        click.echo(f"{opening}\n    {text}", nl=False)
        opening = ","
    click.echo(f"{opening}]\n}}" if opening != "," else "\n  ]\n}")
