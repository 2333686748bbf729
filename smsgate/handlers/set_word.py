"""PALABRA: the word by which a member knows that a receipt is genuine.

What comes in: a `SetWord` with the PIN. What goes out: that it opens every receipt from
now on, or why not. A forger who does not know the word cannot write a receipt that
deceives; so it is told to its owner's phone only, and the chain notes that it changed,
never the word itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Keyword
from commands.reply import WordBad, WordSet
from commands.words import RESERVED
from smsgate import members
from smsgate.handlers.case import say
from smsgate.handlers.shut import shut

if TYPE_CHECKING:
    from commands.command import SetWord
    from smsgate.handlers.case import Case, Result


def set_word(case: Case, command: SetWord) -> Result:
    """Change the word, or say why not."""
    if case.sender.state != "active":
        return say(shut(case, money=False))
    if command.pin is None:
        return say(case.asked(Keyword.palabra))
    # A word that anybody knows is told off before the PIN costs a try.
    if _is_known(case, command.word):
        return say(WordBad())
    refused = case.refused(command.pin, money=False)
    if refused is not None:
        return say(refused)
    members.set_word(case.tx, case.sender.account, command.word, actor="member")
    return say(WordSet(word=command.word))


def _is_known(case: Case, word: str) -> bool:
    """Whether others know the word anyway: a command's, or a name that is public."""
    public = f"{case.policy.network} {case.sender.name} {case.sender.alias or ''}"
    return word in RESERVED or word in members.fold(public).split()
