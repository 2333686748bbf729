"""Campaigns in words: what one would do, where it stands, what came of it.

What comes in: the documents of `smsgate.operations.campaigning.campaigns` and
`smsgate.operations.campaigning.looks`. What goes out: sentences and tables for staff,
who need not know how a campaign is kept. Programs take `--json`.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from smsgate.campaigns.rows import State
from smsgate.cli.campaigning.audience import left_out
from smsgate.cli.printing import plain, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsgate.cli.shell import Shell
    from smsgate.operations import Document

#: How often a campaign that is followed is looked at again.
_LOOK_S = 1.0
#: States in which time alone moves a campaign.
_GOES_ON = frozenset({"freezing", "scheduled", "running"})
_VARIANTS = {"a": "text", "b": "other text", "none": "held out"}
#: Why somebody was not written to, as staff would say it.
_REASONS = {
    "opted_out": "want no promotions any more",
    "account_not_active": "account is frozen or closed",
    "written_to_often": "had as many promotions as [campaigns] most allows",
    "phone_changed": "the phone is somebody else's now",
}
_FIGURES = ("people", "sent", "delivered", "failed", "unsure", "skipped", "waiting")
_PAID = ("SMS", "cost")
_RETURNS = ("replied", "opted_out", "buyers", "purchases", "redeemed", "a_head")


def moment(iso: str | None) -> str:
    """Return a time as staff read it: `Mon 2026-11-30 09:00`."""
    if iso is None:
        return "-"
    return f"{datetime.fromisoformat(iso):%a %Y-%m-%d %H:%M}"


def written(document: Document) -> None:
    """Say that a campaign was written down."""
    name = plain(document["name"])
    click.echo(
        f"Campaign {name} is a draft; nothing is sent yet. "
        f"Next: smsgate campaign preview {_quoted(name)}"
    )


def standing(document: Document) -> None:
    """Say where a campaign stands."""
    name, why = plain(document["name"]), plain(document["why"])
    counted = document["recipients"]
    done = sum(counted[one] for one in ("sent", "delivered", "failed", "unsure"))
    reason = f" ({why})" if document["why"] else ""
    state = State(document["state"]).words
    if not document["people"]:
        click.echo(f"Campaign {name} is {state}{reason}.")
        return
    click.echo(
        f"Campaign {name} is {state}{reason}: {done} of "
        f"{document['people']} were written to, {counted['waiting']} wait, "
        f"{counted['queued'] + counted['sending']} are on their way."
    )


def cancelled(document: Document) -> None:
    """Say that it has ended, and of a recurring one all that would follow."""
    standing(document)
    if document["every"]:
        click.echo("No further round is begun, and none that was under way goes on.")


def started(document: Document) -> None:
    """Say when it begins and when it ends at the latest."""
    standing(document)
    every = f", and again {plain(document['every'])}" if document["every"] else ""
    whose = " of this round" if every else ""
    click.echo(
        f"It begins {moment(document['starts'])}{every}; nothing{whose} goes out after "
        f"{moment(document['not_after'])}. See it go: smsgate campaign show "
        f"{_quoted(plain(document['name']))} --follow"
    )


def described(document: Document) -> None:
    """Show a campaign with its plan."""
    standing(document)
    plan = document["plan"]
    for name, value in (
        ("text", _wording(plan["text"])),
        ("other text", _wording(plan["other"])),
        ("fallbacks", _pairs(plan["fallbacks"])),
        ("to", _whom(plan)),
        ("promotes", document["promoted"]),
        ("code", document["code"]),
        ("word", document["word"]),
        ("answer", _wording(plan["answer"])),
        ("held out", f"{plan['hold_out']} of 100" if plan["hold_out"] else None),
        ("other text to", f"{plan['split']} of 100" if plan["split"] else None),
        ("budget", plan["budget"]),
        ("an hour", document["per_hour"]),
        ("begins", moment(document["starts"]) if document["starts"] else None),
        ("not after", moment(document["not_after"]) if document["not_after"] else None),
        ("every", document["every"]),
        ("next", moment(document["next"]) if document["next"] else None),
        ("author", document["author"]),
        ("approved by", document["approved_by"]),
    ):
        if value is not None:
            click.echo(f"{name:<15}{plain(value)}")


def _wording(wording: Mapping[str, str] | None) -> str | None:
    if wording is None:
        return None
    return wording["es"] + (f" | {wording['en']}" if wording["en"] else "")


def _pairs(fallbacks: Mapping[str, str]) -> str | None:
    return ", ".join(f"{name}={word}" for name, word in fallbacks.items()) or None


def _whom(plan: Mapping[str, Any]) -> str:
    told = [f"audience {plan['audience']}"] if plan["audience"] else []
    told += [plan["rule"]] if plan["rule"] else []
    told += [f"not in {name}" for name in plan["not_in"]]
    if plan["not_written_days"]:
        told.append(f"not written to for {plan['not_written_days']} days")
    return "; ".join(told)


def previewed(document: Document) -> None:
    """Show what a campaign would do."""
    segments = document["segments"]
    held = f", {document['held_out']} held out" if document["held_out"] else ""
    click.echo(f"People     {document['people']}: {document['texts']} texts{held}")
    click.echo(f"Left out   {left_out(document['left_out'])}")
    click.echo(
        f"SMS        {segments['all']}: a text takes {segments['fewest']} to "
        f"{segments['most']}, {segments['average']} on average"
    )
    cost = document["cost"]
    click.echo(
        f"Cost       {'not known: no link has a price' if cost is None else cost}"
    )
    click.echo(f"Begins     {moment(document['begins'])}")
    ends = document["ends"]
    click.echo(
        "Ends       not within a year, or no link can send"
        if ends is None
        else f"Ends       about {moment(ends)}, after {_lasting(document['minutes'])}"
    )
    _cheaper(document["cheaper"])
    if document["samples"]:
        click.echo("Samples:")
        for one in document["samples"]:
            click.echo(
                f"  {one['phone']} ({_VARIANTS[one['variant']]}, {one['segments']} SMS)"
                f"\n    {plain(one['text'])}"
            )
    for warning in document["warnings"]:
        click.echo(f"Mind: {plain(warning)}.")
    if not document["blockers"]:
        click.echo("Nothing keeps it from being approved.")


def _lasting(minutes: int) -> str:
    """Return a length of time, nights and Sundays included: `2 days 3 h 5 min`."""
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    told = [f"{days} days"] if days > 1 else ["1 day"] if days else []
    told += [f"{hours} h"] if hours else []
    return " ".join([*told, f"{rest} min"])


def _cheaper(cheaper: Document | None) -> None:
    if cheaper is None:
        return
    cost = f", {cheaper['saves_cost']} less" if cheaper["saves_cost"] else ""
    click.echo(
        f"Cheaper    {cheaper['segments']} SMS instead of "
        f"{cheaper['segments'] + cheaper['saves']}{cost}, spelled so (--cheaper):\n"
        f"    {plain(cheaper['text_es'])}"
    )
    if cheaper["text_en"]:
        click.echo(f"    {plain(cheaper['text_en'])}")


def tried(document: Document) -> None:
    """Say what was sent to whom."""
    for one in document["texts"]:
        click.echo(f"{plain(one['text'])}  ({one['segments']} SMS)")
    click.echo(f"On its way to {plain(document['to'])}.")


def reported(document: Document) -> None:
    """Tell what came of a campaign."""
    standing(document)
    if not document["variants"]:
        click.echo("Nobody is written down for it yet.")
        return
    halves = [_half(one) for one in document["variants"]]
    figures = (*_FIGURES, *_PAID)
    table(halves, ("", *figures), figures)
    table(halves, ("", *_RETURNS), _RETURNS)
    for one in document["variants"]:
        if one["more_than_held_out"] is not None:
            click.echo(
                f"Whoever got the {_VARIANTS[one['variant']]} bought for "
                f"{one['more_than_held_out']} more a head than whoever got nothing."
            )
    if document["winner"] is not None:
        click.echo(f"The {_VARIANTS[document['winner']]} brought more a head.")
    for why, count in document["reasons"].items():
        click.echo(f"{count}: {plain(_REASONS.get(why, why))}")
    if any(one["recipients"]["unsure"] for one in document["variants"]):
        click.echo(
            "Unsure: written to the network, and no answer came. They are not written "
            f"to again; smsgate campaign export {_quoted(plain(document['name']))} "
            "FILE --state unsure lists them."
        )


def _half(half: Document) -> Document:
    counted = half["recipients"]
    return {
        "": _VARIANTS[half["variant"]],
        "people": half["people"],
        # A text that was delivered was sent.
        "sent": counted["sent"] + counted["delivered"],
        "delivered": counted["delivered"],
        "failed": counted["failed"],
        "unsure": counted["unsure"],
        "skipped": counted["skipped"] + counted["cancelled"],
        "waiting": counted["waiting"] + counted["queued"] + counted["sending"],
        "SMS": half["segments"],
        "cost": half["cost"],
        "replied": half["replied"],
        "opted_out": half["opted_out"],
        "buyers": half["buyers"],
        "purchases": half["purchases"],
        "redeemed": half["redeemed"],
        "a_head": half["redeemed_a_head"],
    }


def follow(shell: Shell, look: Callable[[], Document]) -> None:
    """Show a campaign going on, until it stands still."""
    while True:
        document = look()
        counted = document["recipients"]
        left = counted["waiting"] + counted["queued"] + counted["sending"]
        shell.progress(document["state"], document["people"] - left, document["people"])
        if document["state"] not in _GOES_ON or not sys.stderr.isatty():
            shell.progress_over()
            return
        time.sleep(_LOOK_S)


def _quoted(name: str) -> str:
    return f"'{name}'" if " " in name or "&" in name else name
