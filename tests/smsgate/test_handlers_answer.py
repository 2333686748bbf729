"""SI, NO, PIN and token: each way of answering, to a question in each of its states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.secret import Secret
from smsgate import ledger
from smsgate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from smsgate.members import pins
from smsgate.messages import questions
from tests.smsgate.gatehouse import LOOSE, PIN, SIM1, SIM2, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path

    from tests.smsgate.gatehouse import Gatehouse

#: Every way of answering; {tk} is the token, or one that was never given.
WAYS = {
    "SI": "SI",
    "SI tk": "SI {tk}",
    "tk": "{tk}",
    "PIN": PIN,
    "SI PIN": f"SI {PIN}",
    "PIN word": f"PIN {PIN}",
    "SI tk PIN": f"SI {{tk}} {PIN}",
    "tk PIN": f"{{tk}} {PIN}",
    "SI tk wrong": f"SI {{tk}} {WRONG}",
    "wrong": WRONG,
    "NO": "NO",
    "NO tk": "NO {tk}",
}
#: What the ways come to where they differ by nothing but their form.
_ASKS_PIN = dict.fromkeys(("SI", "SI tk", "tk"), "pin_needed")
_BARE = ("PIN", "SI PIN", "PIN word", "wrong")
_NAMED = ("SI tk PIN", "tk PIN", "SI tk wrong")
_REFUSES = dict.fromkeys(("NO", "NO tk"), "not_paid")
_PAYS = {
    **_ASKS_PIN,
    **dict.fromkeys((*_BARE, *_NAMED), "paid_payer"),
    **dict.fromkeys(("wrong", "SI tk wrong"), "pin_bad"),
    **_REFUSES,
}
#: The token is needed: it shows that whoever answers holds the phone that was told.
_NEEDS_TOKEN = {**_PAYS, **dict.fromkeys(_BARE, "pin_needed")}
_TOLD_ANEW = {
    **_ASKS_PIN,
    **dict.fromkeys((*_BARE, *_NAMED), "late_answer"),
    **_REFUSES,
}

STATES = {
    "open": _PAYS,
    "done": dict.fromkeys(WAYS, "already_done"),
    "refused": dict.fromkeys(WAYS, "question_over"),
    "void": dict.fromkeys(WAYS, "question_over"),
    "expired": dict.fromkeys(WAYS, "question_over"),
    "expired, not noted": dict.fromkeys(WAYS, "question_over"),
    # Without the token nobody can tell any more which question is meant.
    "done long ago": {
        **dict.fromkeys(WAYS, "already_done"),
        **dict.fromkeys(("SI", "NO"), "nothing_open"),
        **dict.fromkeys(_BARE, "stray_pin"),
    },
    "never asked": {
        **dict.fromkeys(WAYS, "nothing_open"),
        **dict.fromkeys(_BARE, "stray_pin"),
    },
    "other link": _NEEDS_TOKEN,
    "loose link": _NEEDS_TOKEN,
    "asked by others": _NEEDS_TOKEN,
    # Sent before the text that opened it, and before it was asked at all.
    "before its text": {**_TOLD_ANEW, **dict.fromkeys(_BARE, "pin_needed")},
    "before it was asked": _TOLD_ANEW,
    "as it was asked": _PAYS,
    "late": _TOLD_ANEW,
    "among two": {
        **_PAYS,
        **dict.fromkeys(("SI", *_BARE), "which_question"),
    },
    "frozen": {
        **_ASKS_PIN,
        **_NEEDS_TOKEN,
        **dict.fromkeys((*_BARE, *_NAMED), "frozen"),
    },
}


#: What happens between a question and its answer.
CLOSES = {
    "done": ("{tk} " + PIN, 9 * MINUTE_MS),
    "done long ago": ("{tk} " + PIN, 11 * MINUTE_MS),
    "refused": ("NO", 0),
    "expired": ("", HOUR_MS),
    "expired, not noted": ("", HOUR_MS),
    "as it was asked": ("", 30 * SECOND_MS),
    "late": ("", 40 * MINUTE_MS),
}
#: Facts of the answer.
FACTS: dict[str, dict[str, object]] = {
    "other link": {"link": SIM2},
    "loose link": {"link": LOOSE},
    "before its text": {"ago_ms": 61 * SECOND_MS},
    "before it was asked": {"ago_ms": 61 * SECOND_MS},
    "as it was asked": {"ago_ms": 30 * SECOND_MS},
    "late": {"ago_ms": 30 * MINUTE_MS + 1},
}


async def asked(gate: Gatehouse, state: str) -> int:
    """Bring Juan before a question in this state; return its token."""
    juan, rosa = await gate.couple()
    if state == "never asked":
        return 47
    if state == "among two":
        await gate.hears(JUAN, "PAGAR panaderialuz 7")
    if state == "asked by others":
        await asked_by_others(gate, juan.account, rosa.account)
    else:
        link = LOOSE if state == "loose link" else SIM1
        delay_ms = 10 * MINUTE_MS if state == "before it was asked" else 0
        await gate.hears(JUAN, "PAGAR panaderialuz 25", link=link, ago_ms=delay_ms)
    token = gate.token()
    words, wait_ms = CLOSES.get(state, ("", 0))
    if words:
        await gate.hears(JUAN, words.format(tk=token))
    gate.clock.ms += wait_ms
    if state == "expired":
        await gate.housekeeping.once()
    if state == "void":
        (row,) = gate.rows("SELECT id FROM question")
        await gate.store.write(lambda tx: questions.close(tx, row["id"], "void"))
    if state == "frozen":
        await gate.store.write(lambda tx: ledger.freeze(tx, juan.account, "uid:1", ""))
    return token


async def asked_by_others(gate: Gatehouse, payer: int, payee: int) -> None:
    """Open a question that the payer's own text did not open."""
    await gate.store.write(
        lambda tx: questions.ask(
            tx,
            account=payer,
            kind="pay",
            money=True,
            own=False,
            link=SIM1,
            sent_ms=tx.now_ms,
            lives_ms=HOUR_MS,
            detail={"payee": payee, "amount": 2_500, "memo": ""},
        )
    )


