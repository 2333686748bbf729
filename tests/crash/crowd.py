"""A crowd with phones: what each text should come to, and every PDU it was sent as.

What comes in: a seeded chance and a house. What goes out: texts through the emulated
modem, answers to the questions that phones show, and the network's repetitions. No two
payments have the same amount and no two texts of a phone the same second, so that a
transfer or a row of the inbox names the text it came from. What became of them is
judged in `tests.crash.court`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from modem.pdu import encode_deliver
from smsgate.clock import Clock

if TYPE_CHECKING:
    import random  # noqa: TID251 - a seeded one

    from modem.simulator import EmulatedModem
    from tests.crash.house import House, Person

SMSC = "+50370000000"
_ASKED = re.compile(r"Pagar ([0-9.,]+) PT a .+\? Responda ([0-9]{2}) y su PIN\.")
#: Long enough that the text goes in two parts.
_MEMO = "pan dulce, cafe y dos docenas de quesadillas para la fiesta del domingo "
_GUESSES_MAX = 9
#: How many texts of the past are told again after each death.
_REPEATS = 2


class Wish(StrEnum):
    """What a text is for."""

    pay = "pay"
    #: Pays in two parts.
    pay_long = "pay_long"
    #: Somebody without credit tries to pay.
    overdraw = "overdraw"
    #: The first of two steps.
    ask = "ask"
    accept = "accept"
    decline = "decline"
    balance = "balance"
    #: A payment with a wrong PIN.
    guess = "guess"

    @property
    def outcomes(self) -> frozenset[str]:
        """Under which names its answer may stand in the inbox."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Wish.pay: frozenset({"paid_payer"}),
    Wish.pay_long: frozenset({"paid_payer"}),
    Wish.overdraw: frozenset({"no_funds"}),
    Wish.ask: frozenset({"confirm"}),
    Wish.accept: frozenset({"paid_payer"}),
    Wish.decline: frozenset({"not_paid"}),
    Wish.balance: frozenset({"balance"}),
    Wish.guess: frozenset({"pin_bad"}),
}
_PAYS = frozenset({Wish.pay, Wish.pay_long, Wish.accept})
_SPOKEN = [Wish.pay] * 5 + [Wish.ask] * 3 + [Wish.balance, Wish.pay_long, Wish.overdraw]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """One text that somebody sent."""

    who: Person
    wish: Wish
    sent_ms: int
    pdus: tuple[bytes, ...] = field(repr=False)
    words: str = field(repr=False)
    #: Minor units; 0 where nothing is paid.
    amount: int = 0
    to: Person | None = None

    @property
    def pays(self) -> bool:
        """Whether it must move its amount, once."""
        return self.wish in _PAYS


class Crowd:
    """Everybody with a phone, and the network between them and the house."""

    def __init__(
        self, house: House, modem: EmulatedModem, chance: random.Random
    ) -> None:
        """Know the house's people; the last is poor, the one before guesses PINs."""
        self.said: list[Said] = []
        self._modem = modem
        self._chance = chance
        *self._rich, self._guesser, self._poor = house.people
        self._by_pdu: dict[bytes, Said] = {}
        self._last_s: dict[str, int] = {}
        self._amount = 100
        self._asked: dict[int, Said] = {}
        self._shown = 0
        self._answers: list[tuple[Said, Wish, str]] = []
        self._guesses = 0

    def of(self, pdu: bytes) -> Said | None:
        """Return the text that a PDU is a part of."""
        return self._by_pdu.get(pdu)

    @property
    def guesses(self) -> int:
        """How many wrong PINs were sent."""
        return self._guesses

    @property
    def guesser(self) -> Person:
        """Who sends wrong PINs."""
        return self._guesser

    def talk(self, count: int) -> None:
        """Send so many new texts, answers to shown questions among them."""
        self.listen()
        for _ in range(count):
            if self._answers and self._chance.random() < 0.5:
                self.answer()
            elif self._guesses < _GUESSES_MAX and self._chance.random() < 0.05:
                self._guess()
            else:
                self._speak(self._chance.choice(_SPOKEN))

    def pay(self) -> None:
        """Send one payment."""
        self._speak(Wish.pay)

    def listen(self) -> None:
        """Look at the phones' screens for questions that nobody answered yet."""
        texts = self._modem.texts
        for text in texts[self._shown :]:
            found = _ASKED.match(text.text)
            if found is None:
                continue
            amount = round(float(found[1].replace(",", "")) * 100)
            # A question that was shown twice is answered once.
            asked = self._asked.pop(amount, None)
            if asked is not None:
                wish = Wish.accept if self._chance.random() < 0.8 else Wish.decline
                self._answers.append((asked, wish, found[2]))
        self._shown = len(texts)

    def answer(self) -> bool:
        """Answer one question; say whether there was one."""
        if not self._answers:
            return False
        asked, wish, token = self._answers.pop(0)
        accepted = f"SI {token} {asked.who.pin}"
        words = accepted if wish is Wish.accept else f"NO {token}"
        self._send(asked.who, wish, words, asked.amount, asked.to)
        return True

    def repeat(self) -> None:
        """Have the network deliver a few texts of the past again."""
        recent = self.said[-_REPEATS:]
        older = self._chance.sample(self.said, min(_REPEATS, len(self.said)))
        for said in {*recent, *older}:
            self.deliver(said)

    def deliver(self, said: Said) -> None:
        """Have the network deliver a text, once more perhaps."""
        for pdu in said.pdus:
            self._modem.deliver_pdu(pdu)

    def _speak(self, wish: Wish) -> None:
        who = self._poor if wish is Wish.overdraw else self._chance.choice(self._rich)
        if wish is Wish.balance:
            self._send(who, wish, f"SALDO {who.pin}")
            return
        to = self._chance.choice([person for person in self._rich if person != who])
        amount = self._next_amount()
        words = f"PAGAR {to.code} {amount // 100}.{amount % 100:02d}"
        if wish is not Wish.ask:
            words += f" {who.pin}"
        if wish is Wish.pay_long:
            words += f" POR {_MEMO}{_MEMO}"[:180]
        said = self._send(who, wish, words, amount, to)
        if wish is Wish.ask:
            self._asked[amount] = said

    def _guess(self) -> None:
        self._guesses += 1
        amount = self._next_amount()
        words = f"PAGAR {self._rich[0].code} {amount // 100}.{amount % 100:02d} 111222"
        self._send(self._guesser, Wish.guess, words, amount, self._rich[0])

    def _next_amount(self) -> int:
        self._amount += 1
        return self._amount

    def _send(
        self,
        who: Person,
        wish: Wish,
        words: str,
        amount: int = 0,
        to: Person | None = None,
    ) -> Said:
        sent_s = max(self._last_s.get(who.phone, 0) + 1, Clock().now_ms() // 1000)
        self._last_s[who.phone] = sent_s
        sent_at = datetime.fromtimestamp(sent_s, tz=UTC)
        pdus = encode_deliver(
            who.phone,
            words,
            sent_at=sent_at,
            reference=len(self.said) % 256,
            smsc=SMSC,
        )
        said = Said(
            who=who,
            wish=wish,
            sent_ms=sent_s * 1000,
            pdus=tuple(pdus),
            words=words,
            amount=amount,
            to=to,
        )
        self.said.append(said)
        self._by_pdu |= dict.fromkeys(pdus, said)
        self.deliver(said)
        return said
