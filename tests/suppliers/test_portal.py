"""The supplier's own pages: site, profile, sharing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Kind, Role
from suppliers.models import SharingGrant, Site, SiteProfile
from suppliers.terms import Level
from tests.factories import (
    make_grant,
    make_organisation,
    make_profile,
    make_site,
    make_supplier,
    make_user,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client) -> Site:
    """A site whose manager is signed in."""
    supplier = make_supplier()
    client.force_login(make_user(supplier.organisation, Role.MANAGER))
    return make_site(supplier)


@pytest.fixture
def brand() -> Organisation:
    return make_organisation(Kind.BRAND, name_ja="見本ブランド")


def at(page: str, site: Site, **more: Any) -> str:
    return reverse(f"portal:{page}", kwargs={"pk": site.pk, **more})


def profile(**changes: Any) -> dict[str, Any]:
    return {
        "as_of": timezone.localdate(),
        "processes": ["weaving", "dyeing"],
        "shifts": 2,
        "workers_male": 10,
        "workers_female": 12,
        "workers_other": 1,
        "workers_regular": 20,
        "workers_fixed_term": 2,
        "workers_dispatched": 1,
        "technical_interns": 3,
        "specified_skilled": 0,
        "foreign_other": 0,
        "minors": 1,
        "homeworkers": 0,
        "languages": ["ja", "vi"],
        "has_dormitory": "on",
        **changes,
    }


def test_site_is_registered_and_leads_to_its_profile(client: Client, site: Site) -> None:
    data = {"name_ja": "第二工場", "prefecture": 38, "processes": ["sewing"]}

    response = client.post(reverse("portal:site_add"), data)

    added = Site.objects.get(name_ja="第二工場")
    assert response["Location"] == at("profile_edit", added)
    assert added.supplier == site.supplier
    again = client.post(reverse("portal:site_add"), data)
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["name_ja"]
    assert Site.objects.count() == 2


def test_site_is_changed(client: Client, site: Site) -> None:
    data = {"name_ja": site.name_ja, "prefecture": 37, "processes": ["sewing"], "address": "1-1"}

    assert client.post(at("site_edit", site), data)["Location"] == at("site", site)

    site.refresh_from_db()
    assert (site.prefecture, site.processes, site.address) == (37, ["sewing"], "1-1")


def test_profile_is_saved_with_the_processes(client: Client, site: Site) -> None:
    response = client.post(at("profile_edit", site), profile(processes=["knitting"]))

    assert response["Location"] == at("site", site)
    saved = SiteProfile.objects.get()
    assert (saved.workers, saved.languages, saved.has_dormitory) == (23, ["ja", "vi"], True)
    site.refresh_from_db()
    assert site.processes == ["knitting"]


def test_same_day_is_corrected_unless_an_audit_keeps_it(client: Client, site: Site) -> None:
    for _time in range(2):
        client.post(at("profile_edit", site), profile())
    assert SiteProfile.objects.count() == 1

    SiteProfile.objects.update(frozen_at=timezone.now())
    client.post(at("profile_edit", site), profile(workers_male=11, workers_regular=21))
    assert SiteProfile.objects.count() == 2


def test_last_profile_is_offered_with_the_day_of_today(client: Client, site: Site) -> None:
    make_profile(site, as_of=timezone.localdate() - timedelta(days=90), workers_male=33)

    form = client.get(at("profile_edit", site)).context["form"]

    assert form["workers_male"].value() == 33
    assert form["as_of"].value() == timezone.localdate()
    assert form["has_dormitory"].value() is True


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"workers_regular": 19}, "workers_regular"),
        ({"technical_interns": 99}, "foreign_other"),
        ({"minors": 24}, "minors"),
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"workers_male": "-1"}, "workers_male"),
        ({"workers_male": "many"}, "workers_male"),
        ({"languages": []}, "languages"),
        ({"processes": ["flying"]}, "processes"),
    ],
)
def test_profile_that_contradicts_itself_is_refused(
    client: Client, site: Site, changes: dict[str, Any], field: str
) -> None:
    response = client.post(at("profile_edit", site), profile(**changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "__all__" not in response.context["form"].errors
    assert not SiteProfile.objects.exists()


def test_sums_are_answered_without_saving(client: Client, site: Site) -> None:
    url = at("profile_edit", site) + "?sums"

    response = client.post(url, profile(workers_regular=15, workers_male="x" * 9))

    assert (response.context["sums"].by_sex, response.context["sums"].by_contract) == (13, 18)
    assert response.context["sums"].difference == 5
    assert "<html" not in response.content.decode()
    assert not SiteProfile.objects.exists()


def test_share_and_take_back(client: Client, site: Site, brand: Organisation) -> None:
    until = timezone.localdate() + timedelta(days=30)
    data = {"brand": brand.pk, "level": "summary", "ends_on": until}

    for _time in range(2):
        assert client.post(at("sharing", site), data)["Location"] == at("sharing", site)
    grant = SharingGrant.objects.live().get()
    assert (grant.level, grant.ends_on) == (Level.SUMMARY, until)
    assert (grant.future, grant.ungraded) == (False, False)  # shown is what was agreed to
    client.post(at("sharing", site), {**data, "future": "on", "ungraded": "on"})
    grant = SharingGrant.objects.live().get()
    assert (grant.future, grant.ungraded) == (True, True)

    url = at("sharing_revoke", site, grant=grant.pk)
    assert client.get(url).status_code == 200
    assert SharingGrant.objects.live().exists()
    for _time in range(2):
        assert client.post(url)["Location"] == at("sharing", site)
    assert not SharingGrant.objects.live().exists()
    assert client.get(url)["Location"] == at("sharing", site)


@pytest.mark.parametrize("method", ["get", "post"])
def test_permission_that_a_colleague_replaced_is_not_said_to_be_taken_back(
    client: Client, site: Site, brand: Organisation, method: str
) -> None:
    earlier = make_grant(site, brand, Level.STATUS)
    until = timezone.localdate() + timedelta(days=30)
    client.post(at("sharing", site), {"brand": brand.pk, "level": "full", "ends_on": until})

    getattr(client, method)(at("sharing_revoke", site, grant=earlier.pk))

    said = [each.level_tag for each in client.get(at("sharing", site)).context["messages"]]
    assert said == ["success", "warning"]
    assert SharingGrant.objects.live().get().level == Level.FULL


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "ends_on"),
        ({"level": "everything"}, "level"),
        ({"brand": ""}, "brand"),
    ],
)
def test_wrong_sharing_is_refused(
    client: Client, site: Site, brand: Organisation, changes: dict[str, Any], field: str
) -> None:
    data = {"brand": brand.pk, "level": "status", "ends_on": timezone.localdate(), **changes}

    response = client.post(at("sharing", site), data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not SharingGrant.objects.exists()


def test_only_brands_can_be_chosen(client: Client, site: Site) -> None:
    body = make_organisation(Kind.AUDIT_BODY)
    data = {"brand": body.pk, "level": "full", "ends_on": timezone.localdate()}

    assert client.post(at("sharing", site), data).status_code == 422


def test_grant_of_another_site_is_not_found(
    client: Client, site: Site, brand: Organisation
) -> None:
    other = make_grant(make_site(site.supplier), brand)
    foreign = make_grant(make_site(), brand)

    for grant in (other, foreign):
        assert client.post(at("sharing_revoke", site, grant=grant.pk)).status_code == 404
    assert SharingGrant.objects.live().count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_sharing_query_count(
    client: Client,
    site: Site,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(count):
        make_grant(site, make_organisation(Kind.BRAND))
        make_grant(site, make_organisation(Kind.BRAND), revoked_at=timezone.now())

    with django_assert_num_queries(8):
        response = client.get(at("sharing", site))
    assert len(response.context["live"]) == count
