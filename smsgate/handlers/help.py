"""AYUDA, words that inform, and what is said to a text that cannot be carried out.

What comes in: a `Help`, an `Info`, or a `Misread` with its reason. What goes out: the
commands, what staff wrote for a word, or one sentence that says what to write instead.
The first word is repeated only where it is letters; digits of a misread text never are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import HelpText, InfoText, NotUnderstood
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import Help, Info, Misread
    from smsgate.handlers.case import Case, Result


def give_help(_: Case, command: Help) -> Result:
    """Explain the commands, or one of them."""
    return say(HelpText(topic=command.topic, page=command.page))


def inform(case: Case, command: Info) -> Result:
    """Tell what staff have written for a word of the network."""
    texts = case.policy.info[command.word]
    return say(InfoText(text=texts[case.sender.language]))


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
