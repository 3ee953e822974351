"""Who sees which rows: everything exists twice, and nobody sees the other's."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Membership, User
from accounts.terms import Role
from audits.models import (
    Alert,
    Audit,
    AuditEvent,
    CorrectiveAction,
    Evidence,
    Finding,
    FindingComment,
    Interpreter,
    Result,
)
from audits.services.evidence import add_evidence
from audits.terms import Employer, EvidenceClass, Status
from suppliers.models import Site, SiteProfile, Supplier
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant, make_supplier, make_user, picture

if TYPE_CHECKING:
    from django.db.models import Model

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Scheme:
    return Scheme()


@pytest.fixture
def theirs() -> Scheme:
    """A second scheme with its own secretariat, body, supplier and brand."""
    return Scheme()


def numbers(user: User | AnonymousUser) -> set[str]:
    return set(Audit.objects.visible_to(user).values_list("number", flat=True))


def test_audits_are_seen_by_those_they_concern(ours: Scheme, theirs: Scheme) -> None:
    mine = audit_at(Status.ISSUED, ours)
    other = audit_at(Status.ISSUED, theirs)

    for person in (ours.manager, ours.desk, ours.coordinator, ours.reviewer, ours.lead.user):
        assert numbers(person) == {mine.number}, person
    assert numbers(ours.owner) == {mine.number, other.number}
    assert numbers(ours.observer) == {mine.number, other.number}
    assert numbers(AnonymousUser()) == set()
    for person in (ours.brand_user, make_user()):
        assert numbers(person) == set(), person


def test_auditor_sees_only_audits_of_the_own_teams(ours: Scheme) -> None:
    audit_at(Status.ACCEPTED, ours)

    assert numbers(ours.lead.user) == set()
    assert len(numbers(ours.desk)) == 1


def test_membership_that_ended_shows_nothing(ours: Scheme) -> None:
    audit_at(Status.SUBMITTED, ours)
    ours.desk.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert numbers(type(ours.desk).objects.get(pk=ours.desk.pk)) == set()


@pytest.mark.parametrize(
    ("level", "audits", "findings", "actions"),
    [(Level.STATUS, 1, 0, 0), (Level.SUMMARY, 1, 0, 1), (Level.FULL, 1, 84, 1)],
)
def test_brand_sees_as_much_as_the_level_says(
    level: Level, audits: int, findings: int, actions: int, ours: Scheme, theirs: Scheme
) -> None:
    audit = audit_at(Status.ISSUED, ours)
    audit_at(Status.ISSUED, theirs)
    make_grant(ours.site, ours.brand, level)

    assert Audit.objects.visible_to(ours.brand_user).count() == audits
    assert Result.objects.visible_to(ours.brand_user).count() == 1
    assert Finding.objects.visible_to(ours.brand_user).count() == findings
    assert CorrectiveAction.objects.visible_to(ours.brand_user).count() == actions
    assert not AuditEvent.objects.visible_to(ours.brand_user).exists()
    assert set(Site.objects.visible_to(ours.brand_user)) == {audit.site}


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"ends_on": timezone.localdate() - timedelta(days=1)},
        {
            "starts_on": timezone.localdate() + timedelta(days=1),
            "ends_on": timezone.localdate() + timedelta(days=2),
        },
    ],
)
def test_brand_sees_nothing_without_a_live_grant(change: dict[str, Any], ours: Scheme) -> None:
    audit_at(Status.ISSUED, ours)
    change.setdefault("starts_on", timezone.localdate() - timedelta(days=9))
    make_grant(ours.site, ours.brand, **change)

    for model in (Audit, Result, Finding, CorrectiveAction, Site):
        assert not model.objects.visible_to(ours.brand_user).exists(), model


def test_brand_sees_no_audit_that_is_not_issued(ours: Scheme) -> None:
    audit_at(Status.DECISION, ours)
    make_grant(ours.site, ours.brand)

    assert numbers(ours.brand_user) == set()
    assert not Finding.objects.visible_to(ours.brand_user).exists()


@pytest.mark.parametrize(
    ("status", "count"), [(Status.IN_REVIEW, 0), (Status.FACT_CHECK, 84), (Status.ISSUED, 84)]
)
def test_supplier_sees_findings_once_they_are_reviewed(
    status: Status, count: int, ours: Scheme
) -> None:
    audit_at(status, ours)

    assert Finding.objects.visible_to(ours.manager).count() == count


def test_sealed_evidence_is_for_team_and_reviewers(ours: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, ours)
    for kind in EvidenceClass:
        add_evidence(
            actor=ours.lead.user,
            audit=audit,
            file=picture(),
            name="photo.jpg",
            evidence_class=kind,
        )

    def seen(user: User) -> set[str]:
        return set(Evidence.objects.visible_to(user).values_list("evidence_class", flat=True))

    assert seen(ours.lead.user) == {"public", "restricted", "sealed"}
    assert seen(ours.reviewer) == {"public", "restricted", "sealed"}
    assert seen(ours.coordinator) == {"public", "restricted"}
    assert seen(ours.owner) == {"public", "restricted"}
    assert seen(ours.manager) == set()


def test_who_belongs_to_a_company_sees_as_much_as_before_of_audits_elsewhere(ours: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, ours)
    lead = ours.lead.user
    shown = partial(add_evidence, actor=lead, audit=audit, name="photo.jpg")
    shown(file=picture(), evidence_class=EvidenceClass.SEALED)
    Interpreter.objects.create(audit=audit, language="vi", employer=Employer.AGENCY, added_by=lead)
    join = partial(Membership.objects.create, user=lead, role=Role.READER)

    join(organisation=make_supplier().organisation)
    lead = User.objects.get(pk=lead.pk)
    assert Evidence.objects.visible_to(lead).count() == Evidence.objects.count()
    assert Interpreter.objects.visible_to(lead).exists()

    join(organisation=ours.supplier.organisation)
    lead = User.objects.get(pk=lead.pk)
    assert not Evidence.objects.visible_to(lead).exists()
    assert not Interpreter.objects.visible_to(lead).exists()


def test_supplier_sees_only_public_evidence_after_review(ours: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, ours)

    assert set(Evidence.objects.visible_to(ours.manager)) == set(
        Evidence.objects.filter(audit=audit, evidence_class="public")
    )


def test_review_comments_and_alerts_are_not_for_the_supplier(ours: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, ours)
    finding = audit.findings.first()
    assert finding is not None
    FindingComment.objects.create(
        finding=finding, kind="review", text="根拠は?", author=ours.reviewer
    )
    Alert.objects.create(
        audit=audit, reason="危険", raised_by=ours.lead.user, due_at=timezone.now()
    )

    assert not FindingComment.objects.visible_to(ours.manager).exists()
    assert not Alert.objects.visible_to(ours.manager).exists()
    assert FindingComment.objects.visible_to(ours.reviewer).count() == 1
    assert Alert.objects.visible_to(ours.coordinator).count() == 1


@pytest.mark.parametrize("model", [Supplier, Site, SiteProfile])
def test_supplier_people_see_only_their_company(model: type[Model], ours: Scheme) -> None:
    audit_at(Status.DRAFT, ours)
    other = make_supplier()
    manager = make_user(other.organisation, Role.MANAGER)

    visible = model.objects.visible_to(manager)  # type: ignore[attr-defined]
    assert list(visible) == ([other] if model is Supplier else [])
