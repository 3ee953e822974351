"""A conflict found after the visit: settled by the secretariat with a reason, or never."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Notice
from accounts.terms import Role
from audits.models import AuditEvent
from audits.services import deciding
from audits.services.assessment import computed_grade
from audits.services.conflicts import declare_engagement, refresh_conflict, withdraw_engagement
from audits.services.records import verify_records
from audits.services.settling import settle_conflict
from audits.terms import Status
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_engagement, make_user

if TYPE_CHECKING:
    from accounts.models import User
    from audits.auditors.models import Engagement
    from audits.models import Audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def tie(scheme: Scheme, person: User | None, **fields: Any) -> Engagement:
    given: dict[str, Any] = {
        "kind": "retainer",
        "starts_on": date(2023, 4, 1),
        "body": scheme.body,
    }
    return declare_engagement(
        actor=scheme.manager, supplier=scheme.supplier, person=person, **{**given, **fields}
    )


def flagged(scheme: Scheme, person: User | None = None, at: Status = Status.DECISION) -> Audit:
    """An audit with an engagement found late: of the member's, unless of somebody else."""
    audit = audit_at(at, scheme)
    tie(scheme, person or scheme.member.user)
    audit.refresh_from_db()
    assert audit.conflict_found_at is not None
    return audit


def issue(scheme: Scheme, audit: Audit) -> Audit:
    grade = computed_grade(audit).grade
    return deciding.issue(actor=scheme.decider, audit=audit, grade=grade)


def acts(audit: Audit) -> list[str]:
    found = AuditEvent.objects.filter(audit=audit, act__startswith="conflict_")
    return list(found.order_by("sequence").values_list("act", flat=True))


def test_settled_conflict_is_in_the_record_and_no_longer_blocks_the_issue(scheme: Scheme) -> None:
    audit = flagged(scheme)
    with pytest.raises(ValidationError):
        issue(scheme, audit)
    Notice.objects.all().delete()

    audit = settle_conflict(
        actor=scheme.decider, audit=audit, reason=" 研修講師を一度務めただけ。 "
    )

    assert audit.conflict_found_at is None
    event = AuditEvent.objects.get(audit=audit, act="conflict_settled")
    assert (event.actor, event.comment) == (scheme.decider, "研修講師を一度務めただけ。")
    # The member's own, and the lead's through it as a colleague.
    assert len(event.payload["auditors"]) == 2
    assert event.payload["engagements"] == [str(scheme.supplier.engagements.get().pk)]
    for person in (scheme.desk, scheme.coordinator, scheme.lead.user):
        [notice] = Notice.objects.filter(recipient=person)
        assert "研修講師を一度務めただけ。" in notice.body
    assert not AuditEvent.objects.visible_to(scheme.manager).filter(act=event.act).exists()
    # Looking again finds nothing new.
    assert refresh_conflict(audit, actor=None) is False
    assert issue(scheme, audit).status == Status.ISSUED
    assert verify_records(audit.number) == (1, [])


def test_engagement_found_after_the_settlement_stops_the_audit_again(scheme: Scheme) -> None:
    audit = flagged(scheme)
    settle_conflict(actor=scheme.decider, audit=audit, reason="軽微。")

    another = tie(scheme, scheme.desk, kind="family")

    audit.refresh_from_db()
    assert audit.conflict_found_at is not None
    with pytest.raises(ValidationError):
        issue(scheme, audit)
    withdraw_engagement(actor=scheme.coordinator, engagement=another, reason="同姓の別人。")
    audit.refresh_from_db()
    assert audit.conflict_found_at is None
    assert acts(audit) == [
        "conflict_found",
        "conflict_settled",
        "conflict_found",
        "conflict_cleared",
    ]
    assert issue(scheme, audit).status == Status.ISSUED


@pytest.mark.parametrize("whose", ["lead", "office"])
def test_engagement_of_the_lead_is_never_settled(scheme: Scheme, whose: str) -> None:
    audit = audit_at(Status.DECISION, scheme)
    tie(scheme, scheme.lead.user if whose == "lead" else None)

    with pytest.raises(ValidationError, match="let another lead make it anew"):
        settle_conflict(actor=scheme.decider, audit=audit, reason="軽微。")

    assert acts(audit) == ["conflict_found"]


