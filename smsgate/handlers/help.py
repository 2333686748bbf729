"""AYUDA, words that inform, and what is said to a text that cannot be carried out.

What comes in: a `Help`, an `Info`, or a `Misread` with its reason. What goes out: the
commands, what staff wrote for a word, or one sentence that says what to write instead.
The first word is repeated only where it is letters; digits of a misread text never are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.reply import HelpText, InfoText, NotUnderstood
from commands.vocabulary import fold
from smsgate.campaigns import replies
from smsgate.handlers.case import say

if TYPE_CHECKING:
    from commands.command import Help, Info, Misread
    from smsgate.handlers.case import Case, Result
    from smsgate.store import Tx


def give_help(_: Case, command: Help) -> Result:
    """Explain the commands, or one of them."""
    return say(HelpText(topic=command.topic, page=command.page))


def inform(case: Case, command: Info) -> Result:
    """Tell what staff have written for a word of the network."""
    texts = case.policy.info[command.word]
    return say(InfoText(text=texts[case.sender.language]))


def explain(case: Case, misread: Misread) -> Result:
    """Say why a text was not understood, or answer a campaign's word."""
    asked = _campaign(case, misread)
    if asked is not None:
        return asked
    return say(
        NotUnderstood(
            why=misread.why,
            keyword=misread.keyword,
            suggestions=misread.suggestions,
            money=misread.money,
            word=case.word if case.word.isalpha() else "",
        )
    )


def _campaign(case: Case, misread: Misread) -> Result | None:
    """Answer the word of a campaign; None where it is none."""
    if misread.money or misread.keyword is not None:
        return None
    return answer_campaign(case.tx, case.phone, case.word, case.sender.language)


def answer_campaign(tx: Tx, phone: str, word: str, language: str) -> Result | None:
    """Answer the word of a campaign and count who wrote it; None where it is none."""
    if not word.isalpha():
        return None
    found = replies.answer_to(tx, fold(word))
    if found is None:
        return None
    campaign, wording = found
    replies.note_reply(tx, campaign, phone)
    return say(InfoText(text=wording.of(language)))
