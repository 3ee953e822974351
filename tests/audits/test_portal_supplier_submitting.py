"""Submitting an application by page: what is missing, returned, sent twice, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounts.models import Designation
from accounts.terms import Kind
from audits.models import Audit, Result
from audits.portal.supplier import steps
from audits.portal.supplier.access import own_draft
from audits.portal.supplier.steps import MENDED_AT
from audits.services import applying
from audits.services.perform import perform
from audits.terms import Act, AuditKind, Document, ResultStatus, Status
from audits.workflow import TRANSITIONS
from tests.audits.test_portal_supplier_application import PROFILE, at
from tests.factories import (
    Scheme,
    audit_at,
    make_engagement,
    make_organisation,
    make_profile,
)

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(client: Client) -> Scheme:
    scheme = Scheme()
    client.force_login(scheme.manager)
    return scheme


def test_returned_application_says_why(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    perform(audit, Act.RETURN, actor=scheme.coordinator, comment="賃金台帳の状況が不明です。")

    for page in ("our_audit", "apply_documents", "apply_check"):
        assert "賃金台帳の状況が不明です。" in client.get(at(page, audit)).content.decode()
    client.post(at("apply_check", audit))
    assert client.get(at("our_audit", audit)).context["returned"] == ""


def test_submitting_twice_does_it_once(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFT, scheme)

    for _time in range(2):
        response = client.post(at("apply_check", audit))
        assert response["Location"] == at("our_audit", audit)

    assert audit.events.filter(act="submit").count() == 1


@pytest.mark.parametrize(
    "page",
    [
        "apply_wishes",
        "apply_profile",
        "apply_documents",
        "apply_terms",
        "apply_route",
        "apply_check",
    ],
)
def test_submitted_application_is_not_changed(client: Client, scheme: Scheme, page: str) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    before = Audit.objects.values().get()

    for response in (client.get(at(page, audit)), client.post(at(page, audit), PROFILE)):
        assert response["Location"] == at("our_audit", audit)
    assert Audit.objects.values().get() == before


def test_withdraw_asks_first_and_only_once(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    url = at("our_withdraw", audit)

    assert client.get(url).status_code == 200
    for _time in range(2):
        response = client.post(url, {"version": audit.version})
        assert response["Location"] == at("our_audit", audit)

    audit.refresh_from_db()
    assert audit.status == Status.WITHDRAWN
    assert audit.events.filter(act="withdraw").count() == 1


def test_withdraw_of_a_version_that_moved_on_is_refused(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    response = client.post(at("our_withdraw", audit), {"version": audit.version - 1})

    assert response.status_code == 422
    audit.refresh_from_db()
    assert audit.status == Status.SUBMITTED


def test_audit_under_way_cannot_be_withdrawn(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)

    assert client.post(at("our_withdraw", audit), {"version": audit.version}).status_code == 302
    audit.refresh_from_db()
    assert audit.status == Status.FIELDWORK


def complete(scheme: Scheme, kind: AuditKind = AuditKind.INITIAL) -> Audit:
    """A draft to which nothing is missing."""
    audit = applying.open_application(
        actor=scheme.manager,
        site=scheme.site,
        secretariat=scheme.secretariat,
        body=scheme.body,
        kind=kind,
    )
    applying.use_profile(actor=scheme.manager, audit=audit, profile=make_profile(scheme.site))
    applying.fill_in(
        actor=scheme.manager, audit=audit, documents=dict.fromkeys(Document.values, "ready")
    )
    return applying.accept_terms(actor=scheme.manager, audit=audit)


def test_everything_that_can_be_missing_says_where_it_is_mended() -> None:
    assert set(MENDED_AT) == set(TRANSITIONS[Act.SUBMIT].guards)


def test_follow_up_of_a_result_that_was_withdrawn_since_is_to_be_withdrawn(
    client: Client, scheme: Scheme
) -> None:
    followed = audit_at(Status.ISSUED, scheme)
    audit = complete(scheme, AuditKind.FOLLOW_UP)
    Result.objects.filter(audit=followed).update(status=ResultStatus.WITHDRAWN)

    page = client.post(at("apply_check", audit))

    assert page.status_code == 422
    (item,) = page.context["missing"]
    assert (item["url"], item["withdraw"]) == (at("our_withdraw", audit), True)


def test_body_that_may_not_audit_any_more_is_said_before_submitting(
    client: Client, scheme: Scheme
) -> None:
    audit = complete(scheme)
    make_engagement(scheme.supplier, scheme.lead.user, body=scheme.body)

    page = client.post(at("apply_check", audit))

    assert page.status_code == 422
    assert [item["url"] for item in page.context["missing"]] == [at("apply_route", audit)]
    audit.refresh_from_db()
    assert audit.status == Status.DRAFT
    federation = make_organisation(Kind.SECRETARIAT)
    client.post(at("apply_route", audit), {"choice": f"secretariat-{federation.pk}"})
    assert client.post(at("apply_check", audit))["Location"] == at("our_audit", audit)


def test_secretariat_that_was_suspended_since_is_said_before_submitting(
    client: Client, scheme: Scheme
) -> None:
    audit = complete(scheme)
    Designation.objects.filter(organisation=scheme.secretariat).delete()

    (item,) = client.get(at("apply_check", audit)).context["missing"]

    assert item["url"] == at("apply_route", audit)


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("apply_wishes", {"payer": "supplier"}),
        ("apply_profile", PROFILE),
        ("apply_documents", {"wage_ledger": "ready"}),
        ("apply_terms", {"accept": "on"}),
        ("apply_check", {}),
    ],
)
def test_second_click_after_the_submission_leads_to_the_audit(
    client: Client,
    scheme: Scheme,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    data: dict[str, Any],
) -> None:
    audit = complete(scheme)

    def late(request: Any, number: str) -> Audit | None:
        found = own_draft(request, number)
        applying.submit(actor=scheme.manager, audit=audit)  # between reading and writing
        return found

    monkeypatch.setattr(steps, "own_draft", late)

    data = {**data, "as_of": timezone.localdate()}
    assert client.post(at(page, audit), data)["Location"] == at("our_audit", audit)
    audit.refresh_from_db()
    assert audit.status == Status.SUBMITTED
