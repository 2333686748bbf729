"""IDIOMA: the language in which a member is answered from now on.

What comes in: a `SetLanguage`. What goes out: `LanguageSet`, already in the new
language, or which words there are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.reply import LanguageSet, LanguageUnknown
from smsgate import members
from smsgate.handlers.case import Result, Told, say

if TYPE_CHECKING:
    from commands.command import SetLanguage
    from smsgate.handlers.case import Case


def set_language(case: Case, command: SetLanguage) -> Result:
    """Change the language."""
    if command.language is None:
        return say(LanguageUnknown())
    members.set_language(case.tx, case.sender.account, command.language)
    changed = replace(case.sender, language=command.language)
    return Result(told=(Told(reply=LanguageSet(), to=changed),))
