"""PAGAR: which refusal wins, when it asks first, what a payment tells both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from commands.secret import Secret
from smsgate import ledger
from smsgate.clock import HOUR_MS, MINUTE_MS
from smsgate.gateway import LinkRules
from smsgate.handlers import Case, Timing, payment
from smsgate.members import pins
from tests.smsgate.gatehouse import LOOSE, PIN, POLICY, SIM1, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.handlers import Policy
    from smsgate.members import Member
    from smsgate.store import Tx
    from tests.smsgate.gatehouse import Gatehouse

AMOUNT, WORDS = 9_000, "90.00"
#: Well formed, and nobody's: its check digit is right.
NOBODY = "+50377777777"

#: What can stand in the way of a payment with a PIN, in the order in which it is told,
#: and what is told of each.
WITH_PIN = (
    ("frozen", "frozen"),
    ("unknown", "payee_unknown"),
    ("self", "pay_self"),
    ("payee_frozen", "payee_cannot_receive"),
    ("over_payment", "over_limit"),
    ("over_day", "over_limit"),
    ("over_count", "over_count"),
    ("no_pin", "no_pin_yet"),
    ("late", "late"),
    ("locked", "pin_locked"),
    ("wrong_pin", "pin_bad"),
    ("repeat", "maybe_double"),
    ("no_funds", "no_funds"),
    ("ceiling", "payee_cannot_receive"),
    ("", "paid_payer"),
)
#: The same of a payment that asks first.
WITHOUT_PIN = (
    *WITH_PIN[:9],
    ("no_funds", "no_funds"),
    ("repeat", "maybe_double"),
    ("locked", "confirm"),
)


def chain(table: tuple[tuple[str, str], ...]) -> list[tuple[frozenset[str], str]]:
    """Return, for each line, all faults from there on and what must be told."""
    faults = [fault for fault, _ in table]
    return [(frozenset(faults[at:]) - {""}, told) for at, (_, told) in enumerate(table)]


def policy_with(faults: frozenset[str]) -> Policy:
    """Return limits that stand in the way, where they are to."""
    return replace(
        POLICY,
        two_step=AMOUNT - 1 if "over_payment" in faults else POLICY.two_step,
        day=AMOUNT - 1 if "over_day" in faults else POLICY.day,
        day_count=0 if "over_count" in faults else POLICY.day_count,
    )


async def spoil(gate: Gatehouse, faults: frozenset[str]) -> tuple[Member, Member]:
    """Make Juan and Rosa, with all that stands between them."""
    has_pin = "no_pin" not in faults
    juan, rosa = await gate.couple(pin=PIN if has_pin else None)
    if "repeat" in faults:
        await gate.pays(juan, rosa, AMOUNT)
    if "locked" in faults and has_pin:
        for _ in range(3):
            checked = await gate.desk.check(
                pins.look(gate.store.peek, juan.account),
                Secret(WRONG),
                loose=False,
                now_ms=gate.clock.now_ms(),
            )
            await gate.store.write(lambda tx, it=checked: pins.settle(tx, it))  # type: ignore[misc]
    spent = -gate.balance(juan)
    if "no_funds" in faults:
        limit = spent + AMOUNT - 1
        await gate.store.write(
            lambda tx: ledger.set_limit(tx, juan.account, limit, "uid:1")
        )
    if "ceiling" in faults:
        await gate.store.write(
            lambda tx: ledger.set_ceiling(tx, rosa.account, spent, "uid:1")
        )
    for fault, who in (("frozen", juan), ("payee_frozen", rosa)):
        if fault in faults:
            await gate.store.write(
                lambda tx, it=who: ledger.freeze(tx, it.account, "uid:1", "")  # type: ignore[misc]
            )
    return juan, rosa


def text_with(faults: frozenset[str], juan: Member, rosa: Member, pin: str) -> str:
    """Write the text."""
    to = rosa.code
    if "self" in faults:
        to = juan.code
    if "unknown" in faults:
        to = NOBODY
    return f"PAGAR {to} {WORDS} {pin}".strip()


@pytest.mark.parametrize(("faults", "told"), chain(WITH_PIN))
async def test_of_all_that_stands_in_the_way_the_first_is_told(
    tmp_path: Path, faults: frozenset[str], told: str
) -> None:
    """One text, one reason, always the same one; only a wrong PIN costs a try."""
    async with gatehouse(tmp_path, policy=policy_with(faults)) as gate:
        juan, rosa = await spoil(gate, faults)
        before, fails = gate.balance(juan), gate.fails(juan)

        heard = await gate.hears(
            JUAN,
            text_with(faults, juan, rosa, WRONG if "wrong_pin" in faults else PIN),
            ago_ms=HOUR_MS if "late" in faults else 0,
        )

        assert heard.outcome == told
        paid = told == "paid_payer"
        assert gate.balance(juan) == (before - AMOUNT if paid else before)
        assert gate.fails(juan) == ((1, 0) if told == "pin_bad" else fails)
        if told not in ("paid_payer", "maybe_double", "late"):
            assert heard.bodies[0].startswith("NO se pago")
        to_both = {"paid_payer": "paid_payee"}
        if faults == {"ceiling"}:
            to_both = {"payee_cannot_receive": "payee_warned"}
        also = [(to_both[told], ROSA)] if told in to_both else []
        assert heard.told == [(told, JUAN), *also]


@pytest.mark.parametrize(("faults", "told"), chain(WITHOUT_PIN))
async def test_a_question_is_not_asked_in_vain(
    tmp_path: Path, faults: frozenset[str], told: str
) -> None:
    """Without a PIN the same order holds, and no lock is looked at."""
    policy = replace(policy_with(faults), balance_needs_pin=False)
    async with gatehouse(tmp_path, policy=policy) as gate:
        juan, rosa = await spoil(gate, faults)
        before = gate.balance(juan)

        heard = await gate.hears(
            JUAN,
            text_with(faults, juan, rosa, ""),
            ago_ms=HOUR_MS if "late" in faults else 0,
        )

        assert heard.told == [(told, JUAN)]
        assert gate.balance(juan) == before
        asked = gate.rows("SELECT kind FROM question WHERE state = 'open'")
        kinds = {"late": "late", "maybe_double": "repeat", "confirm": "pay"}
        assert [row["kind"] for row in asked] == (
            [kinds[told]] if told in kinds else []
        )


async def test_without_a_pin_nobody_learns_what_is_left(tmp_path: Path) -> None:
    """Where the balance needs the PIN, a payment beyond it is asked about first."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await spoil(gate, frozenset({"no_funds"}))

        heard = await gate.hears(
            JUAN, text_with(frozenset({"no_funds"}), juan, rosa, "")
        )

        assert heard.told == [("confirm", JUAN)]
        assert "Disponible" not in heard.bodies[0]


