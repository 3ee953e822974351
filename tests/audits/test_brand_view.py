"""What a brand sees of a site at each level, and the supplier's preview of the same page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.terms import Kind, Role
from audits.models import Finding, Result
from audits.terms import GradeLetter, Status
from reports.models.reads import ReadRecord, What
from suppliers.models import SharingGrant, Site
from suppliers.terms import Level
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_grant, make_organisation

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from audits.models import Audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TEXT = "避難通路に台車が置かれていた。"
NOTE = "通報者に注意"
QUERIES = 9


@pytest.fixture
def issued(scheme: Scheme) -> Audit:
    Site.objects.filter(pk=scheme.site.pk).update(address="今治市織田町1-2-3")
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    Finding.objects.filter(audit=audit).update(working_note=NOTE)
    return audit


def as_brand(scheme: Scheme) -> str:
    response = client_of(scheme.brand_user).get(
        reverse("portal:shared_site", args=[scheme.site.pk])
    )
    assert response.status_code == 200
    return response.content.decode()


def as_supplier(scheme: Scheme, level: str, **more: str) -> str:
    address = reverse("portal:sharing_preview", args=[scheme.site.pk])
    response = client_of(scheme.manager).get(address, {"level": level, **more})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("level", "numbers", "texts"),
    [(Level.STATUS, False, False), (Level.SUMMARY, True, False), (Level.FULL, True, True)],
)
def test_brand_and_preview_show_what_the_level_says(
    scheme: Scheme, issued: Audit, level: Level, numbers: bool, texts: bool
) -> None:
    make_grant(scheme.site, scheme.brand, level)

    for page in (as_brand(scheme), as_supplier(scheme, level)):
        assert issued.results.get().verification_code in page
        assert ("Findings by category" in page) is numbers
        assert ("織田町" in page) is numbers
        assert (TEXT in page) is texts
        assert NOTE not in page


def test_highest_level_shows_all_findings(scheme: Scheme, issued: Audit) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL)
    for page in (as_brand(scheme), as_supplier(scheme, Level.FULL)):
        codes = re.findall(r"<td><code>(\d-\d+)</code></td>", page)
        assert codes == [row.requirement.code for row in issued.findings.in_order()]
        assert len(codes) == 84


def test_supplier_can_see_which_brand_opened_the_findings(scheme: Scheme, issued: Audit) -> None:
    make_grant(scheme.site, scheme.brand, Level.SUMMARY)
    as_brand(scheme)
    as_supplier(scheme, Level.FULL)
    assert not ReadRecord.objects.exists()

    SharingGrant.objects.update(level=Level.FULL)
    as_brand(scheme)
    read = ReadRecord.objects.visible_to(scheme.manager).get()
    assert (read.reader, read.brand, read.audit, read.what) == (
        scheme.brand_user,
        scheme.brand,
        issued,
        What.FINDINGS,
    )


def test_no_grade_is_previewed_only_when_asked_for(scheme: Scheme, issued: Audit) -> None:
    Result.objects.filter(audit=issued).update(grade=GradeLetter.NONE)
    grant = make_grant(scheme.site, scheme.brand, Level.FULL, ungraded=False)

    assert "No result to show yet" in as_supplier(scheme, "full")
    assert "No result to show yet" in as_brand(scheme)

    SharingGrant.objects.filter(pk=grant.pk).update(ungraded=True)
    assert TEXT in as_supplier(scheme, "full", ungraded="on")
    assert TEXT in as_brand(scheme)


def test_site_that_is_not_shared_is_not_found(scheme: Scheme, issued: Audit) -> None:
    address = reverse("portal:shared_site", args=[scheme.site.pk])
    client = client_of(scheme.brand_user)
    assert client.get(address).status_code == 404

    grant = make_grant(scheme.site, scheme.brand)
    assert client.get(address).status_code == 200
    SharingGrant.objects.filter(pk=grant.pk).update(revoked_at=grant.created_at)
    assert client.get(address).status_code == 404


def test_unknown_level_is_not_found(scheme: Scheme) -> None:
    address = reverse("portal:sharing_preview", args=[scheme.site.pk])
    assert client_of(scheme.manager).get(f"{address}?level=everything").status_code == 404


@pytest.mark.parametrize("codes", [("6-3",), ("6-3", "7-2", "8-4")])
def test_page_needs_no_more_queries_for_more_findings(
    codes: tuple[str, ...], scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=codes)
    make_grant(scheme.site, scheme.brand, Level.FULL)
    client = client_of(scheme.brand_user)
    with django_assert_num_queries(QUERIES):
        client.get(reverse("portal:shared_site", args=[scheme.site.pk]))


def test_who_works_for_two_brands_looks_through_one_permission_at_a_time(
    scheme: Scheme, issued: Audit
) -> None:
    second = make_organisation(Kind.BRAND)
    Membership.objects.create(user=scheme.brand_user, organisation=second, role=Role.READER)
    make_grant(scheme.site, scheme.brand, Level.STATUS)
    make_grant(scheme.site, second, Level.FULL)
    client = client_of(scheme.brand_user)
    address = reverse("portal:shared_site", args=[scheme.site.pk])

    rows = client.get(reverse("portal:shared")).content.decode()
    for brand, level in ((scheme.brand, Level.STATUS), (second, Level.FULL)):
        link = f"{address}?brand={brand.pk}"
        assert link in rows
        assert client.get(link).context["page"].level == level
    # Asked without a brand it is the one that shows most; each read counts for its own brand.
    assert client.get(address).context["page"].full
    assert set(ReadRecord.objects.values_list("brand", flat=True)) == {second.pk}

    # What the wider permission does not reach is not shown at its level because another one does.
    before = issued.created_at - timedelta(days=1)
    SharingGrant.objects.filter(brand=second).update(future=False, created_at=before)
    assert client.get(address).context["result"] is None
