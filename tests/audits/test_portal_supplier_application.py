"""The application by page: steps, drafts, refusals with the way to mend them, submit, withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit
from audits.services import applying
from audits.terms import Document, Status
from suppliers.models import SiteProfile
from tests.factories import (
    Scheme,
    audit_at,
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
