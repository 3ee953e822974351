"""Engagements keep people from audits: before the team, and when they come to light later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Membership, Notice, OrganisationEvent, User
from accounts.services.records import verify_organisations
from accounts.terms import Kind, Role
from audits.auditors.models import Absence, Auditor
from audits.auditors.terms import Declarer, Level
from audits.models import Audit, AuditEvent
from audits.services import deciding, fieldwork, teams
from audits.services.assessment import computed_grade
from audits.services.conflicts import (
    declare_engagement,
    end_engagement,
    refresh_conflict,
    withdraw_engagement,
)
from audits.services.records import verify_records
from audits.standards.terms import GradeLetter
from audits.terms import Status
from tests.factories import Scheme, audit_at, make_auditor, make_organisation, make_user
from ui.calendars import add_months

if TYPE_CHECKING:
    from audits.auditors.models import Engagement

pytestmark = pytest.mark.django_db


def declare(scheme: Scheme, actor: User | None = None, **fields: Any) -> Engagement:
    given: dict[str, Any] = {
        "supplier": scheme.supplier,
        "person": scheme.lead.user,
        "body": scheme.body,
        "kind": "retainer",
        "starts_on": date(2023, 4, 1),
    }
    return declare_engagement(actor=actor or scheme.desk, **{**given, **fields})


def propose(scheme: Scheme, audit: Audit, *, lead: Auditor | None = None) -> Audit:
    return teams.propose_team(
        actor=scheme.desk,
        audit=audit,
        team=[{"auditor": lead or scheme.lead, "function": Level.LEAD}],
    )


def months_ago(months: int) -> date:
    return add_months(timezone.localdate(), -months)


def acts(audit: Audit) -> list[str]:
    found = AuditEvent.objects.filter(audit=audit, act__startswith="conflict_")
    return list(found.order_by("sequence").values_list("act", flat=True))


def test_contract_that_ended_20_months_ago_is_refused_with_the_sentence(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    declare(scheme, ends_on=months_ago(20))

    with pytest.raises(ValidationError) as refused:
        propose(scheme, audit)

    (sentence,) = refused.value.messages
    assert scheme.lead.user.name in sentence
    assert date_format(months_ago(20)) in sentence
    assert "24" in sentence


def test_contract_that_ended_25_months_ago_is_no_obstacle(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    declare(scheme, ends_on=months_ago(25))

    assert propose(scheme, audit).status == Status.TEAM_PROPOSED


@pytest.mark.parametrize("of", ["colleague", "office"])
def test_tie_of_the_same_office_is_refused_too(scheme: Scheme, of: str) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    declare(scheme, person=make_user(scheme.body) if of == "colleague" else None)

    with pytest.raises(ValidationError) as refused:
        propose(scheme, audit)

    assert len(refused.value.messages) == 1


def test_tie_of_another_office_is_no_obstacle(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    other = make_auditor(make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat))
    declare(scheme, scheme.coordinator, person=other.user, body=other.body)

    assert propose(scheme, audit).status == Status.TEAM_PROPOSED


def test_engagement_found_later_blocks_the_start(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    Notice.objects.all().delete()

    engagement = declare(scheme, scheme.manager)

    audit.refresh_from_db()
    assert audit.conflict_found_at is not None
    assert acts(audit) == ["conflict_found"]
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert {scheme.desk.pk, scheme.coordinator.pk, scheme.lead.user_id} <= told
    with pytest.raises(ValidationError) as refused:
        fieldwork.start(actor=scheme.lead.user, audit=audit)
    # The lead's own tie, and the colleague's through it.
    assert len(refused.value.messages) == 2

    withdraw_engagement(actor=scheme.coordinator, engagement=engagement, reason="同姓の別人。")

    audit.refresh_from_db()
    assert audit.conflict_found_at is None
    assert acts(audit) == ["conflict_found", "conflict_cleared"]
    assert fieldwork.start(actor=scheme.lead.user, audit=audit).status == Status.FIELDWORK
    assert verify_records(audit.number) == (1, [])


def test_engagement_found_later_blocks_the_issue(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    declare(scheme, ends_on=months_ago(3))

    audit.refresh_from_db()
    assert audit.conflict_found_at is not None
    with pytest.raises(ValidationError) as refused:
        deciding.issue(actor=scheme.decider, audit=audit, grade=GradeLetter.A)
    assert any(scheme.lead.user.name in sentence for sentence in refused.value.messages)


def test_who_left_after_the_visit_does_not_block_the_issue(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    today = timezone.localdate()
    Auditor.objects.filter(pk=scheme.lead.pk).update(is_active=False)
    scheme.member.qualifications.update(status="suspended")
    Absence.objects.create(auditor=scheme.member, starts_on=today, ends_on=today)

    issued = deciding.issue(actor=scheme.decider, audit=audit, grade=computed_grade(audit).grade)

    assert issued.status == Status.ISSUED


def test_new_team_settles_the_conflict(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    declare(scheme)
    other = make_auditor(make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat))
    Auditor.objects.filter(pk=other.pk).update(body=scheme.body)
    scheme.lead.user.memberships.all().delete()

    # The office itself is tied; only when the tie is of a person who left can another one go.
    engagement = scheme.supplier.engagements.get()
    type(engagement).objects.filter(pk=engagement.pk).update(body=None)
    propose(scheme, audit, lead=Auditor.objects.get(pk=other.pk))

    audit.refresh_from_db()
    assert audit.conflict_found_at is None
    assert acts(audit) == ["conflict_found", "conflict_cleared"]


def test_end_long_ago_is_entered_by_somebody_independent_with_the_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    engagement = declare(scheme, scheme.manager, starts_on=date(2020, 4, 1))
    start, past = date(2020, 3, 31), months_ago(30)

    for person in (scheme.lead.user, scheme.desk, scheme.manager):
        for day in (date(2020, 4, 1), past, timezone.localdate() - timedelta(days=1)):
            with pytest.raises(ValidationError) as refused:
                end_engagement(actor=person, engagement=engagement, ends_on=day, reason="終了")
            assert date_format(timezone.localdate()) in refused.value.message_dict["ends_on"][0]
    for day, reason in ((start, "契約書"), (past, " ")):
        with pytest.raises(ValidationError):
            end_engagement(
                actor=scheme.coordinator, engagement=engagement, ends_on=day, reason=reason
            )
    audit.refresh_from_db()
    assert audit.conflict_found_at is not None

    end_engagement(
        actor=scheme.coordinator, engagement=engagement, ends_on=past, reason="解約通知書を確認。"
    )

    audit.refresh_from_db()
    assert audit.conflict_found_at is None
    event = OrganisationEvent.objects.get(act="engagement_end_corrected")
    assert (event.comment, event.payload["until"]) == ("解約通知書を確認。", past.isoformat())


@pytest.mark.parametrize("who", ["lead", "desk", "manager"])
def test_who_is_concerned_enters_an_end_from_the_declaration_on_and_once(
    scheme: Scheme, who: str
) -> None:
    actor = scheme.lead.user if who == "lead" else getattr(scheme, who)
    audit = audit_at(Status.DECISION, scheme)
    engagement, today = declare(scheme), timezone.localdate()

    end_engagement(actor=actor, engagement=engagement, ends_on=today)
    with pytest.raises(ValidationError):
        end_engagement(actor=actor, engagement=engagement, ends_on=today + timedelta(days=9))

    audit.refresh_from_db()
    engagement.refresh_from_db()
    assert audit.conflict_found_at is not None
    assert engagement.ends_on == today


def test_audits_that_ended_or_have_no_team_are_left_alone(scheme: Scheme) -> None:
    issued = audit_at(Status.ISSUED, scheme)

    engagement = declare(scheme)
    again = refresh_conflict(issued, actor=None)

    assert acts(issued) == []
    assert again is False
    end_engagement(actor=scheme.desk, engagement=engagement, ends_on=timezone.localdate())


@pytest.mark.parametrize(
    ("who", "as_whom"),
    [
        ("lead", Declarer.AUDITOR),
        ("desk", Declarer.OFFICE),
        ("manager", Declarer.SUPPLIER),
        ("coordinator", Declarer.SCHEME),
        ("owner", Declarer.SCHEME),
    ],
)
def test_five_people_may_declare(scheme: Scheme, who: str, as_whom: Declarer) -> None:
    actor = scheme.lead.user if who == "lead" else getattr(scheme, who)

    engagement = declare(scheme, actor, note=" 就業規則の相談 ")

    assert (engagement.declared_as, engagement.note) == (as_whom, "就業規則の相談")
    (event,) = OrganisationEvent.objects.filter(organisation=scheme.body)
    assert (event.act, event.actor, event.payload["auditor"]) == (
        "engagement_declared",
        actor,
        scheme.lead.registration_number,
    )
    assert verify_organisations(scheme.body) == (1, [])


def test_others_may_not_declare_nor_withdraw(scheme: Scheme) -> None:
    stranger = make_user(make_organisation(Kind.AUDIT_BODY), Role.COORDINATOR)
    for person in (stranger, scheme.reviewer, scheme.brand_user, scheme.observer):
        with pytest.raises(PermissionDenied):
            declare(scheme, person)
    engagement = declare(scheme)
    for person in (scheme.lead.user, scheme.desk, scheme.manager, scheme.reviewer):
        with pytest.raises(PermissionDenied):
            withdraw_engagement(actor=person, engagement=engagement, reason="x")
    for person in (stranger, scheme.brand_user):
        with pytest.raises(PermissionDenied):
            end_engagement(actor=person, engagement=engagement, ends_on=timezone.localdate())


def test_nobody_judges_an_engagement_that_concerns_him_or_her(scheme: Scheme) -> None:
    own = declare(scheme, scheme.owner, person=scheme.coordinator, body=None)
    with pytest.raises(PermissionDenied):
        withdraw_engagement(actor=scheme.coordinator, engagement=own, reason="誤り")
    Membership.objects.create(
        user=scheme.coordinator, organisation=scheme.body, role=Role.COORDINATOR
    )
    of_the_office = declare(scheme, scheme.owner, person=None)
    Membership.objects.create(
        user=scheme.owner, organisation=scheme.supplier.organisation, role=Role.READER
    )
    for person in (scheme.coordinator, scheme.owner):
        person = User.objects.get(pk=person.pk)  # noqa: PLW2901  with the new place
        with pytest.raises(PermissionDenied):
            withdraw_engagement(actor=person, engagement=of_the_office, reason="誤り")
        with pytest.raises(ValidationError):
            end_engagement(
                actor=person, engagement=of_the_office, ends_on=date(2023, 4, 1), reason="誤り"
            )

    other = make_user(scheme.secretariat, Role.COORDINATOR)
    withdraw_engagement(actor=other, engagement=of_the_office, reason="誤り")


def test_engagement_without_office_is_judged_by_the_secretariat_of_the_person_alone(
    scheme: Scheme,
) -> None:
    stranger = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)
    audit = audit_at(Status.DECISION, scheme)
    engagement = declare(scheme, scheme.owner, body=None)

    with pytest.raises(PermissionDenied):
        withdraw_engagement(actor=stranger, engagement=engagement, reason="誤り")
    withdraw_engagement(actor=scheme.coordinator, engagement=engagement, reason="誤り")

    audit.refresh_from_db()
    assert audit.conflict_found_at is None


def test_secretariat_does_not_clear_audits_of_another_one(scheme: Scheme) -> None:
    elsewhere = make_organisation(Kind.SECRETARIAT)
    audit = audit_at(Status.DECISION, scheme)
    engagement = declare(scheme)
    Audit.objects.filter(pk=audit.pk).update(secretariat=elsewhere)

    with pytest.raises(ValidationError):
        withdraw_engagement(actor=scheme.coordinator, engagement=engagement, reason="誤り")
    with pytest.raises(ValidationError):
        end_engagement(
            actor=scheme.coordinator,
            engagement=engagement,
            ends_on=months_ago(30),
            reason="契約書",
        )
    engagement.refresh_from_db()
    audit.refresh_from_db()
    assert (engagement.withdrawn_at, engagement.ends_on) == (None, None)
    assert audit.conflict_found_at is not None

    withdraw_engagement(actor=scheme.owner, engagement=engagement, reason="誤り")
    audit.refresh_from_db()
    assert audit.conflict_found_at is None


def test_same_engagement_is_declared_once_and_withdrawn_once(scheme: Scheme) -> None:
    engagement = declare(scheme)
    with pytest.raises(ValidationError):
        declare(scheme)
    with pytest.raises(ValidationError):
        declare(scheme, scheme.manager, person=None, body=None)
    with pytest.raises(ValidationError):
        declare(scheme, scheme.owner, person=make_user())
    with pytest.raises(ValidationError):
        declare(scheme, kind="family", ends_on=date(2023, 3, 31))
    with pytest.raises(ValidationError):
        withdraw_engagement(actor=scheme.owner, engagement=engagement, reason=" ")
    withdraw_engagement(actor=scheme.owner, engagement=engagement, reason="誤り")
    with pytest.raises(ValidationError):
        withdraw_engagement(actor=scheme.owner, engagement=engagement, reason="誤り")
    with pytest.raises(ValidationError):
        end_engagement(actor=scheme.desk, engagement=engagement, ends_on=timezone.localdate())

    assert declare(scheme).pk != engagement.pk


def test_supplier_keeps_a_tie_without_office_in_its_own_record(scheme: Scheme) -> None:
    declare(scheme, scheme.manager, body=None, starts_on=timezone.localdate() - timedelta(days=9))

    assert OrganisationEvent.objects.filter(organisation=scheme.supplier.organisation).exists()
