"""The application: what must be told before it can be submitted, and to whom it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.terms import Effect, Kind
from audits.models import Audit
from audits.services import applying
from audits.terms import Document, DocumentAnswer, Status
from suppliers.models import SiteProfile
from tests.factories import Scheme, audit_at, make_organisation, make_profile, make_site, open_draft

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def refusals(scheme: Scheme, audit: Audit) -> set[str]:
    with pytest.raises(ValidationError) as refusal:
        applying.submit(actor=scheme.manager, audit=audit)
    return {error.code or "" for error in refusal.value.error_list}


def test_empty_draft_says_everything_that_is_missing(scheme: Scheme) -> None:
    audit = applying.open_application(
        actor=scheme.manager, site=scheme.site, secretariat=scheme.secretariat
    )

    assert refusals(scheme, audit) == {"profile_complete", "documents_answered", "terms_accepted"}


def _old_profile(audit: Audit) -> None:
    SiteProfile.objects.filter(audits=audit).update(as_of=timezone.localdate() - timedelta(days=63))


def _one_document_missing(audit: Audit) -> None:
    answers = dict.fromkeys(Document.values, DocumentAnswer.READY.value)
    del answers[Document.WAGE_LEDGER]
    Audit.objects.filter(pk=audit.pk).update(documents=answers)


def _no_process(audit: Audit) -> None:
    type(audit.site).objects.filter(pk=audit.site_id).update(processes=[])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_old_profile, "profile_recent"),
        (_one_document_missing, "documents_answered"),
        (_no_process, "profile_complete"),
    ],
)
def test_submission_is_refused_with_the_reason(
    spoil: Callable[[Audit], None], code: str, scheme: Scheme
) -> None:
    audit = open_draft(scheme, scheme.site)
    spoil(audit)

    assert refusals(scheme, audit) == {code}


def test_second_open_application_for_the_site_is_refused(scheme: Scheme) -> None:
    audit_at(Status.SUBMITTED, scheme)

    with pytest.raises(ValidationError):
        open_draft(scheme, scheme.site)


def test_body_of_another_secretariat_is_refused(scheme: Scheme) -> None:
    other = make_organisation(Kind.AUDIT_BODY)

    with pytest.raises(ValidationError):
        applying.open_application(
            actor=scheme.manager, site=scheme.site, secretariat=scheme.secretariat, body=other
        )


def test_profile_of_another_site_is_refused(scheme: Scheme) -> None:
    audit = open_draft(scheme, scheme.site)

    with pytest.raises(ValidationError):
        applying.use_profile(actor=scheme.manager, audit=audit, profile=make_profile(make_site()))


def test_submitted_application_cannot_be_changed(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    with pytest.raises(ValidationError):
        applying.fill_in(actor=scheme.manager, audit=audit, purpose="別の目的")


def test_others_may_not_apply(scheme: Scheme) -> None:
    for person in (scheme.coordinator, scheme.brand_user, scheme.lead.user):
        with pytest.raises(PermissionDenied):
            applying.open_application(
                actor=person, site=scheme.site, secretariat=scheme.secretariat
            )


@pytest.mark.parametrize("who", ["body", "secretariat"])
def test_suspended_designation_stops_accepting(who: str, scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    organisation = getattr(scheme, who)
    organisation.designations.update(suspended_at=timezone.now(), stops=[Effect.ACCEPT.value])

    with pytest.raises(ValidationError) as refusal:
        applying.accept(actor=scheme.coordinator, audit=audit)

    assert [error.code for error in refusal.value.error_list] == ["designation_permits_accept"]


def test_suspension_of_another_effect_does_not_stop_accepting(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    scheme.body.designations.update(suspended_at=timezone.now(), stops=[Effect.ISSUE.value])

    assert applying.accept(actor=scheme.coordinator, audit=audit).status == Status.ACCEPTED


def test_acceptance_lays_out_84_findings_and_pins_the_standard(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)

    assert audit.findings.count() == 84
    assert audit.pinned_standard == scheme.standard


def test_small_site_without_dormitory_can_reach_a(scheme: Scheme) -> None:
    site = make_site(scheme.supplier)
    make = {"workers_male": 3, "workers_female": 5, "workers_fixed_term": 0, "technical_interns": 0}
    audit = _issued_with_profile(
        scheme, site, {**make, "has_dormitory": False, "languages": ["ja"]}
    )

    result = audit.results.get()
    assert result.grade == "A"
    preset = set(audit.findings.filter(preset=True).values_list("requirement__code", flat=True))
    assert {"5-18", "5-21", "6-5", "9-1", "9-6"} <= preset


def _issued_with_profile(scheme: Scheme, site: Any, fields: dict[str, Any]) -> Audit:
    original = make_profile

    def small(for_site: Any) -> SiteProfile:
        return original(for_site, **fields)

    monkey = pytest.MonkeyPatch()
    monkey.setattr("tests.factories.walks.make_profile", small)
    try:
        return audit_at(Status.ISSUED, scheme, site=site, nonconforming=())
    finally:
        monkey.undo()


def test_numbers_run_on_within_the_year(scheme: Scheme) -> None:
    first = open_draft(scheme, scheme.site)
    second = open_draft(scheme, make_site(scheme.supplier))

    assert first.number.endswith("-0001")
    assert second.number.endswith("-0002")
