"""Days that people enter are within reach."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from ui.days import check_days, earliest, latest, problem_of


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-24", date(1926, 11, 24), date(2029, 11, 24)),
        ("2028-02-29", date(1928, 2, 28), date(2031, 2, 28)),
    ],
)
def test_reach(today: str, first: date, last: date) -> None:
    with time_machine.travel(f"{today}T12:00:00+09:00", tick=False):
        assert (earliest(), latest()) == (first, last)
        assert problem_of(first) == problem_of(last) == problem_of(None) == ""
        for day in (date.min, date.max, date(26, 11, 24)):
            assert problem_of(day)


def test_each_day_out_of_reach_is_named() -> None:
    with (
        time_machine.travel("2026-11-24T12:00:00+09:00", tick=False),
        pytest.raises(ValidationError) as refused,
    ):
        check_days(
            date(2026, 11, 24),
            gone=date(2026, 11, 23),
            today=date(2026, 11, 24),
            far=date(2029, 11, 25),
            none=None,
        )

    assert sorted(refused.value.message_dict) == ["far", "gone"]