@pytest.mark.parametrize(
    ("state", "way", "told"),
    [
        (state, way, told)
        for state, ways in STATES.items()
        for way, told in ways.items()
    ],
)
async def test_each_answer_to_each_question(
    tmp_path: Path, state: str, way: str, told: str
) -> None:
    """Only a question that is meant for certain is paid, once, with the right PIN."""
    async with gatehouse(tmp_path) as gate:
        token = await asked(gate, state)
        juan = gate.rows("SELECT account FROM member WHERE name = 'Juan'")[0]["account"]
        before = ledger.account(gate.store.peek, juan).balance

        text = WAYS[way].format(tk=token)
        heard = await gate.hears(JUAN, text, **FACTS.get(state, {}))

        assert heard.outcome == told
        also = [("paid_payee", ROSA)] if told == "paid_payer" else []
        assert heard.told == [(told, JUAN), *also]
        paid = 2_500 if told == "paid_payer" else 0
        assert ledger.account(gate.store.peek, juan).balance == before - paid
        loose = state == "loose link"
        tries = ((0, 1) if loose else (1, 0)) if told == "pin_bad" else (0, 0)
        row = gate.rows("SELECT fails, loose_fails FROM pin WHERE account = ?", juan)[0]
        assert (row["fails"], row["loose_fails"]) == tries
        still = told in ("pin_needed", "pin_bad", "late_answer", "frozen")
        if still or told in ("paid_payer", "not_paid"):
            # After a wrong PIN, or none, the question waits on.
            (asked_row,) = gate.rows("SELECT * FROM question WHERE token = ?", token)
            ended = {"paid_payer": "done", "not_paid": "refused"}
            assert asked_row["state"] == ended.get(told, "open")
            assert (asked_row["inbox"] is None) == still


async def test_no_closes_all_and_names_the_last(tmp_path: Path) -> None:
    """NO alone answers all questions about money, and says how many more there were."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        for amount in (5, 6, 7):
            await gate.hears(JUAN, f"PAGAR panaderialuz {amount}")

        heard = await gate.hears(JUAN, "NO")

        assert heard.bodies[0].startswith("NO se pago 7.00 PT a Rosa")
        assert "anulados: 2" in heard.bodies[0]
        open_rows = gate.rows("SELECT 1 FROM question WHERE state = 'open'")
        assert open_rows == []


async def test_at_most_three_tokens_are_told(tmp_path: Path) -> None:
    """Of four open questions the newest three are named, newest first."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        tokens = []
        for amount in (5, 6, 7, 8):
            gate.clock.ms += 1
            await gate.hears(JUAN, f"PAGAR panaderialuz {amount}")
            tokens.append(gate.token())

        heard = await gate.hears(JUAN, PIN)

        assert f"{tokens[3]}, {tokens[2]}, {tokens[1]}." in heard.bodies[0]
        assert f" {tokens[0]}" not in heard.bodies[0]


