"""Samples of the replies about paying little, about staff, and to one digit.

What comes in: nothing. What goes out: `SAFETY`, put together with the others in
`tests.commands.samples`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.reply import Stopped
from commands.reply.bare import SurveyLeft, SurveyNoted, SurveyRange, WhichYes
from commands.reply.safety import (
    ApproveLift,
    ApproveReset,
    GuardianPassed,
    GuardianWoken,
    JoinOver,
    OverLow,
    OverWeek,
    ResetByStaff,
    StaffEnded,
)

if TYPE_CHECKING:
    from commands.reply import Reply

_AT = datetime(2025, 11, 25, 3, 55, tzinfo=UTC)
_JUAN = {"name": "Juan Pérez", "code": "13076"}

SAFETY: dict[str, Reply] = {
    "over_week": OverWeek(limit=300000, used=250000),
    "over_low": OverLow(limit=2000, used=500, until=_AT),
    "guardian_woken": GuardianWoken(**_JUAN, count=100),
    "stopped, from the own number": Stopped(token=47, own=True),
    "approve_reset": ApproveReset(**_JUAN, token=47, until=_AT),
    "approve_lift": ApproveLift(**_JUAN, token=47, until=_AT),
    "reset_by_staff": ResetByStaff(at=_AT),
    "guardian_passed": GuardianPassed(**_JUAN, by="Marta Ruiz", lifted=False),
    "guardian_passed, lifted": GuardianPassed(**_JUAN, by="Marta Ruiz", lifted=True),
    "staff_ended": StaffEnded(name="Ana Paz", by="Marta Ruiz"),
    "join_over": JoinOver(lapsed=False),
    "join_over, lapsed": JoinOver(lapsed=True),
    "which_yes": WhichYes(tokens=(47, 52, 63)),
    "survey_noted": SurveyNoted(choice=5),
    "survey_range": SurveyRange(count=5),
    "survey_left": SurveyLeft(),
}
