"""Who reviews a report: the body's own people or the secretariat's pool, and one of them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Notice
from accounts.terms import Role
from audits.models import AuditEvent
from audits.services.deciding import pass_review
from audits.services.reviewing import review_pool, take_review
from audits.terms import ReviewPool, Status
from tests.factories import Scheme, audit_at, make_engagement, make_user

pytestmark = pytest.mark.django_db


def test_office_of_one_person_is_reviewed_by_the_secretariat(scheme: Scheme) -> None:
    """The one 社労士 leads, coordinates and holds every role of the office."""
    for role in (Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR):
        Membership.objects.create(user=scheme.lead.user, organisation=scheme.body, role=role)

    audit = audit_at(Status.IN_REVIEW, scheme)

    assert audit.reviewed_by == ReviewPool.SECRETARIAT
    assert Notice.objects.filter(recipient=scheme.reviewer, key__contains="reviewers").exists()
    with pytest.raises(PermissionDenied):
        pass_review(actor=type(scheme.lead.user).objects.get(pk=scheme.lead.user.pk), audit=audit)
    assert pass_review(actor=scheme.reviewer, audit=audit).status == Status.FACT_CHECK


def test_body_with_an_independent_reviewer_reviews_itself(scheme: Scheme) -> None:
    own = make_user(scheme.body, Role.REVIEWER)

    audit = audit_at(Status.IN_REVIEW, scheme)

    assert audit.reviewed_by == ReviewPool.BODY
    assert pass_review(actor=own, audit=audit).status == Status.FACT_CHECK


def test_office_whose_only_reviewer_is_tied_goes_to_the_pool(scheme: Scheme) -> None:
    adviser = make_user(scheme.body, Role.REVIEWER)
    audit = audit_at(Status.DRAFTING, scheme)
    make_engagement(scheme.supplier, adviser)

    assert review_pool(audit) == ReviewPool.SECRETARIAT


def test_lead_cannot_review_even_as_reviewer_of_the_secretariat(scheme: Scheme) -> None:
    Membership.objects.create(
        user=scheme.lead.user, organisation=scheme.secretariat, role=Role.REVIEWER
    )
    audit = audit_at(Status.IN_REVIEW, scheme)
    lead = type(scheme.lead.user).objects.get(pk=scheme.lead.user.pk)

    with pytest.raises(ValidationError) as refusal:
        pass_review(actor=lead, audit=audit)
    assert any(words in refusal.value.messages[0] for words in ("監査チーム", "audit team"))


def test_reviewer_with_an_engagement_can_neither_review_nor_decide(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    make_engagement(scheme.supplier, scheme.reviewer)

    with pytest.raises(ValidationError):
        pass_review(actor=scheme.reviewer, audit=audit)
    with pytest.raises(ValidationError):
        take_review(actor=scheme.reviewer, audit=audit)


def test_review_is_taken_once(scheme: Scheme) -> None:
    other = make_user(scheme.secretariat, Role.REVIEWER, name="別の担当")
    audit = audit_at(Status.IN_REVIEW, scheme)

    assert take_review(actor=scheme.reviewer, audit=audit).reviewer == scheme.reviewer
    assert take_review(actor=scheme.reviewer, audit=audit).reviewer == scheme.reviewer
    with pytest.raises(ValidationError) as refusal:
        take_review(actor=other, audit=audit)
    with pytest.raises(ValidationError):
        pass_review(actor=other, audit=audit)

    assert scheme.reviewer.name in refusal.value.messages[0]
    assert AuditEvent.objects.filter(audit=audit, act="take_review").count() == 1
    with pytest.raises(PermissionDenied):
        take_review(actor=scheme.desk, audit=audit)


def test_page_takes_the_review(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    client = Client()
    client.force_login(scheme.reviewer)

    address = reverse("console:take_review", args=[audit.number])
    assert client.post(address).status_code == 302
    assert (
        address not in client.get(reverse("console:review", args=[audit.number])).content.decode()
    )
