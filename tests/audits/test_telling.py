"""Who is told of moves and deadlines: once, the right people, in their language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounts.models import Notice, User
from accounts.terms import Role
from audits import tasks
from audits.models import Audit, CorrectiveAction, FindingComment, SchemeSettings
from audits.services import deciding, fieldwork
from audits.services.assessment import computed_grade
from audits.services.clocks import CLOCKS
from audits.services.clocks.corrections import remind_of_corrections
from audits.services.clocks.deadlines import remind_of_steps
from audits.services.clocks.facts import accept_facts_when_over
from audits.services.clocks.marks import horizon, reached
from audits.services.conflicts import declare_engagement
from audits.tasks import run_clocks
from audits.terms import Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Callable


def make_late_tie(scheme: Scheme) -> None:
    declare_engagement(
        actor=scheme.manager,
        supplier=scheme.supplier,
        person=scheme.member.user,
        body=scheme.body,
        kind="retainer",
        starts_on=date(2023, 4, 1),
    )


def subjects(person: User) -> list[str]:
    return list(
        Notice.objects.filter(recipient=person)
        .order_by("created_at")
        .values_list("subject", flat=True)
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 6), None),
        (date(2026, 11, 7), -3),
        (date(2026, 11, 9), -3),
        (date(2026, 11, 10), 0),
        (date(2026, 12, 24), 3),
    ],
)
def test_latest_mark_that_has_come_is_told(today: date, expected: int | None) -> None:
    assert reached(date(2026, 11, 10), [-3, 0, 3], today) == expected


def test_nothing_beyond_the_horizon_has_a_mark() -> None:
    today = date(2026, 11, 10)

    assert reached(horizon([-3, 0, 3], today), [-3, 0, 3], today) == -3
    assert reached(horizon([-3, 0, 3], today) + timedelta(days=1), [-3, 0, 3], today) is None
    assert horizon([], today) == today


@pytest.mark.django_db
def test_every_step_of_an_audit_tells_whom_it_concerns() -> None:
    scheme = Scheme()
    User.objects.filter(pk=scheme.manager.pk).update(locale="en")
    audit = audit_at(Status.ISSUED, scheme)

    told = [line.removeprefix(f"{audit.number} ") for line in subjects(scheme.manager)]

    assert [line.split(":")[0].split(".")[0] for line in told] == [
        "Your application was accepted",
        "An audit team is proposed",
        "The visit is fixed",
        "Read the preliminary summary of the audit, which was handed over",
        "The findings can be read",
        "The result is issued",
    ]
    assert len(subjects(scheme.lead.user)) == 3  # offer, visit, result
    assert len(subjects(scheme.desk)) == 2  # application, result
    assert len(subjects(scheme.reviewer)) == 2  # review, decision
    assert subjects(scheme.brand_user) == []


@pytest.mark.django_db
def test_lead_who_is_the_coordinator_too_is_told_of_one_thing_once() -> None:
    scheme = Scheme()
    scheme.lead.user.memberships.create(organisation=scheme.body, role=Role.COORDINATOR)
    audit = audit_at(Status.DECISION, scheme)
    Notice.objects.all().delete()

    deciding.issue(actor=scheme.decider, audit=audit, grade=computed_grade(audit).grade)

    [lead] = subjects(scheme.lead.user)
    [desk] = subjects(scheme.desk)
    assert lead == desk


@pytest.mark.django_db
def test_conflict_is_told_once_to_who_belongs_to_two_audiences() -> None:
    scheme = Scheme()
    scheme.lead.user.memberships.create(organisation=scheme.body, role=Role.COORDINATOR)
    scheme.coordinator.memberships.create(organisation=scheme.body, role=Role.COORDINATOR)
    audit_at(Status.DECISION, scheme)
    Notice.objects.all().delete()

    make_late_tie(scheme)

    for person in (scheme.lead.user, scheme.coordinator, scheme.desk):
        assert len(subjects(person)) == 1


@pytest.mark.django_db
def test_silence_is_told_once_to_who_decides_and_coordinates() -> None:
    scheme = Scheme()
    audit = audit_at(Status.FACT_CHECK, scheme)
    assert audit.due_on is not None
    Notice.objects.all().delete()

    accept_facts_when_over(audit.due_on + timedelta(days=1))

    # The administrator of the secretariat is of its desk and of its decision makers.
    assert len(subjects(scheme.decider)) == 1
    assert len(subjects(scheme.coordinator)) == 1


@pytest.mark.django_db
def test_lead_who_owes_answers_is_reminded_of_these_and_not_of_the_report_besides() -> None:
    scheme = Scheme()
    audit = audit_at(Status.FACT_CHECK, scheme)
    audit = deciding.dispute(actor=scheme.manager, audit=audit, disputes={"5-7": "違います。"})
    assert audit.due_on is not None
    Notice.objects.all().delete()

    for clock in CLOCKS.values():
        clock(audit.due_on)
    assert len(subjects(scheme.lead.user)) == 1
    # Late all the same, and the secretariat learns it.
    late = audit.due_on + timedelta(days=SchemeSettings.objects.current().escalation_days)
    remind_of_steps(late)
    assert len(subjects(scheme.coordinator)) == 1

    comment = FindingComment.objects.get(kind="dispute")
    fieldwork.answer_comment(actor=scheme.lead.user, comment=comment, text="直しました。")
    remind_of_steps(audit.due_on)
    assert len(subjects(scheme.lead.user)) == 2


@pytest.mark.django_db
def test_late_step_reminds_once_and_then_reaches_the_secretariat() -> None:
    scheme = Scheme()
    audit = audit_at(Status.IN_REVIEW, scheme)
    assert audit.due_on is not None
    Notice.objects.all().delete()

    assert remind_of_steps(audit.due_on - timedelta(days=4)) == 0
    assert remind_of_steps(audit.due_on - timedelta(days=3)) == 1
    assert remind_of_steps(audit.due_on - timedelta(days=2)) == 0
    assert remind_of_steps(audit.due_on) == 1
    assert Notice.objects.filter(recipient=scheme.reviewer).count() == 2
    assert not Notice.objects.filter(recipient=scheme.coordinator).exists()

    remind_of_steps(audit.due_on + timedelta(days=7))
    assert len(subjects(scheme.coordinator)) == 1


@pytest.mark.django_db
def test_corrective_actions_of_one_day_make_one_reminder() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "5-8"))
    due = timezone.localdate() + timedelta(days=20)
    CorrectiveAction.objects.update(plan_due_on=due, close_due_on=due + timedelta(days=200))
    Notice.objects.all().delete()

    told = [remind_of_corrections(due + timedelta(days=days)) for days in (-15, -14, -7, -7, 0, 1)]

    assert told == [0, 1, 1, 0, 1, 1]
    first = Notice.objects.filter(recipient=scheme.manager).earliest("created_at")
    assert audit.number in first.subject
    assert "5-7、5-8" in first.body
    assert Notice.objects.filter(recipient=scheme.desk).count() == 1
    remind_of_corrections(due + timedelta(days=7))
    assert Notice.objects.filter(recipient=scheme.coordinator).count() == 1


@pytest.mark.django_db
def test_round_with_nothing_new_costs_the_same_for_many(django_assert_num_queries: Any) -> None:
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)
    today = audit.due_on
    assert today is not None
    remind_of_steps(today)
    with django_assert_num_queries(4):
        remind_of_steps(today)
    for number in range(2):
        Audit.objects.filter(pk=audit.pk).update(kind=["renewal", "special"][number])
        audit = audit_at(Status.SUBMITTED, scheme)
    remind_of_steps(today)
    with django_assert_num_queries(4):
        remind_of_steps(today)


@pytest.mark.django_db
def test_clock_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def failing(today: date) -> int:
        raise RuntimeError("spring broken")

    def working(today: date) -> int:
        ran.append("worked")
        return 1

    clocks: dict[str, Callable[[date], int]] = {"failing": failing, "working": working}
    monkeypatch.setattr(tasks, "CLOCKS", clocks)

    with pytest.raises(ExceptionGroup) as caught:
        run_clocks()

    assert ran == ["worked"]
    assert [str(error) for error in caught.value.exceptions] == ["spring broken"]


def test_every_clock_is_registered() -> None:
    assert {
        "accept_facts_when_over",
        "close_finished",
        "remind_of_steps",
        "remind_of_corrections",
    } <= set(CLOCKS)
