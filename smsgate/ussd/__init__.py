"""USSD: the numbered tree in a session, one request a screen.

    phone ─► network ─► aggregator ─► webhook ─► Desk.take ─► PIN (thread)
                                                    │   ─► ONE TRANSACTION: the step,
    phone ◄─ network ◄─ aggregator ◄─ CON or END ◄──┘      what it does, its screen

What comes in: webhooks that name a session, a phone and all its input so far. What goes
out: the next screen. The screens are those of `smsgate.handlers.menu.tree`, with the
PIN asked on the last one, and what they end in is done by the same handlers in the same
kind of transaction as a text. No PIN and no raw input is ever kept: `desk` reads the
step, `stepping` decides it inside the transaction, `ending` keeps and owes what came of
it, `showing` makes the screens.
"""

from smsgate.ussd.desk import Desk

__all__ = ["Desk"]
