"""Who reviews a report: the body's own people or the secretariat's pool, and one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notice, User
from accounts.terms import Role
from audits.models import AuditEvent
from audits.services.deciding import pass_review
from audits.services.reviewing import release_review, review_pool, take_review
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


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_taken_review_is_released_and_taken_by_another(scheme: Scheme, who: str) -> None:
    other = make_user(scheme.secretariat, Role.REVIEWER)
    people = {
        "reviewer": scheme.reviewer,
        "administrator": make_user(scheme.secretariat, Role.ADMINISTRATOR),
    }
    audit = take_review(actor=scheme.reviewer, audit=audit_at(Status.IN_REVIEW, scheme))
    for person in (other, scheme.coordinator, scheme.owner, scheme.lead.user):
        with pytest.raises(PermissionDenied):
            release_review(actor=person, audit=audit, reason="急病のため")

    if who == "administrator":
        with pytest.raises(ValidationError):
            release_review(actor=people[who], audit=audit, reason=" ")
    audit = release_review(actor=people[who], audit=audit, reason="急病のため")

    assert audit.reviewer is None
    assert audit.events.get(act="release_review").comment == "急病のため"
    for person in (scheme.reviewer, other, people["administrator"]):
        notices = Notice.objects.filter(recipient=person, key__contains="review-released")
        assert notices.get().body.endswith("急病のため")
    with pytest.raises(ValidationError):
        release_review(actor=people["administrator"], audit=audit, reason="急病のため")
    take_review(actor=other, audit=audit)
    assert pass_review(actor=other, audit=audit).status == Status.FACT_CHECK


def test_administrator_who_is_bound_releases_no_review(scheme: Scheme) -> None:
    administrator = make_user(scheme.secretariat, Role.ADMINISTRATOR)
    audit = take_review(actor=scheme.reviewer, audit=audit_at(Status.IN_REVIEW, scheme))
    make_engagement(scheme.supplier, administrator)

    with pytest.raises(ValidationError):
        release_review(actor=administrator, audit=audit, reason="急病のため")


@pytest.mark.parametrize("how", ["membership", "account"])
@pytest.mark.parametrize("takes", [True, False])
def test_review_of_who_left_is_open_to_the_others_at_once(
    scheme: Scheme, how: str, takes: bool
) -> None:
    other = make_user(scheme.secretariat, Role.REVIEWER)
    audit = take_review(actor=scheme.reviewer, audit=audit_at(Status.IN_REVIEW, scheme))
    if how == "membership":
        yesterday = timezone.localdate() - timedelta(days=1)
        scheme.reviewer.memberships.update(ends_on=yesterday)
    else:
        User.objects.filter(pk=scheme.reviewer.pk).update(is_active=False)
    client = Client()
    client.force_login(other)
    desk = client.get(reverse("console:review", args=[audit.number])).content.decode()
    assert reverse("console:take_review", args=[audit.number]) in desk

    if takes:
        take_review(actor=other, audit=audit)
        event = audit.events.filter(act="take_review").order_by("-sequence")[0]
        assert event.payload["in_place_of"] == str(scheme.reviewer.pk)
    audit = pass_review(actor=other, audit=audit)

    assert (audit.status, audit.reviewer) == (Status.FACT_CHECK, other)


def test_page_releases_the_review(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    address = reverse("console:release_review", args=[audit.number])
    administrator, mine, theirs = (
        make_user(scheme.secretariat, Role.ADMINISTRATOR),
        Client(),
        Client(),
    )
    mine.force_login(scheme.reviewer)
    theirs.force_login(administrator)
    page = reverse("console:audit", args=[audit.number])
    assert address not in theirs.get(page).content.decode()
    assert theirs.get(address).status_code == 302
    mine.post(reverse("console:take_review", args=[audit.number]))

    assert address in theirs.get(page).content.decode()
    assert address in mine.get(reverse("console:review", args=[audit.number])).content.decode()
    assert theirs.get(address).status_code == 200
    assert theirs.post(address, {"reason": ""}).status_code == 422
    assert mine.post(address, {"reason": ""}).status_code == 302
    audit.refresh_from_db()
    assert audit.reviewer is None
    assert theirs.post(address, {"reason": "急病のため"}).status_code == 422
