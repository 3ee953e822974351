"""Business days of Japan, months, and what happens when time is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Notice
from audits.models import Audit
from audits.services.clocks.audits import close_finished
from audits.services.clocks.facts import accept_facts_when_over
from audits.tasks import run_clocks
from audits.terms import Status
from tests.factories import audit_at
from ui.calendars import add_business_days, add_months, is_business_day


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 5, 6), False),  # 振替休日
        (date(2026, 9, 22), False),  # 国民の休日
    ],
)
def test_business_days_are_those_of_japan(day: date, expected: bool) -> None:
    assert is_business_day(day) is expected


def test_five_business_days_over_golden_week() -> None:
    assert add_business_days(date(2026, 4, 28), 5) == date(2026, 5, 11)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 11, 24), -24, date(2024, 11, 24)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.django_db
def test_facts_are_accepted_when_the_time_is_over() -> None:
    audit = audit_at(Status.FACT_CHECK)
    assert audit.due_on is not None
    with time_machine.travel(f"{audit.due_on}T12:00:00+09:00", tick=False):
        assert accept_facts_when_over(timezone.localdate()) == 0
    with time_machine.travel(f"{audit.due_on + timedelta(days=1)}T12:00:00+09:00", tick=False):
        run_clocks()
        assert accept_facts_when_over(timezone.localdate()) == 0

    audit.refresh_from_db()
    assert audit.status == Status.DECISION
    assert audit.events.last().actor is None  # type: ignore[union-attr]  # the clock


@pytest.mark.django_db
def test_result_without_corrective_actions_is_closed_by_the_clock() -> None:
    audit = audit_at(Status.ISSUED, nonconforming=())

    assert close_finished(timezone.localdate()) == 1
    assert Audit.objects.get(pk=audit.pk).status == Status.CLOSED


@pytest.mark.django_db
def test_audit_with_open_corrective_actions_stays_issued() -> None:
    audit_at(Status.ISSUED)

    assert close_finished(timezone.localdate()) == 0


@pytest.mark.django_db
def test_due_dates_follow_the_settings() -> None:
    audit = audit_at(Status.TEAM_PROPOSED)

    assert audit.due_on == add_business_days(timezone.localdate(), 5)


@pytest.mark.django_db
def test_what_ends_today_is_urgent_and_what_is_near_is_not() -> None:
    audit = audit_at(Status.IN_REVIEW)
    due = date(2026, 12, 11)  # a Friday
    Audit.objects.filter(pk=audit.pk).update(due_on=due)
    Notice.objects.all().delete()
    for day in (due - timedelta(days=3), due):
        with time_machine.travel(f"{day}T12:00:00+09:00", tick=False):
            run_clocks()

    found = Notice.objects.filter(kind="due-in-review").order_by("created_at")
    assert sorted({(row.created_at.day, row.urgent) for row in found}) == [(8, False), (11, True)]
