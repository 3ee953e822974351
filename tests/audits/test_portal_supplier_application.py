"""The application by page: steps, drafts, refusals with the way to mend them, submit, withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
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
from suppliers.models import SiteProfile
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

PROFILE = {
    "processes": ["weaving"],
    "shifts": 2,
    "workers_male": 10,
    "workers_female": 12,
    "workers_other": 0,
    "workers_regular": 20,
    "workers_fixed_term": 2,
    "workers_dispatched": 0,
    "technical_interns": 3,
    "specified_skilled": 0,
    "foreign_other": 0,
    "minors": 0,
    "homeworkers": 0,
    "languages": ["ja", "vi"],
}


@pytest.fixture
def scheme(client: Client) -> Scheme:
    scheme = Scheme()
    client.force_login(scheme.manager)
    return scheme


def opening(scheme: Scheme, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "site": scheme.site.pk,
        "kind": "initial",
        "secretariat": scheme.secretariat.pk,
        "purpose": "取引先の要請",
        "payer": "supplier",
        "preferred_from": today + timedelta(days=10),
        "preferred_until": today + timedelta(days=12),
        **changes,
    }


def at(page: str, audit: Audit) -> str:
    return reverse(f"portal:{page}", kwargs={"number": audit.number})


def test_application_goes_through_all_steps(client: Client, scheme: Scheme) -> None:
    response = client.post(reverse("portal:apply"), opening(scheme))
    audit = Audit.objects.get()
    assert response["Location"] == at("apply_profile", audit)

    response = client.post(at("apply_profile", audit), {**PROFILE, "as_of": timezone.localdate()})
    assert response["Location"] == at("apply_documents", audit)
    response = client.post(at("apply_documents", audit), dict.fromkeys(Document.values, "ready"))
    assert response["Location"] == at("apply_terms", audit)
    response = client.post(at("apply_terms", audit), {"accept": "on"})
    assert response["Location"] == at("apply_route", audit)
    response = client.post(at("apply_route", audit), {"choice": f"body-{scheme.body.pk}"})
    assert response["Location"] == at("apply_check", audit)
    page = client.get(at("apply_check", audit))
    assert page.context["missing"] == []
    response = client.post(at("apply_check", audit))
    assert response["Location"] == at("our_audit", audit)

    audit.refresh_from_db()
    assert (audit.status, audit.body, audit.purpose) == (
        Status.SUBMITTED,
        scheme.body,
        "取引先の要請",
    )
    assert audit.profile is not None
    assert audit.profile.workers == 22
    assert audit.profile.site.processes == ["weaving"]
    assert audit.terms_accepted_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"preferred_from": "2020-01-01"}, "preferred_from"),
        ({"preferred_until": "2020-01-01"}, "preferred_until"),
        ({"preferred_from": "2099-01-02", "preferred_until": "2099-01-01"}, "preferred_until"),
        ({"payer": "nobody"}, "payer"),
        ({"site": ""}, "site"),
        ({"secretariat": ""}, "secretariat"),
    ],
)
def test_wrong_opening_is_refused_beside_its_field(
    client: Client, scheme: Scheme, changes: dict[str, Any], field: str
) -> None:
    response = client.post(reverse("portal:apply"), opening(scheme, **changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Audit.objects.exists()


def test_second_application_points_to_the_first(client: Client, scheme: Scheme) -> None:
    client.post(reverse("portal:apply"), opening(scheme))
    response = client.post(reverse("portal:apply"), opening(scheme))

    audit = Audit.objects.get()
    assert response.status_code == 422
    assert at("our_audit", audit) in response.content.decode()


def test_site_of_somebody_else_cannot_be_chosen(client: Client, scheme: Scheme) -> None:
    other = Scheme()

    response = client.post(reverse("portal:apply"), opening(scheme, site=other.site.pk))

    assert "site" in response.context["form"].errors


def test_head_counts_that_differ_are_refused_in_the_step(client: Client, scheme: Scheme) -> None:
    client.post(reverse("portal:apply"), opening(scheme))
    audit = Audit.objects.get()

    response = client.post(
        at("apply_profile", audit),
        {**PROFILE, "as_of": timezone.localdate(), "workers_regular": 19},
    )

    assert response.status_code == 422
    assert "workers_regular" in response.context["form"].errors
    assert not SiteProfile.objects.exists()


def test_draft_is_kept_for_later(client: Client, scheme: Scheme) -> None:
    client.post(reverse("portal:apply"), opening(scheme))
    audit = Audit.objects.get()

    response = client.post(at("apply_documents", audit), {"wage_ledger": "none", "later": "1"})
    assert response["Location"] == at("our_audit", audit)
    response = client.post(at("apply_documents", audit), {"wage_ledger": "on_site"})
    assert response["Location"] == at("apply_documents", audit)
    response = client.post(at("apply_wishes", audit), {"payer": "brand", "purpose": "変更"})
    assert response["Location"] == at("apply_profile", audit)

    audit.refresh_from_db()
    assert audit.documents == {"wage_ledger": "on_site"}
    assert (audit.payer, audit.purpose) == ("brand", "変更")
    assert audit.status == Status.DRAFT


def test_terms_need_the_tick(client: Client, scheme: Scheme) -> None:
    client.post(reverse("portal:apply"), opening(scheme))
    audit = Audit.objects.get()

    assert client.post(at("apply_terms", audit)).status_code == 422
    audit.refresh_from_db()
    assert audit.terms_accepted_at is None


def test_check_lists_every_refusal_with_its_step(client: Client, scheme: Scheme) -> None:
    client.post(reverse("portal:apply"), opening(scheme))
    audit = Audit.objects.get()

    page = client.get(at("apply_check", audit))
    assert [row["url"] for row in page.context["missing"]] == [
        at("apply_profile", audit),
        at("apply_documents", audit),
        at("apply_terms", audit),
    ]
    response = client.post(at("apply_check", audit))
    assert response.status_code == 422
    audit.refresh_from_db()
    assert audit.status == Status.DRAFT


def test_profile_that_is_too_old_leads_back_to_the_profile(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFT, scheme)
    old = make_profile(scheme.site, as_of=timezone.localdate() - timedelta(days=200))
    applying.use_profile(actor=scheme.manager, audit=audit, profile=old)

    page = client.get(at("apply_check", audit))

    assert [row["code"] for row in page.context["missing"]] == ["profile_recent"]
    assert page.context["missing"][0]["url"] == at("apply_profile", audit)


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
