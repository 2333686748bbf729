"""The options by which a campaign's plan is written at a shell.

What comes in: what was typed behind `campaign new` or `campaign edit`. What goes out:
the arguments of `smsgate.operations.campaigning.requests.CampaignNew`; what was not
typed stays as it was. Used by `smsgate.cli.campaigning.campaign`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")

_OPTIONS = (
    click.option("--text", metavar="TEXT", help="In Spanish; fields like {nombre}."),
    click.option("--text-en", metavar="TEXT", help="For who reads English."),
    click.option("--other", metavar="TEXT", help="A second text, to compare with."),
    click.option("--other-en", metavar="TEXT", help="The second one in English."),
    click.option(
        "--where", metavar="RULE", help="Who: like 'kind = business and idle > 30'."
    ),
    click.option("--audience", metavar="NAME", help="Who: a list or a saved rule."),
    click.option(
        "--not-in", multiple=True, metavar="NAME", help="Nobody of this campaign."
    ),
    click.option(
        "--not-written-days",
        type=click.IntRange(0),
        metavar="DAYS",
        help="Nobody who got any campaign within so many days.",
    ),
    click.option(
        "--fallback",
        multiple=True,
        metavar="FIELD=WORD",
        help="What a field says where nothing is known, like nombre=vecino.",
    ),
    click.option(
        "--footer/--no-footer",
        default=None,
        help="End each text with how to stop promotions (it does).",
    ),
    click.option(
        "--hold-out",
        type=click.IntRange(0, 50),
        metavar="N",
        help="Of a hundred, so many get nothing, to compare with.",
    ),
    click.option(
        "--split",
        type=click.IntRange(0, 99),
        metavar="N",
        help="Of a hundred, so many get the second text (50).",
    ),
    click.option("--promote", metavar="WHO", help="The member whose offer it is."),
    click.option(
        "--code", metavar="WORD", help="Payments with POR and this word count too."
    ),
    click.option(
        "--redeem-days",
        type=click.IntRange(0),
        metavar="DAYS",
        help="A purchase counts for so many days (14).",
    ),
    click.option("--word", metavar="WORD", help="A word that people may reply."),
    click.option("--answer", metavar="TEXT", help="What that word is answered with."),
    click.option("--answer-en", metavar="TEXT", help="The answer in English."),
    click.option("--budget", metavar="AMOUNT", help="It stops when it has cost this."),
    click.option(
        "--per-hour", type=click.IntRange(1), metavar="N", help="At most so many texts."
    ),
    click.option(
        "--share",
        multiple=True,
        metavar="LINK=N",
        help="Of a hundred texts so many over this link, like modem-a=50.",
    ),
    click.option(
        "--cheaper", is_flag=True, help="Write a for á, where that saves an SMS."
    ),
)


def of_a_plan(function: F) -> F:
    """Add the options of a plan."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def asked_for(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options as arguments of the operation.

    Raises:
        click.UsageError: a pair is not written as one.
    """
    shares = _pairs(options["share"], "--share modem-a=50")
    not_in = tuple(name for name in options["not_in"] if name)
    return {
        "text_es": options["text"],
        "text_en": options["text_en"],
        "other_es": options["other"],
        "other_en": options["other_en"],
        "fallbacks": _pairs(options["fallback"], "--fallback nombre=vecino"),
        "footer": options["footer"],
        "audience": options["audience"],
        "rule": options["where"],
        "not_in": not_in if options["not_in"] else None,
        "not_written_days": options["not_written_days"],
        "hold_out": options["hold_out"],
        "split": options["split"],
        "promoted": options["promote"],
        "code": options["code"],
        "redeem_days": options["redeem_days"],
        "word": options["word"],
        "answer_es": options["answer"],
        "answer_en": options["answer_en"],
        "budget": options["budget"],
        "per_hour": options["per_hour"],
        "shares": None if shares is None else _numbers(shares),
        "cheaper": options["cheaper"],
    }


def _pairs(written: tuple[str, ...], example: str) -> dict[str, str] | None:
    if not written:
        return None
    pairs = {}
    for one in filter(None, written):
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"{one!r} is no pair: write it like {example}")
        pairs[name.strip().strip("{}")] = value.strip()
    return pairs


def _numbers(shares: dict[str, str]) -> dict[str, int]:
    if not all(share.isascii() and share.isdigit() for share in shares.values()):
        raise click.UsageError("a share is a whole number: --share modem-a=50")
    return {link: int(share) for link, share in shares.items()}
