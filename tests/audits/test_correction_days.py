"""Which of a corrective action's two days is late: that of the plan, that of the closure, or both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.models import CorrectiveAction
from audits.terms import CorrectionStatus


@pytest.mark.parametrize(
    ("status", "plan", "close", "late"),
    [
        # days from today of plan and closure; which are late
        (CorrectionStatus.OPEN, 0, 30, (False, False)),
        (CorrectionStatus.OPEN, -1, 30, (True, False)),
        (CorrectionStatus.OPEN, -30, -1, (True, True)),
        (CorrectionStatus.PLANNED, -1, 30, (False, False)),
        (CorrectionStatus.PLAN_ACCEPTED, -30, -1, (False, True)),
        (CorrectionStatus.CLOSED, -30, -1, (False, False)),
    ],
)
def test_only_the_day_that_has_passed_is_late(
    status: CorrectionStatus, plan: int, close: int, late: tuple[bool, bool]
) -> None:
    today = timezone.localdate()
    action = CorrectiveAction(
        status=status,
        plan_due_on=today + timedelta(days=plan),
        close_due_on=today + timedelta(days=close),
    )

    assert (action.plan_is_late, action.close_is_late) == late
    assert action.is_overdue == any(late)
