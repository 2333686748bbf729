"""The conversation that `smsgate demo --script` plays, scene by scene.

What comes in: a `Play`, on which members say something and hear the answers. What goes
out: nothing but what they said; every answer that must come is waited for. Codes,
references and tokens are read from the answers, as people do. How it is told is in
`smsgate.demo.captions`; it is staged in `smsgate.demo.script`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commands.damm import damm_digit
from smsgate.demo.stage import DIALLED

if TYPE_CHECKING:
    from smsgate.demo.script import Play

_REF = re.compile(r"Ref ([0-9]{6})-?([0-9]{4})")
_TOKEN = re.compile(r"(?:Responda|Reply|SI|YES) ([0-9]{2})\b")
WRONG_PIN = "1590"


async def everything(play: Play) -> None:
    """Play all of it."""
    await a_first_text(play)
    ref = await a_payment(play)
    await a_check(play, ref)
    await the_same_again(play)
    await two_steps(play)
    await a_wrong_pin(play)
    await what_is_refused(play)
    await a_session(play)
    await what_is_left(play)


async def a_first_text(play: Play) -> None:
    """Somebody asks what there is."""
    play.scene("help")
    await play.asks("Ana", "AYUDA")


async def a_payment(play: Play) -> str:
    """One text pays, both are told; return the reference."""
    play.scene("one_step")
    paid = await play.asks("Juan", _PAY.format(**play.words("Rosa", "Juan")))
    await play.hears("Rosa")
    play.scene("redelivered")
    await play.redelivered("Juan")
    play.note("seen")
    found = _REF.search(paid)
    return "" if found is None else found[1] + found[2]


_PAY = "PAGAR {code} 25.50 {pin}"


async def a_check(play: Play, ref: str) -> None:
    """A receipt that is genuine, and one that is not."""
    play.scene("verify")
    await play.asks("Rosa", f"VER {ref}")
    play.scene("false")
    # Another number with a right check digit: not a slip, an invention.
    body = f"{(int(ref[:9] or '0') + 1) % 10**9:09d}"
    await play.asks("Rosa", f"VER {body}{damm_digit(body)}")


async def the_same_again(play: Play) -> None:
    """A payment written twice is asked about; NO closes the question."""
    play.scene("repeat")
    asked = await play.asks("Juan", _PAY.format(**play.words("Rosa", "Juan")))
    await play.asks("Juan", f"NO {_token(asked)}")


async def two_steps(play: Play) -> None:
    """An alias and no PIN: the gateway names the payee first."""
    play.scene("two_steps")
    asked = await play.asks("Oscar", "pay panaderialuz 12")
    await play.asks("Oscar", f"{_token(asked)} {play.pin('Oscar')}")
    await play.hears("Rosa")


async def a_wrong_pin(play: Play) -> None:
    """A wrong PIN costs a try, the right one makes up for it."""
    code = play.player("Don Luis").code
    play.scene("wrong_pin")
    await play.asks("Marta", f"PAY {code} 40 {WRONG_PIN}")
    play.scene("right_pin")
    await play.asks("Marta", f"PAY {code} 40 {play.pin('Marta')}")
    await play.hears("Don Luis")


async def what_is_refused(play: Play) -> None:
    """No credit, then earned money, then an amount that could be two."""
    juan = play.player("Juan").code
    play.scene("no_funds")
    await play.asks("Ana", f"PAGAR {juan} 6 {play.pin('Ana')}")
    play.scene("earned")
    ana = play.player("Ana").code
    await play.asks("Rosa", f"PAGAR {ana} 8.00 {play.pin('Rosa')} POR ayuda del lunes")
    await play.hears("Ana")
    play.scene("unclear")
    await play.asks("Ana", f"PAGAR {juan} 1.500 {play.pin('Ana')}")


async def a_session(play: Play) -> None:
    """A service code in place of a text, to the PIN and the answer."""
    play.scene("dialled")
    await play.dials("Don Luis", DIALLED, "3", play.pin("Don Luis"))


async def what_is_left(play: Play) -> None:
    """Balance, moves, and the same in another language."""
    play.scene("balance")
    await play.asks("Rosa", f"SALDO {play.pin('Rosa')}")
    await play.asks("Rosa", f"MOVS {play.pin('Rosa')}")
    play.scene("language")
    await play.asks("Rosa", "LANG EN")
    await play.asks("Rosa", f"BAL {play.pin('Rosa')}")


def _token(asked: str) -> str:
    """Return the number under which a question wants its answer."""
    found = _TOKEN.search(asked)
    return "" if found is None else found[1]
