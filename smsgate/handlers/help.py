"""AYUDA, and what is said to a text that cannot be carried out.

What comes in: a `Help`, a `NotYet`, or a `Misread` with its reason. What goes out: one
sentence that says what to write instead. The first word is repeated only where it is
letters; digits of a misread text never are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import HelpText, NotBuilt, NotUnderstood
from commands.words import MONEY
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import Help, Misread, NotYet
    from smsgate.handlers.case import Case, Result


def give_help(_: Case, command: Help) -> Result:
    """Explain the commands, or one of them."""
    return say(HelpText(topic=command.topic))


def not_yet(_: Case, command: NotYet) -> Result:
    """Say that a known command cannot be done yet."""
    return say(NotBuilt(keyword=command.keyword, money=command.keyword in MONEY))


def explain(case: Case, misread: Misread) -> Result:
    """Say why a text was not understood."""
    return say(
        NotUnderstood(
            why=misread.why,
            keyword=misread.keyword,
            suggestions=misread.suggestions,
            money=misread.money,
            word=case.word if case.word.isalpha() else "",
        )
    )
