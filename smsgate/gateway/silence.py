"""When a text is kept and meets silence: strangers, stray PINs, loops and noise.

What comes in: a text and what it came to. What goes out: whether its answer is held
back, because the phone has been told often enough, or because another machine seems to
be answering ours. A member's texts are judged only where they were not understood, or
where they are one of our own texts come back; the refusal of a payment is held back
from a loop alone. Asked by `smsgate.gateway.answering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.command import Answer, Info, Misread
from commands.redact import redact
from commands.replies import name_of
from commands.reply import NotMember, NotUnderstood, StrayPin, TillCannot
from smsgate import handlers
from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.messages import inbox, outbox

if TYPE_CHECKING:
    from smsgate.gateway.answering import Text
    from smsgate.handlers import Policy
    from smsgate.store import Query

#: What is told a phone at most once from one local midnight to the next.
_ONCE_A_DAY = frozenset({name_of(NotMember), name_of(StrayPin)})
#: What a machine would be told over and over.
_NOISE = frozenset({name_of(NotUnderstood), name_of(TillCannot)})
#: A loop shows within this time.
_LOOP_MS = 10 * MINUTE_MS
#: So many identical texts that nobody understands are written by a machine.
_IDENTICAL_MAX = 10
#: From so many characters on, one of our texts that comes back is nobody's command.
_ECHO_MIN = 30
#: How many of our last texts to a phone a text from it is compared with.
_TEXTS_COMPARED = 20
#: How many answers to texts that were not understood a member gets, and in which time.
_MISREAD_MAX = ((6, 10 * MINUTE_MS), (40, DAY_MS))


def echoes(q: Query, text: Text, now_ms: int) -> bool:
    """Say whether a text is one that this phone got from us, come back word for word.

    Whether it answered them or somebody else made us send it, a receipt or a notice.
    Some read like a command (`Idioma NO cambiado`), and are not carried out: each would
    be answered by the next, for ever. Texts with a PIN are never taken for one.
    """
    said = text.reading.said
    if text.phone is None:
        return False
    # What is said of a network's or a campaign's word is as short as staff like it.
    if len(text.reading.redacted) < _ECHO_MIN and not isinstance(said, Info | Misread):
        return False
    if text.reading.has_secret or handlers.moves_money(said):
        return False
    return _repeats(q, text, text.phone, now_ms - _LOOP_MS)


def withheld(q: Query, text: Text, outcome: str, policy: Policy, now_ms: int) -> bool:
    """Say whether a text that came to `outcome` meets silence; `q` has not kept it."""
    if text.phone is None:
        return True
    if outcome in _ONCE_A_DAY:
        return _had(q, text.phone, outcome, policy.day_start_ms(now_ms), 1)
    if outcome not in _NOISE or _is_understood(text):
        return False
    if _loops(q, text, text.phone, now_ms - _LOOP_MS):
        return True
    return not handlers.about_money(text.reading.said) and any(
        _had(q, text.phone, outcome, now_ms - within_ms, most)
        for most, within_ms in _MISREAD_MAX
    )


def _is_understood(text: Text) -> bool:
    """Say whether a till wrote a command, if one that it may not give: no machine."""
    said = text.reading.said
    return not isinstance(said, Answer | Misread)


def _had(q: Query, phone: str, outcome: str, since_ms: int, most: int) -> bool:
    return inbox.count_since(q, phone, since_ms, most, outcome=outcome) == most


def _loops(q: Query, text: Text, phone: str, since_ms: int) -> bool:
    """Say whether a text repeats itself for the tenth time, or repeats one of ours."""
    before = _IDENTICAL_MAX - 1
    if inbox.count_since(q, phone, since_ms, before, text_mac=text.mac) == before:
        return True
    return _repeats(q, text, phone, since_ms)


def _repeats(q: Query, text: Text, phone: str, since_ms: int) -> bool:
    """Say whether a text repeats one of ours to this phone."""
    # Once more: what its reading spared is hidden in ours.
    said = redact(text.reading.redacted)
    texts = outbox.told_to(q, phone, since_ms, _TEXTS_COMPARED)
    return any(redact(redact(body)) == said for body in texts)