async def test_what_has_changed_since_the_question_counts(tmp_path: Path) -> None:
    """A payee frozen or money spent meanwhile: the answer is refused and closes it."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple(limit=10_000)
        await gate.hears(JUAN, "PAGAR panaderialuz 25")
        await gate.pays(juan, rosa, 9_000)
        heard = await gate.hears(JUAN, PIN)
        assert heard.outcome == "no_funds"

        await gate.hears(JUAN, "PAGAR panaderialuz 5")
        await gate.store.write(lambda tx: ledger.freeze(tx, rosa.account, "uid:1", ""))
        # No PIN is looked at for a payment that cannot be made.
        heard = await gate.hears(JUAN, WRONG)
        assert (heard.outcome, gate.fails(juan)) == ("payee_cannot_receive", (0, 0))
        states = gate.rows("SELECT state FROM question")
        assert [row["state"] for row in states] == ["refused", "refused"]


async def test_a_second_question_for_the_same_is_asked_about_once(
    tmp_path: Path,
) -> None:
    """Two open questions for one wish: the second yes becomes a doubt, its yes pays."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        tokens = []
        for _ in range(2):
            await gate.hears(JUAN, "PAGAR panaderialuz 25")
            tokens.append(gate.token())
            gate.clock.ms += 1
        assert (await gate.hears(JUAN, f"{tokens[0]} {PIN}")).outcome == "paid_payer"

        heard = await gate.hears(JUAN, f"{tokens[1]} {PIN}")
        assert heard.outcome == "maybe_double"
        assert gate.balance(juan) == -2_500
        heard = await gate.hears(JUAN, PIN)
        assert heard.outcome == "paid_payer"
        assert gate.balance(juan) == -5_000
        again = await gate.hears(JUAN, f"{tokens[1]} {PIN}")
        assert again.outcome == "question_over"


async def test_a_new_pin_that_somebody_asked_for_is_stopped_by_its_token(
    tmp_path: Path,
) -> None:
    """NO with the token voids a reset; SI does nothing, and a bare NO is not meant."""
    code = "60253817"
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        await reset(gate, juan.account, code)
        heard = await gate.hears(JUAN, f"PIN {code} 7194 7194")
        assert heard.told == [("pin_delayed", JUAN), ("pin_reset", JUAN)]
        token = gate.token()
        assert f"NO {token}" in heard.bodies[1]
        assert (await gate.hears(JUAN, "NO")).outcome == "nothing_open"
        assert (await gate.hears(JUAN, f"SI {token} {PIN}")).outcome == "nothing_open"

        heard = await gate.hears(JUAN, f"NO {token}")

        assert heard.outcome == "pin_reset_stopped"
        gate.clock.ms += DAY_MS
        assert (await gate.hears(JUAN, f"SALDO {PIN}")).outcome == "balance"


async def test_with_no_token_left_robo_still_stops_a_reset(tmp_path: Path) -> None:
    """The notice then names no token."""
    code = "60253817"
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        for cents in range(1, 91):
            await gate.hears(JUAN, f"PAGAR panaderialuz 1.{cents:02}")
        await reset(gate, juan.account, code)

        heard = await gate.hears(JUAN, f"PIN {code} 7194 7194")

        assert heard.told == [("pin_delayed", JUAN), ("pin_reset", JUAN)]
        assert "ROBO" in heard.bodies[1]
        assert "NO " not in heard.bodies[1].replace("Si NO fue usted", "")
        await gate.hears(JUAN, "ROBO")
        assert gate.rows("SELECT 1 FROM pin WHERE next_ms IS NOT NULL") == []
        assert gate.rows("SELECT 1 FROM question WHERE state = 'open'") == []


async def test_a_payee_who_lost_their_phone_is_a_fault_of_ours(tmp_path: Path) -> None:
    """Nobody removes the phone of a member; if it is done, nothing is paid."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()
        await gate.hears(JUAN, "PAGAR panaderialuz 5")
        token = gate.token()
        await gate.hears(JUAN, PIN)
        await gate.hears(JUAN, "PAGAR panaderialuz 6")
        await gate.store.write(
            lambda tx: tx.run("DELETE FROM phone WHERE account = ?", (rosa.account,))
        )
        for words in (f"{gate.token()} {PIN}", f"SI {token}"):
            heard = await gate.hears(JUAN, words)
            assert (heard.state, heard.outcome) == ("dead", "failed")
        assert gate.balance(juan) == -500


async def reset(gate: Gatehouse, account: int, code: str) -> None:
    """Issue this one-time code."""
    made = await gate.desk.verifier(account, Secret(code))
    await gate.store.write(lambda tx: pins.issue_code(tx, account, made, "uid:1"))
