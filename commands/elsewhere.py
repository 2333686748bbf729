"""A reply in the words for a number that is not the network's own.

What comes in: a reply as it was rendered, on its way over a link whose number the phone
cannot answer, or does not know. What goes out: the same reply, opened with the
network's name where it does not name it yet, without the sentences that invite an
answer; one segment, as before. The first sentence, which says what came of it, stays
whole. `asks` names the replies that are nothing but a question: those had better wait
for a link that hears the answer, which `smsgate.messages.routes` sees to.
"""

from __future__ import annotations

import re
from functools import lru_cache

from commands import reply
from commands.catalogues import CATALOGUES
from commands.replies import SEGMENT, name_of
from commands.words import SYNONYMS

#: Replies that tell nothing but what is to be answered, or how to write.
_QUESTIONS = frozenset(
    name_of(one)
    for one in (
        reply.ApprovalNeedsPin,
        reply.ApproveLift,
        reply.ApproveLimit,
        reply.ApproveReset,
        reply.ApproveReverse,
        reply.ApproveStaff,
        reply.CardBad,
        reply.CardNeeded,
        reply.ChargeAsked,
        reply.Confirm,
        reply.ConfirmCard,
        reply.GuardianAsked,
        reply.HelpText,
        reply.Late,
        reply.LateAnswer,
        reply.MaybeDouble,
        reply.MenuScreen,
        reply.PinAsked,
        reply.PinNeeded,
        reply.ReversalAsked,
        reply.WhichCharge,
        reply.WhichQuestion,
        reply.WhichYes,
    )
)
#: Where sentences part; the lines of a list are parted, too.
_SENTENCES = re.compile(r"(?<=[.?])(?= )|(?=\n)")
#: Words of commands; the short ones are words of the language, too.
_COMMANDS = "|".join(
    word for words in SYNONYMS.values() for word in words if len(word) > 2
)
#: What a sentence holds that wants an answer: a command, a token, or the asking.
_INVITES = re.compile(
    rf"\b({_COMMANDS})\b|\b(SI|NO|YES)\b( [0-9]{{2}}\b|$)"
    r"|\b(?i:responda|reply|escriba|escribalo|write|mande|send|text)\b"
)
#: So much of a network's name still tells whose text it is.
_NAME_MIN = 4


def asks(name: str) -> bool:
    """Say whether a reply of this name is worth nothing where it cannot be answered."""
    return name in _QUESTIONS


def from_elsewhere(text: str, name: str, network: str) -> str:
    """Return a reply as it is sent from a number that cannot be answered.

    `name` is the reply's name as the outbox keeps it; `network` opens the text.
    """
    first, *others = _SENTENCES.split(text)
    told = [first, *(one for one in others if not _INVITES.search(one))]
    return opened("".join(told), name, network)


def opened(text: str, name: str, network: str) -> str:
    """Return a reply that says whose it is, as its number does not.

    The network's name opens it where there is room, its end cut where there is little.
    """
    if _opens_with_a_name(name) or text.startswith(network):
        return text
    room = SEGMENT - len(text) - len(": ")
    whose = network[:room].rstrip() if room >= min(_NAME_MIN, len(network)) else ""
    return f"{whose}: {text}" if whose else text


@lru_cache(maxsize=256)
def _opens_with_a_name(name: str) -> bool:
    """Say whether a reply begins with the member's own word, or with the network's."""
    template = next(iter(CATALOGUES.values())).templates.get(name, "")
    return template.startswith(("{word}", "{network}"))
