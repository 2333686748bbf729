"""`smsgate phone`: hand over to a phone in the terminal.

What comes in: the port of a running demo, whose phone, and what an SMS costs. What goes
out: the exit code, 3 where no demo runs there. The phone is in `smsgate.demo.phone`.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click


@click.command()
@click.argument("who", required=False)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Of the demo's page; 8025 unless the demo said otherwise.",
)
@click.option("--price", default="0.05", show_default=True, help="What one SMS costs.")
def phone(*, who: str | None, port: int | None, price: str) -> int:
    """Text from a phone in this terminal to a demo that runs in another.

    WHO is a member's name, code or alias, or any number.
    """
    from smsgate import demo
    from smsgate.demo import phone as handset

    try:
        cost = Decimal(price)
    except InvalidOperation:
        cost = Decimal(-1)
    if not cost.is_finite() or cost < 0:
        raise click.BadParameter("write an amount like 0.05", param_hint="--price")
    return handset.main(
        handset.Wanted(port=demo.PORT if port is None else port, who=who, price=cost)
    )
