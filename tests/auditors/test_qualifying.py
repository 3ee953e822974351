"""Qualifications: the order of the steps, their days, suspension, lapse, and their reminders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Notice, OrganisationEvent
from audits.auditors.models import Qualification
from audits.auditors.services.qualifying import enter_step
from audits.auditors.terms import Level, QualificationStatus
from audits.services.clocks.auditors import lapse_qualifications, remind_of_qualifications
from tests.factories import Scheme

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db
STEPS = [status.value for status in QualificationStatus][:4]


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def step(
    scheme: Scheme, status: str, on: date, actor: User | None = None, **fields: Any
) -> Qualification:
    return enter_step(
        actor=actor or scheme.coordinator,
        auditor=scheme.member,
        standard=scheme.standard,
        level=Level.LEAD,
        status=status,
        on=on,
        **fields,
    )


def qualify(scheme: Scheme, ends_on: date | None = None) -> Qualification:
    for number, status in enumerate(STEPS[:3], start=1):
        step(scheme, status, date(2025, 4, number))
    return step(scheme, "qualified", date(2025, 4, 4), ends_on=ends_on)


def test_steps_follow_each_other_to_a_qualification(scheme: Scheme) -> None:
    row = qualify(scheme, date(2028, 3, 31))

    assert row.status == QualificationStatus.QUALIFIED
    assert (row.starts_on, row.ends_on) == (date(2025, 4, 4), date(2028, 3, 31))
    assert list(row.steps) == STEPS
    events = OrganisationEvent.objects.filter(organisation=scheme.body)
    assert list(events.order_by("sequence").values_list("act", flat=True)) == [
        f"qualification_{name}" for name in STEPS
    ]
    assert Notice.objects.filter(recipient=scheme.member.user).count() == 4


@pytest.mark.parametrize("status", STEPS[1:])
def test_no_step_is_skipped(scheme: Scheme, status: str) -> None:
    with pytest.raises(ValidationError):
        step(scheme, status, date(2025, 4, 1))


def test_days_follow_the_steps_and_lie_in_the_past(scheme: Scheme) -> None:
    with pytest.raises(ValidationError):
        step(scheme, "trained", timezone.localdate() + timedelta(days=1))
    step(scheme, "trained", date(2025, 4, 10))
    with pytest.raises(ValidationError):
        step(scheme, "examined", date(2025, 4, 9))
    step(scheme, "examined", date(2025, 4, 20))
    with pytest.raises(ValidationError):
        step(scheme, "trained", date(2025, 4, 21))

    corrected = step(scheme, "trained", date(2025, 4, 12))

    assert corrected.steps == {"trained": "2025-04-12", "examined": "2025-04-20"}
    assert corrected.status == QualificationStatus.EXAMINED


def test_last_day_does_not_come_before_the_first(scheme: Scheme) -> None:
    for number, status in enumerate(STEPS[:3], start=1):
        step(scheme, status, date(2025, 4, number))

    with pytest.raises(ValidationError) as refused:
        step(scheme, "qualified", date(2025, 4, 4), ends_on=date(2025, 4, 3))

    assert set(refused.value.message_dict) == {"ends_on"}


def test_suspended_qualification_is_taken_up_or_begun_anew(scheme: Scheme) -> None:
    qualify(scheme)
    today = timezone.localdate()
    with pytest.raises(ValidationError):
        step(scheme, "suspended", today)
    stopped = step(scheme, "suspended", today, reason="苦情の調査")
    with pytest.raises(ValidationError):
        step(scheme, "lapsed", today, reason="x")

    again = step(scheme, "qualified", today)
    step(scheme, "lapsed", today, reason="更新研修を受けていない")
    anew = step(scheme, "trained", today)

    assert stopped.status == QualificationStatus.SUSPENDED
    assert again.status == QualificationStatus.QUALIFIED
    assert (anew.status, list(anew.steps)) == (QualificationStatus.TRAINED, ["trained"])


def test_qualification_whose_steps_are_not_known_is_renewed(scheme: Scheme) -> None:
    held = scheme.lead.qualifications.get()

    renewed = enter_step(
        actor=scheme.coordinator,
        auditor=scheme.lead,
        standard=scheme.standard,
        level=held.level,
        status="qualified",
        on=date(2026, 4, 1),
        ends_on=date(2029, 3, 31),
    )

    assert held.steps == {}
    assert (renewed.pk, renewed.ends_on) == (held.pk, date(2029, 3, 31))


def test_only_owner_and_secretariat_qualify(scheme: Scheme) -> None:
    for person in (scheme.desk, scheme.member.user, scheme.reviewer, scheme.observer):
        with pytest.raises(PermissionDenied):
            step(scheme, "trained", date(2025, 4, 1), actor=person)


def test_qualification_that_ends_is_reminded_of_once_per_mark(scheme: Scheme) -> None:
    last = date(2028, 3, 8)  # 91, 90 and 89 days before are business days
    qualify(scheme, last)
    people = (scheme.member.user, scheme.desk, scheme.coordinator, scheme.decider)
    Notice.objects.all().delete()

    early, told, again = (
        remind_of_qualifications(last - timedelta(days=days)) for days in (91, 90, 89)
    )

    assert (early, told, again) == (0, len(people), 0)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {one.pk for one in people}
    assert remind_of_qualifications(last - timedelta(days=30)) == len(people)


def test_qualification_lapses_after_its_last_day(scheme: Scheme) -> None:
    row = qualify(scheme, date(2028, 3, 31))

    assert lapse_qualifications(date(2028, 3, 31)) == 0
    assert lapse_qualifications(date(2028, 4, 1)) == 1
    assert lapse_qualifications(date(2028, 4, 2)) == 0

    row.refresh_from_db()
    assert (row.status, row.steps["lapsed"]) == (QualificationStatus.LAPSED, "2028-03-31")
    assert OrganisationEvent.objects.filter(act="qualification_lapsed", actor=None).count() == 1
    assert Notice.objects.filter(recipient=scheme.desk, key__contains="lapsed").count() == 1
