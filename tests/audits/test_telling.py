"""Who is told of moves and deadlines: once, the right people, in their language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.models import Notice, User
from accounts.terms import Role
from audits import tasks
from audits.models import Audit, CorrectiveAction, FindingComment, SchemeSettings
from audits.services import deciding, fieldwork
from audits.services.assessment import computed_grade
from audits.services.clocks import CLOCKS
from audits.services.clocks.corrections import remind_of_corrections
from audits.services.clocks.deadlines import remind_of_steps
from audits.services.clocks.escalations import escalate_late_corrections
from audits.services.clocks.facts import accept_facts_when_over
from audits.services.clocks.marks import horizon, reached, told_on
from audits.services.conflicts import declare_engagement
from audits.services.correcting import take_step
from audits.tasks import run_clocks
from audits.terms import Status
from tests.factories import Scheme, audit_at, plan_for
from ui.calendars import business_day_until

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
        (date(2026, 11, 5), None),
        (date(2026, 11, 6), -3),  # for the Saturday after it
        (date(2026, 11, 7), None),  # a Saturday
        (date(2026, 11, 9), -3),
        (date(2026, 11, 10), 0),
        (date(2026, 12, 24), 3),
    ],
)
def test_latest_mark_that_has_come_is_told(today: date, expected: int | None) -> None:
    assert reached(date(2026, 11, 10), [-3, 0, 3], today) == expected


@pytest.mark.parametrize("today", [date(2026, 11, 10), date(2026, 11, 20), date(2027, 4, 30)])
def test_nothing_beyond_the_horizon_has_a_mark(today: date) -> None:
    last = horizon([-3, 0, 3], today)

    assert reached(last, [-3, 0, 3], today) == -3
    assert reached(last + timedelta(days=1), [-3, 0, 3], today) is None


def test_mark_on_a_holiday_is_told_before_the_day_and_after_it() -> None:
    due = date(2027, 5, 5)  # こどもの日; the last business day before it is 30 April

    assert told_on(due, 0) == date(2027, 4, 30)
    assert told_on(due, -3) == date(2027, 4, 30)
    assert told_on(due - timedelta(days=2), 1) == date(2027, 5, 6)
    assert reached(due, [-3, 0], date(2027, 4, 30)) == 0


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
    late = told_on(audit.due_on, SchemeSettings.objects.current().escalation_days)
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
    before, after = told_on(audit.due_on, -3), told_on(audit.due_on, 7)

    assert remind_of_steps(business_day_until(before - timedelta(days=1))) == 0
    assert remind_of_steps(before) == 1
    assert remind_of_steps(before) == 0
    assert remind_of_steps(audit.due_on) == 1
    assert Notice.objects.filter(recipient=scheme.reviewer).count() == 2
    assert not Notice.objects.filter(recipient=scheme.coordinator).exists()

    remind_of_steps(after)
    assert len(subjects(scheme.coordinator)) == 1


@pytest.mark.django_db
def test_corrective_actions_of_one_day_make_one_reminder() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "5-8"))
    due = date(2027, 6, 24)  # its marks are business days
    CorrectiveAction.objects.update(plan_due_on=due, close_due_on=due + timedelta(days=200))
    Notice.objects.all().delete()

    told = [
        remind_of_corrections(due + timedelta(days=days))
        + escalate_late_corrections(due + timedelta(days=days))
        for days in (-15, -14, -7, -7, 0, 1, 1)
    ]

    assert told == [0, 1, 1, 0, 1, 1, 0]
    first = Notice.objects.filter(recipient=scheme.manager).earliest("created_at")
    assert audit.number in first.subject
    assert "5-7, 5-8" in first.body
    assert Notice.objects.filter(recipient=scheme.desk).count() == 1
    escalate_late_corrections(due + timedelta(days=7))
    assert Notice.objects.filter(recipient=scheme.coordinator).count() == 1


@pytest.mark.django_db
def test_step_of_a_corrective_action_tells_whoever_has_the_next_one() -> None:
    scheme = Scheme()
    User.objects.filter(pk=scheme.manager.pk).update(locale="en")
    audit_at(Status.ISSUED, scheme)
    action = CorrectiveAction.objects.get()
    Notice.objects.all().delete()

    take_step(actor=scheme.manager, action=action, step="plan", **plan_for(action))
    take_step(actor=scheme.desk, action=action, step="return_plan", comment="点検の頻度は?")

    [desk] = Notice.objects.filter(recipient=scheme.desk)
    assert desk.path == reverse("console:correction", args=[action.pk])
    [back] = Notice.objects.filter(recipient=scheme.manager)
    assert "The plan for 5-7 was returned" in back.subject
    assert "点検の頻度は?" in back.body
    assert back.path == reverse("portal:our_correction", args=[action.pk])


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
