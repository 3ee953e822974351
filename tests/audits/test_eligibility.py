"""Who may audit: each obstacle with its sentence, the ranking, and a constant cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from accounts.terms import Effect, Role
from audits.auditors.eligibility import Obstacle
from audits.auditors.models import Absence, Auditor, Qualification
from audits.auditors.terms import Level, QualificationStatus
from audits.models import Audit
from audits.services import deciding, fieldwork, teams
from audits.services.candidates import Ranked, rank
from audits.terms import Status
from tests.factories import (
    Scheme,
    audit_at,
    make_auditor,
    make_engagement,
    make_site,
    make_user,
)
from ui.calendars import add_months

if TYPE_CHECKING:
    from datetime import date

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return fresh(audit_at(Status.ACCEPTED, scheme))


def fresh(audit: Audit) -> Audit:
    return Audit.objects.with_people().select_related("profile").get(pk=audit.pk)


def row_of(audit: Audit, scheme: Scheme) -> Ranked[Auditor]:
    return next(row for row in rank(audit) if row.auditor == scheme.lead)


def months_ago(months: int) -> date:
    return add_months(timezone.localdate(), -months)


def test_qualified_auditor_without_ties_is_eligible(audit: Audit, scheme: Scheme) -> None:
    row = row_of(audit, scheme)

    assert row.eligible
    assert row.functions == (Level.LEAD, Level.MEMBER, Level.TRAINEE)
    assert row.obstacles == []


def test_retainer_that_ended_20_months_ago_keeps_from_auditing(
    audit: Audit, scheme: Scheme
) -> None:
    make_engagement(scheme.supplier, scheme.lead.user, ends_on=months_ago(20))

    row = row_of(audit, scheme)

    assert not row.eligible
    assert "24" in row.obstacles[0]
    assert date_format(months_ago(20)) in row.obstacles[0]


def test_retainer_that_ended_25_months_ago_is_over(audit: Audit, scheme: Scheme) -> None:
    make_engagement(
        scheme.supplier, scheme.lead.user, starts_on=months_ago(40), ends_on=months_ago(25)
    )

    assert row_of(audit, scheme).eligible


def test_running_engagement_of_a_colleague_blocks_too(audit: Audit, scheme: Scheme) -> None:
    make_engagement(scheme.supplier, scheme.member.user)

    assert not row_of(audit, scheme).eligible


def test_engagement_of_the_office_blocks_everybody_in_it(audit: Audit, scheme: Scheme) -> None:
    make_engagement(scheme.supplier, None, body=scheme.body)

    assert not any(row.eligible for row in rank(audit))


def test_engagement_with_another_supplier_does_not_matter(audit: Audit, scheme: Scheme) -> None:
    make_engagement(make_site().supplier, scheme.lead.user)

    assert row_of(audit, scheme).eligible


@pytest.mark.usefixtures("english")
def test_auditor_who_belongs_to_the_supplier_is_not_eligible_nor_are_colleagues(
    audit: Audit, scheme: Scheme
) -> None:
    place = scheme.lead.user.memberships.create(
        organisation=scheme.supplier.organisation, role=Role.READER
    )

    rows = {row.auditor: row for row in rank(audit)}
    assert [row.hindered for row in rows.values()] == [(Obstacle.OF_SUPPLIER,)] * len(rows)
    assert rows[scheme.lead].obstacles == ["The auditor belongs to the supplier."]
    assert rows[scheme.member].conflicts == [
        "A colleague of the same office belongs to the supplier."
    ]

    place.ends_on = timezone.localdate() - timedelta(days=1)
    place.save()
    assert all(row.eligible for row in rank(audit))


def test_belonging_to_another_supplier_does_not_matter(audit: Audit, scheme: Scheme) -> None:
    other = make_site().supplier.organisation
    scheme.lead.user.memberships.create(organisation=other, role=Role.MANAGER)

    assert row_of(audit, scheme).eligible


def test_qualification_must_hold_on_every_visit_day(audit: Audit, scheme: Scheme) -> None:
    today = timezone.localdate()
    Qualification.objects.filter(auditor=scheme.lead).update(ends_on=today)
    audit.planned_from, audit.planned_until = today, today + timedelta(days=1)

    assert not row_of(audit, scheme).eligible
    audit.planned_until = today
    assert row_of(audit, scheme).eligible


@pytest.mark.parametrize("status", [QualificationStatus.TRAINED, QualificationStatus.SUSPENDED])
def test_unfinished_or_suspended_qualification_does_not_count(
    status: QualificationStatus, audit: Audit, scheme: Scheme
) -> None:
    Qualification.objects.filter(auditor=scheme.lead).update(status=status)

    assert not row_of(audit, scheme).eligible


def test_member_level_may_not_lead(audit: Audit, scheme: Scheme) -> None:
    row = next(row for row in rank(audit) if row.auditor == scheme.member)

    assert row.functions == (Level.MEMBER, Level.TRAINEE)
    assert row.obstacles_for(Level.LEAD)


def test_suspended_body_may_not_perform(audit: Audit, scheme: Scheme) -> None:
    scheme.body.designations.update(suspended_at=timezone.now(), stops=[Effect.PERFORM.value])

    assert not any(row.eligible for row in rank(audit))


@pytest.mark.parametrize(
    ("second_begins", "stops", "eligible"),
    [
        (1, [], True),
        (1, [Effect.ISSUE], True),
        (1, [Effect.PERFORM], False),
        (2, [], False),  # on the day between the two nobody is designated
    ],
)
def test_designation_may_change_in_the_middle_of_a_visit(
    audit: Audit, scheme: Scheme, second_begins: int, stops: list[Effect], eligible: bool
) -> None:
    today = timezone.localdate()
    scheme.body.designations.update(ends_on=today)
    scheme.body.designations.create(
        starts_on=today + timedelta(days=second_begins),
        suspended_at=timezone.now() if stops else None,
        stops=[str(effect) for effect in stops],
    )
    audit.planned_from, audit.planned_until = today, today + timedelta(days=3)

    assert row_of(audit, scheme).eligible is eligible


def test_lead_of_the_last_two_audits_must_change(scheme: Scheme) -> None:
    for _time in range(2):
        audit_at(Status.CLOSED, scheme, nonconforming=())
    audit = fresh(audit_at(Status.ACCEPTED, scheme))

    row = row_of(audit, scheme)

    assert Level.LEAD not in row.functions
    assert Level.MEMBER in row.functions


def test_language_nearness_and_load_decide_the_order(audit: Audit, scheme: Scheme) -> None:
    far = make_auditor(scheme.body, languages=["ja"], prefectures=[1])

    order = [row.auditor for row in rank(audit)]

    assert order.index(scheme.lead) < order.index(far)


def test_refusal_names_the_person_and_the_reason(audit: Audit, scheme: Scheme) -> None:
    make_engagement(scheme.supplier, scheme.lead.user)

    with pytest.raises(ValidationError) as refusal:
        teams.propose_team(
            actor=scheme.desk,
            audit=audit,
            team=[{"auditor": scheme.lead, "function": Level.LEAD}],
        )

    assert any(scheme.lead.user.name in sentence for sentence in refusal.value.messages)


def test_engagement_found_later_blocks_start_and_issue(scheme: Scheme) -> None:
    waiting = audit_at(Status.SCHEDULED, scheme)
    deciding_on = audit_at(Status.DECISION, scheme, site=make_site(scheme.supplier))
    make_engagement(scheme.supplier, scheme.member.user)

    with pytest.raises(ValidationError):
        fieldwork.start(actor=scheme.lead.user, audit=waiting)
    with pytest.raises(ValidationError):
        deciding.issue(actor=scheme.decider, audit=deciding_on, grade="B")


def test_reviewer_with_an_engagement_cannot_review(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    make_engagement(scheme.supplier, scheme.reviewer)

    with pytest.raises(ValidationError):
        deciding.pass_review(actor=scheme.reviewer, audit=audit)


def test_lead_cannot_review_the_own_audit(scheme: Scheme) -> None:
    make_user(scheme.body, Role.REVIEWER)  # without one the secretariat's pool would review
    audit = audit_at(Status.IN_REVIEW, scheme)
    scheme.lead.user.memberships.create(organisation=scheme.body, role="reviewer")
    lead = type(scheme.lead.user).objects.get(pk=scheme.lead.user.pk)

    with pytest.raises(ValidationError, match=r"team|チーム"):
        deciding.pass_review(actor=lead, audit=audit)


def test_declined_lead_can_be_replaced(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    second = make_auditor(scheme.body)
    member = audit.team.get(auditor=scheme.lead)
    teams.decline_offer(actor=scheme.lead.user, member=member, reason="日程が合いません。")

    teams.propose_team(
        actor=scheme.desk,
        audit=audit,
        team=[
            {"auditor": second, "function": Level.LEAD},
            {"auditor": scheme.member, "function": Level.MEMBER},
        ],
    )

    assert set(audit.team.values_list("auditor", flat=True)) == {second.pk, scheme.member.pk}


@pytest.mark.parametrize("days", [(-3, 0), (0, 0), (0, 5)])
def test_auditor_away_on_a_visit_day_is_not_eligible(
    audit: Audit, scheme: Scheme, days: tuple[int, int]
) -> None:
    first, last = (timezone.localdate() + timedelta(days=n) for n in days)
    Absence.objects.create(auditor=scheme.lead, starts_on=first, ends_on=last)

    row = row_of(audit, scheme)

    assert not row.eligible
    assert date_format(last) in row.obstacles[0]


def test_auditor_away_before_and_after_the_visit_is_eligible(audit: Audit, scheme: Scheme) -> None:
    today = timezone.localdate()
    for first, last in ((-9, -1), (1, 9)):
        Absence.objects.create(
            auditor=scheme.lead,
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
        )

    assert row_of(audit, scheme).eligible


@pytest.mark.parametrize("more", [0, 12])
def test_ranking_costs_the_same_with_few_and_many_auditors(
    more: int, audit: Audit, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _auditor in range(more):
        make_auditor(scheme.body)
        make_user(scheme.supplier.organisation)
    make_engagement(scheme.supplier, make_user())

    with django_assert_num_queries(10):
        rank(audit)