def test_only_an_independent_administrator_of_the_secretariat_settles(scheme: Scheme) -> None:
    audit = flagged(scheme)

    strangers = (scheme.desk, make_user(scheme.body, Role.ADMINISTRATOR), Scheme().decider)
    for person in (*strangers, scheme.coordinator, scheme.reviewer, scheme.owner, scheme.manager):
        with pytest.raises(PermissionDenied):
            settle_conflict(actor=person, audit=audit, reason="軽微。")
    make_engagement(scheme.supplier, scheme.decider)
    with pytest.raises(ValidationError, match="has an engagement with this supplier"):
        settle_conflict(actor=scheme.decider, audit=audit, reason="軽微。")


@pytest.mark.past_the_record
def test_reason_state_and_an_open_conflict_are_needed(scheme: Scheme) -> None:
    audit = flagged(scheme, at=Status.FIELDWORK)
    with pytest.raises(ValidationError, match="after the visit"):
        settle_conflict(actor=scheme.decider, audit=audit, reason="軽微。")
    type(audit).objects.filter(pk=audit.pk).update(status=Status.DRAFTING)
    with pytest.raises(ValidationError, match="reason"):
        settle_conflict(actor=scheme.decider, audit=audit, reason="  ")
    settle_conflict(actor=scheme.decider, audit=audit, reason="軽微。")
    with pytest.raises(ValidationError) as refused:
        settle_conflict(actor=scheme.decider, audit=audit, reason="もう一度。")
    assert refused.value.code == "moved_on"


def test_page_of_the_settlement(scheme: Scheme) -> None:
    audit = flagged(scheme)
    address = reverse("console:settle_conflict", args=[audit.number])
    shown = reverse("console:audit", args=[audit.number])
    client = client_of(scheme.decider)

    assert address in client.get(shown).content.decode()
    assert address not in client_of(scheme.coordinator).get(shown).content.decode()
    page = client.get(address).content.decode()
    assert scheme.member.user.name in page
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "研修講師を一度務めただけ。"}).status_code == 302

    page = client.get(shown).content.decode()
    assert "Conflict of interest settled by the secretariat" in page
    assert "研修講師を一度務めただけ。" in page
    assert address not in page
    assert client.get(address).status_code == 302


def test_page_says_what_cannot_be_settled(scheme: Scheme) -> None:
    audit = flagged(scheme, scheme.lead.user)

    page = client_of(scheme.decider).get(reverse("console:settle_conflict", args=[audit.number]))

    assert "let another lead make it anew" in page.content.decode()
    assert 'name="reason"' not in page.content.decode()


@pytest.mark.parametrize("function", ["lead", "member"])
def test_belonging_to_the_supplier_is_never_settled(scheme: Scheme, function: str) -> None:
    audit = audit_at(Status.DECISION, scheme)
    person = getattr(scheme, function).user
    person.memberships.create(organisation=scheme.supplier.organisation, role=Role.READER)
    assert refresh_conflict(audit, actor=None)

    with pytest.raises(ValidationError, match=r"supplier\. This cannot be settled"):
        settle_conflict(actor=scheme.decider, audit=audit, reason="軽微。")
    with pytest.raises(ValidationError, match="belongs to the supplier"):
        issue(scheme, audit)


def test_colleague_who_belongs_to_the_supplier_is_settled_for_good(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    scheme.desk.memberships.create(organisation=scheme.supplier.organisation, role=Role.READER)
    assert refresh_conflict(audit, actor=None)

    settle_conflict(actor=scheme.decider, audit=audit, reason="別の支所の者で、関与していない。")

    assert issue(scheme, audit).status == Status.ISSUED


def test_nobody_of_the_body_settles_its_conflict(scheme: Scheme) -> None:
    audit = flagged(scheme)
    person = make_user(scheme.body, Role.READER)
    person.memberships.create(organisation=scheme.secretariat, role=Role.ADMINISTRATOR)

    # The colleague's engagement binds him or her as well.
    with pytest.raises(ValidationError, match="audit body that makes this audit"):
        settle_conflict(actor=person, audit=audit, reason="軽微。")