@pytest.mark.parametrize(
    ("to", "amount", "link", "ago_ms", "known", "told"),
    [
        ("code", "100.00", SIM1, 0, False, "paid_payer"),
        ("phone", "100.00", SIM1, 0, False, "paid_payer"),
        ("code", "100.01", SIM1, 0, False, "confirm"),
        ("alias", "1.00", SIM1, 0, False, "confirm"),
        ("alias", "1.00", SIM1, 0, True, "paid_payer"),
        ("code", "1.00", LOOSE, 0, True, "confirm"),
        ("code", "1.00", SIM1, None, True, "confirm"),
        ("code", "1.00", "quick", None, True, "paid_payer"),
        ("code", "1.00", "slow", None, True, "late"),
        ("code", "1.00", SIM1, 30 * MINUTE_MS, False, "paid_payer"),
        ("code", "1.00", SIM1, 30 * MINUTE_MS + 1, False, "late"),
        # Up to ten minutes ahead of our clock is now; beyond, nobody knows.
        ("code", "1.00", SIM1, -10 * MINUTE_MS, False, "paid_payer"),
        ("code", "1.00", SIM1, -10 * MINUTE_MS - 1, False, "confirm"),
    ],
)
async def test_one_text_pays_only_where_nothing_is_left_to_doubt(
    tmp_path: Path,
    to: str,
    amount: str,
    link: str,
    ago_ms: int | None,
    known: bool,
    told: str,
) -> None:
    """A PIN in the text is enough for a small payment to a payee named for certain."""
    rules = {
        "quick": LinkRules(max_delay_ms=30 * MINUTE_MS),
        "slow": LinkRules(max_delay_ms=31 * MINUTE_MS),
    }
    async with gatehouse(tmp_path, rules=rules) as gate:
        for name in rules:
            gate.senders[name] = gate.senders[SIM1]
        juan, rosa = await gate.couple()
        if known:
            await gate.pays(juan, rosa, 1)
        names = {"code": rosa.code, "phone": rosa.phone, "alias": "panaderialuz"}

        heard = await gate.hears(
            JUAN, f"PAGAR {names[to]} {amount} {PIN}", link=link, ago_ms=ago_ms
        )

        assert heard.outcome == told


