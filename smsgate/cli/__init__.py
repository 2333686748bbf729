"""The commands that people type, one file a noun.

What comes in: words from a shell. What goes out: text or one JSON document, and an exit
code: 0 done, 1 refused or a problem found, 2 usage or bad configuration, 3 not reached.
A command is a few lines over an operation (`smsgate.operations`); `smsgate.cli.shell`
holds what all share, and `smsgate.__main__` turns errors into sentences.
"""

from __future__ import annotations

import click

from smsgate import __version__
from smsgate.cli.ad import ad
from smsgate.cli.campaigning.audience import audience
from smsgate.cli.campaigning.campaign import campaign
from smsgate.cli.card import card
from smsgate.cli.demo import demo
from smsgate.cli.dialect import link_dialect
from smsgate.cli.doctor import doctor
from smsgate.cli.house import backup, check, clock, init, migrate, restore, resume
from smsgate.cli.ledger import ledger
from smsgate.cli.member import member
from smsgate.cli.messages import inbox, link, outbox, quarantine
from smsgate.cli.phone import phone
from smsgate.cli.queues import callback, join, ticket
from smsgate.cli.run import run
from smsgate.cli.shell import placed
from smsgate.cli.staff import staff
from smsgate.cli.voucher import voucher


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="smsgate")
@placed
def program() -> None:
    """Pay each other by text message.

    Exit codes: 0 done, 1 refused or a problem found, 2 usage or bad configuration,
    3 cannot reach what it needs.
    """


for _command in (
    demo,
    phone,
    init,
    run,
    check,
    doctor,
    member,
    staff,
    join,
    ticket,
    callback,
    ad,
    audience,
    campaign,
    ledger,
    voucher,
    card,
    inbox,
    outbox,
    link,
    quarantine,
    clock,
    backup,
    restore,
    resume,
    migrate,
):
    program.add_command(_command)
link.add_command(link_dialect)

__all__ = ["program"]
