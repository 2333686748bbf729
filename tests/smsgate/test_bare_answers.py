"""SI alone and one digit alone: which question they answer, and that neither pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsgate.clock import DAY_MS, MINUTE_MS
from smsgate.messages import questions
from smsgate.messages.questions import Kind
from tests.smsgate.gatehouse import PIN, SIM2, WRONG, gatehouse
from tests.smsgate.mailroom import JUAN

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.messages.questions import Question
    from tests.smsgate.gatehouse import Gatehouse

#: Questions without money that yes can answer once the PIN stands with it.
WITH_PIN = (Kind.approve, Kind.guardian, Kind.stop, Kind.lift)


async def asked(gate: Gatehouse, who: int, kind: Kind, **detail: object) -> int:
    """Open a question without money; return its token."""

    def ask(tx: object) -> Question | None:
        return questions.ask(
            tx,  # type: ignore[arg-type]  # the store's own transaction
            account=who,
            kind=kind,
            money=False,
            own=False,
            link="",
            sent_ms=gate.clock.now_ms(),
            lives_ms=7 * DAY_MS,
            detail=detail,
        )

    question = await gate.store.write(ask)
    assert question is not None
    return question.token


def answers(gate: Gatehouse) -> list[tuple[str, int | None]]:
    """Return what became of each survey question, and the digit that was kept."""
    rows = gate.rows(
        "SELECT state, choice FROM question WHERE kind = 'survey' ORDER BY id"
    )
    return [(row["state"], row["choice"]) for row in rows]


class TestYesAlone:
    """SI without token or PIN."""

    async def test_it_answers_the_only_question_without_money(
        self, tmp_path: Path
    ) -> None:
        """An invitation needs no more than yes."""
        async with gatehouse(tmp_path) as gate:
            await gate.couple()
            await gate.hears(JUAN, "PAGAR 7654-3210 5.00")
            assert (await gate.hears(JUAN, "SI")).outcome == "invited"

    async def test_a_payment_that_waits_is_not_meant(self, tmp_path: Path) -> None:
        """The invitation is answered, the payment still waits for its PIN."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await gate.hears(JUAN, "PAGAR 20417 5.00")
            waits = gate.token()
            await gate.hears(JUAN, "PAGAR 7654-3210 5.00")
            assert (await gate.hears(JUAN, "SI")).outcome == "invited"
            alone = await gate.hears(JUAN, "SI")
            assert alone.outcome == "pin_needed"
            assert f"SI {waits} y su PIN" in alone.bodies[0]
            assert gate.balance(juan) == 0
            paid = await gate.hears(JUAN, f"SI {waits} {PIN}")
            assert paid.outcome == "paid_payer"

    async def test_two_are_asked_about(self, tmp_path: Path) -> None:
        """Both are named, the newest first, and neither is answered."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await gate.hears(JUAN, "PAGAR 7654-3210 5.00")
            first = gate.token()
            second = await asked(gate, juan.account, Kind.approve, approval=1)
            which = await gate.hears(JUAN, "SI")
            assert which.outcome == "which_yes"
            assert f"{second}, {first}" in which.bodies[0]
            assert len(questions.open_of(gate.store.peek, juan.account, 0)) == 2
            assert (await gate.hears(JUAN, f"SI {first}")).outcome == "invited"

    @pytest.mark.parametrize("kind", [Kind.charge_sent, Kind.pin_reset, Kind.survey])
    async def test_what_yes_cannot_answer_does_not_count(
        self, tmp_path: Path, kind: Kind
    ) -> None:
        """A request of one's own, a reset that can only be stopped, a survey."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, kind, count=5)
            assert (await gate.hears(JUAN, "SI")).outcome == "nothing_open"
            await gate.hears(JUAN, "PAGAR 7654-3210 5.00")
            assert (await gate.hears(JUAN, "SI")).outcome == "invited"

    @pytest.mark.parametrize("kind", WITH_PIN)
    async def test_where_the_pin_is_needed_nothing_is_done(
        self, tmp_path: Path, kind: Kind
    ) -> None:
        """What is over by now is said to be, and nothing else happens."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            detail = {"approval": 1, "account": juan.account, "at_ms": 1}
            await asked(gate, juan.account, kind, **detail)
            assert (await gate.hears(JUAN, "SI")).outcome == "approval_over"


class TestSurvey:
    """One digit, and nothing else, answers a survey."""

    @pytest.mark.parametrize("digit", ["1", "5", " 3.", "4\n"])
    async def test_a_digit_is_kept(self, tmp_path: Path, digit: str) -> None:
        """Even where it is the short form of a command."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, Kind.survey, count=5)
            heard = await gate.hears(JUAN, digit)
            assert heard.outcome == "survey_noted"
            assert answers(gate) == [("done", int(digit.strip(" .\n")))]
            # Without one the digit is a command's again.
            assert (await gate.hears(JUAN, "2")).outcome == "pin_asked"

    @pytest.mark.parametrize("digit", ["0", "6", "9"])
    async def test_another_digit_is_told_of(self, tmp_path: Path, digit: str) -> None:
        """Nothing is kept, and the question goes on."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, Kind.survey, count=5)
            heard = await gate.hears(JUAN, digit)
            assert heard.outcome == "survey_range"
            assert "de 1 a 5" in heard.bodies[0]
            assert answers(gate) == [("open", None)]

    @pytest.mark.parametrize(
        "words",
        [PIN, WRONG, f"PIN {PIN}", "33", "cinco", "5 5", "muy bien 5", "SI", "?"],
    )
    async def test_nothing_else_is_ever_kept(self, tmp_path: Path, words: str) -> None:
        """A PIN least of all: it is hidden, counts no try, and answers nothing."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, Kind.survey, count=5)
            await gate.hears(JUAN, words)
            assert answers(gate) == [("open", None)]
            assert gate.fails(juan) == (0, 0)
            (row,) = gate.rows("SELECT body FROM inbox")
            assert not any(one in row["body"] for one in (PIN, WRONG))

    async def test_a_payment_suspends_it(self, tmp_path: Path) -> None:
        """Until it is decided a digit is what it would be without the survey."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, Kind.survey, count=5)
            await gate.hears(JUAN, "PAGAR 20417 5.00")
            assert (await gate.hears(JUAN, "2")).outcome == "pin_asked"
            assert answers(gate) == [("open", None)]
            assert (await gate.hears(JUAN, PIN)).outcome == "paid_payer"
            assert (await gate.hears(JUAN, "2")).outcome == "survey_noted"

    async def test_of_screen_and_survey_the_later_is_meant(
        self, tmp_path: Path
    ) -> None:
        """A screen opened after it comes first, one before it does not."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, Kind.survey, count=5)
            gate.clock.ms += 1
            await gate.hears(JUAN, "MENU")
            assert (await gate.hears(JUAN, "5")).outcome == "menu_screen"
            gate.clock.ms += 1
            await asked(gate, juan.account, Kind.survey, count=5)
            assert (await gate.hears(JUAN, "1")).outcome == "survey_noted"
            assert answers(gate) == [("open", None), ("done", 1)]
            assert (await gate.hears(JUAN, "0")).outcome == "menu_screen"
            gate.clock.ms += 10 * MINUTE_MS
            assert (await gate.hears(JUAN, "2")).outcome == "survey_noted"

    async def test_another_link_and_a_restart_change_nothing(
        self, tmp_path: Path
    ) -> None:
        """The newest question is answered first, then the one before it."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            for count in (5, 3):
                await asked(gate, juan.account, Kind.survey, count=count)
            clock = gate.clock
        async with gatehouse(tmp_path, clock=clock) as gate:
            assert (await gate.hears(JUAN, "4")).outcome == "survey_range"
            assert (await gate.hears(JUAN, "3", link=SIM2)).outcome == "survey_noted"
            assert (await gate.hears(JUAN, "4")).outcome == "survey_noted"
            assert answers(gate) == [("done", 4), ("done", 3)]

    async def test_a_digit_from_before_it_was_asked_is_no_answer(
        self, tmp_path: Path
    ) -> None:
        """A text may come late; a minute is left for clocks that differ."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            await asked(gate, juan.account, Kind.survey, count=5)
            late = await gate.hears(JUAN, "2", ago_ms=MINUTE_MS + 1)
            assert late.outcome == "pin_asked"
            near = await gate.hears(JUAN, "2", ago_ms=MINUTE_MS)
            assert near.outcome == "survey_noted"

    @pytest.mark.parametrize("words", ["BAJA", "NO {token}"])
    async def test_it_can_be_left(self, tmp_path: Path, words: str) -> None:
        """Then a digit means what it did before."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            token = await asked(gate, juan.account, Kind.survey, count=5)
            await gate.hears(JUAN, words.format(token=token))
            assert answers(gate) == [("refused", None)]
            assert (await gate.hears(JUAN, "2")).outcome == "pin_asked"

    async def test_its_token_pays_nothing(self, tmp_path: Path) -> None:
        """SI with a survey's token, even with a PIN, is told which digits there are."""
        async with gatehouse(tmp_path) as gate:
            juan, _ = await gate.couple()
            token = await asked(gate, juan.account, Kind.survey, count=5)
            for words in (f"SI {token}", f"SI {token} {WRONG}", f"{token} {WRONG}"):
                assert (await gate.hears(JUAN, words)).outcome == "survey_range"
            assert gate.fails(juan) == (0, 0)