async def test_a_pin_in_a_text_that_asks_first_is_not_looked_at(tmp_path: Path) -> None:
    """A wrong one there costs no try: it may be a slip that the question shows."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()

        heard = await gate.hears(JUAN, f"PAGAR {rosa.code} 100.01 {WRONG}")

        assert (heard.outcome, gate.fails(juan)) == ("confirm", (0, 0))


async def test_an_unknown_alias_is_hinted_at_and_never_guessed(tmp_path: Path) -> None:
    """One edit away is a suggestion; a phone or code is not repeated."""
    async with gatehouse(tmp_path) as gate:
        _, rosa = await gate.couple()

        heard = await gate.hears(JUAN, f"PAGAR panaderialus 5.00 {PIN}")

        assert heard.bodies == [
            "NO se pago: no encontramos PANADERIALUS. Quiso decir PANADERIALUZ "
            f"({rosa.code})? Escriba el pago de nuevo."
        ]


async def test_the_day_begins_at_local_midnight(tmp_path: Path) -> None:
    """What was paid before 00:00 in San Salvador is yesterday's."""
    policy = replace(POLICY, day=10_000, day_count=2)
    async with gatehouse(tmp_path, policy=policy) as gate:
        juan, rosa = await gate.couple()
        midnight_ms = policy.day_start_ms(gate.clock.ms) + 24 * HOUR_MS
        gate.clock.ms = midnight_ms - 1
        await gate.pays(juan, rosa, 6_000)
        text = f"PAGAR {rosa.code} {{}} {PIN}"
        assert (await gate.hears(JUAN, text.format("40.01"))).outcome == "over_limit"
        assert (await gate.hears(JUAN, text.format("40.00"))).outcome == "paid_payer"
        assert (await gate.hears(JUAN, text.format("0.01"))).outcome == "over_limit"

        gate.clock.ms = midnight_ms
        for amount in ("50.00", "49.99"):
            heard = await gate.hears(JUAN, text.format(amount))
            assert heard.outcome == "paid_payer"
        assert (await gate.hears(JUAN, text.format("0.01"))).outcome == "over_count"


async def test_a_payee_hears_in_their_own_language_and_word(tmp_path: Path) -> None:
    """The payer's language is the payer's affair; a secret word opens receipts."""
    async with gatehouse(tmp_path) as gate:
        _, rosa = await gate.couple(language="en")
        await gate.store.write(
            lambda tx: tx.run(
                "UPDATE member SET word = 'GIRASOL' WHERE account = ?", (rosa.account,)
            )
        )

        heard = await gate.hears(JUAN, f"PAY {rosa.code} 5.00 {PIN}")

        assert heard.bodies[0].startswith("PAID 5.00 PT to Rosa")
        assert heard.bodies[1].startswith(
            "GIRASOL: RECIBIO 5.00 PT de Juan (7234-5678)"
        )


@pytest.mark.parametrize("fault", ["self", "frozen", "payee_frozen"])
async def test_a_payment_that_was_refused_is_not_made_all_the_same(
    tmp_path: Path, fault: str
) -> None:
    """Past the handler's own look the ledger declines, and that is a fault of ours."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await spoil(gate, frozenset({fault}))
        payee = juan if fault == "self" else rosa

        def transfer(tx: Tx) -> object:
            case = Case(
                tx=tx,
                policy=POLICY,
                sender=juan,
                link=SIM1,
                trusted=True,
                sent_ms=tx.now_ms,
                timing=Timing.fresh,
            )
            return payment.transfer(case, payment.Payment(payee=payee, amount=1))

        with pytest.raises(AssertionError, match="declined after"):
            await gate.store.write(transfer)
        assert gate.balance(juan) == 0


async def test_with_no_token_left_nothing_is_asked_or_paid(tmp_path: Path) -> None:
    """The ninety-first question of a day is refused, whatever would have been asked."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()
        for cents in range(1, 91):
            heard = await gate.hears(JUAN, f"PAGAR panaderialuz 1.{cents:02}")
            assert heard.outcome == "confirm"
            await gate.hears(JUAN, "NO")

        text = f"PAGAR {rosa.code} 2.00"
        heard = await gate.hears(JUAN, text)
        assert heard.outcome == "failed"
        assert heard.bodies[0].startswith("NO se pago")
        late = await gate.hears(JUAN, f"{text} {PIN}", ago_ms=HOUR_MS)
        assert late.outcome == "failed"
        assert (await gate.hears(JUAN, f"{text} {PIN}")).outcome == "paid_payer"
        gate.clock.ms += 1
        assert (await gate.hears(JUAN, f"{text} {PIN}")).outcome == "failed"
        assert gate.balance(juan) == -200
