"""Lists: pages by key, filters, what counts as a change, and a constant number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from audits.models import Audit, CorrectiveAction, Result
from audits.standards.models import Standard
from audits.terms import Status
from suppliers.models import SharingGrant, Site
from suppliers.terms import Level
from tests.api.test_rules import problem_of
from tests.factories import Scheme, audit_at, make_grant, make_site

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.api.conftest import Api, Shared


def many_sites(scheme: Scheme, count: int) -> list[Site]:
    sites = [make_site(scheme.supplier) for _number in range(count)]
    for site in sites:
        make_grant(site, scheme.brand, Level.FULL, granted_by=scheme.manager)
    return sites


def test_pages_walk_all_rows_while_rows_change(brand: Api, ours: Scheme) -> None:
    sites = many_sites(ours, 12)
    # Some of the same moment: the id decides.
    Site.objects.filter(pk__in=[site.pk for site in sites[2:7]]).update(
        updated_at=sites[2].updated_at
    )
    seen: list[tuple[str, str]] = []
    address: str | None = "sites/?limit=2"
    while address:
        page = brand.json(address)
        seen += [(row["id"], row["updated_at"]) for row in page["results"]]
        assert len(page["results"]) <= 2
        address = page["next"]
        if len(seen) == 4:  # one read row goes, one row changes, one is new
            SharingGrant.objects.filter(site_id=seen[0][0]).update(revoked_at=timezone.now())
            sites[10].save()
            many_sites(ours, 1)

    assert len(seen) == len(set(seen))
    assert len({pk for pk, _at in seen}) == 13
    assert [at for _pk, at in seen] == sorted(at for _pk, at in seen)


def test_row_that_changes_after_it_was_read_comes_again(brand: Api, ours: Scheme) -> None:
    sites = many_sites(ours, 3)
    page = brand.json("sites/?limit=1")
    sites[0].name_en = "Renamed"
    sites[0].save()

    rest = brand.json(page["next"].replace("limit=1", "limit=100"))["results"]

    assert [row["id"] for row in rest] == [str(sites[1].pk), str(sites[2].pk), str(sites[0].pk)]
    assert rest[-1]["name_en"] == "Renamed"


def test_last_full_page_has_no_next(brand: Api, ours: Scheme) -> None:
    many_sites(ours, 2)

    assert brand.json("sites/?limit=2")["next"] is None


def test_cursor_of_another_list(brand: Api, ours: Scheme) -> None:
    many_sites(ours, 2)
    cursor = brand.json("sites/?limit=1")["next"].partition("cursor=")[2].partition("&")[0]

    problem_of(brand.get(f"results/?cursor={cursor}"), 400)


def test_next_keeps_the_other_parameters(brand: Api, ours: Scheme) -> None:
    many_sites(ours, 2)

    following = brand.json("sites/?limit=1&fields=name_ja&prefecture=38")["next"]

    assert "fields=name_ja" in following
    assert "prefecture=38" in following
    assert set(brand.json(following)["results"][0]) == {"id", "name_ja"}


@pytest.fixture
def two(ours: Scheme) -> tuple[Audit, Audit]:
    """Two results in different prefectures and of different trades, in our brand's sight."""
    other = make_site(ours.supplier, prefecture=1, processes=["sewing"])
    audits = (
        audit_at(Status.ISSUED, ours, nonconforming=()),
        audit_at(Status.ISSUED, ours, site=other, nonconforming=("5-7", "5-8")),
    )
    make_grant(ours.site, ours.brand)
    make_grant(other, ours.brand)
    return audits


@pytest.mark.parametrize("path", ["sites/", "results/", "corrective-actions/"])
@pytest.mark.parametrize(
    ("query", "first", "second"),
    [
        ("prefecture=38", True, False),
        ("prefecture=1", False, True),
        ("prefecture=13", False, False),
        ("process=weaving", True, False),
        ("process=sewing", False, True),
        ("process=spinning", False, False),
    ],
)
def test_filters_by_site(
    path: str, query: str, first: bool, second: bool, brand: Api, two: tuple[Audit, Audit]
) -> None:
    rows = brand.rows(f"{path}?{query}")
    found = {row["id"] if path == "sites/" else row["site"]["id"] for row in rows}
    expected = {
        str(audit.site_id) for audit, wanted in zip(two, (first, second), strict=True) if wanted
    }
    if path == "corrective-actions/":
        expected.discard(str(two[0].site_id))  # it has none

    assert found == expected


def test_filters_of_results(brand: Api, two: tuple[Audit, Audit]) -> None:
    Result.objects.filter(audit=two[1]).update(grade="B", status="suspended")

    def audits(query: str) -> set[str]:
        return {row["audit"] for row in brand.rows(f"results/?{query}")}

    first, second = (str(audit.pk) for audit in two)
    assert audits("grade=B") == {second}
    assert audits("status=suspended") == {second}
    assert audits("standard=2025") == {first, second}
    assert audits("standard=1999") == set()
    assert audits(f"site={two[0].site_id}") == {first}
    assert audits("grade=A&prefecture=1") == set()


def test_filters_of_corrective_actions(brand: Api, two: tuple[Audit, Audit]) -> None:
    def codes(query: str) -> set[str]:
        return {row["requirement"] for row in brand.rows(f"corrective-actions/?{query}")}

    assert codes(f"audit={two[1].pk}") == {"5-7", "5-8"}
    assert codes(f"site={two[0].site_id}") == set()
    assert codes("status=open") == {"5-7", "5-8"}
    assert codes("status=closed") == set()
    assert codes("standard=1999") == set()


def test_corrective_action_says_how_often_the_same_was_not_met(brand: Api, ours: Scheme) -> None:
    first = audit_at(Status.CLOSED, ours, nonconforming=("5-7",))
    second = audit_at(Status.ISSUED, ours, nonconforming=("5-7",))
    make_grant(ours.site, ours.brand)

    rows = {row["audit"]: row for row in brand.rows("corrective-actions/")}

    told = {audit: (row["repeats"], row["repeat_since"]) for audit, row in rows.items()}
    since = timezone.localdate().isoformat()
    assert told == {str(first.pk): (0, None), str(second.pk): (1, since)}


def since(moment: Any) -> str:
    return f"updated_since={quote(moment.isoformat())}"


def test_updated_since(brand: Api, two: tuple[Audit, Audit]) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    before = timezone.now() - timedelta(days=2)
    SharingGrant.objects.update(created_at=long_ago, starts_on=long_ago.date())
    for model in (Site, Result, CorrectiveAction):
        model.objects.update(updated_at=long_ago)
    for path in ("sites/", "results/", "corrective-actions/"):
        assert brand.rows(f"{path}?{since(before)}") == [], path
        assert brand.rows(f"{path}?{since(long_ago)}"), path

    Result.objects.filter(audit=two[1]).update(updated_at=timezone.now())
    assert [row["audit"] for row in brand.rows(f"results/?{since(before)}")] == [str(two[1].pk)]
    # A site shows its newest result, so a new one changes the site.
    assert [row["id"] for row in brand.rows(f"sites/?{since(before)}")] == [str(two[1].site_id)]


def test_site_that_was_shared_newly_counts_as_updated(brand: Api, two: tuple[Audit, Audit]) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    before = timezone.now() - timedelta(days=2)
    for model in (Site, Result, CorrectiveAction):
        model.objects.update(updated_at=long_ago)
    SharingGrant.objects.filter(site=two[0].site_id).update(
        created_at=long_ago, starts_on=long_ago.date()
    )

    assert [row["id"] for row in brand.rows(f"sites/?{since(before)}")] == [str(two[1].site_id)]
    assert [row["audit"] for row in brand.rows(f"results/?{since(before)}")] == [str(two[1].pk)]
    assert len(brand.rows(f"corrective-actions/?{since(before)}")) == 2


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_absurd_moments(moment: str, brand: Api, shared: Shared) -> None:
    assert len(brand.rows(f"sites/?updated_since={moment}")) == int(moment.startswith("0"))


def test_requirements_are_the_catalogue(brand: Api, ours: Scheme) -> None:
    rows = brand.rows("requirements/")

    assert len(rows) == 84
    assert [row["order"] for row in rows] == sorted(row["order"] for row in rows)
    assert {row["standard"] for row in rows} == {"2025"}
    assert {row["provenance"] for row in rows} == {"restated", "provisional"}
    assert all(row["title_ja"] and row["title_en"] and row["clauses"] for row in rows)
    assert rows == brand.rows("requirements/?standard=2025")
    assert len(brand.rows("requirements/?category=5")) == 22
    assert {row["severity"] for row in brand.rows("requirements/?severity=major")} == {"major"}
    assert [row["code"] for row in brand.rows("requirements/?limit=1")] == ["1-1"]


def test_requirements_of_a_version_that_is_not_there(brand: Api, ours: Scheme) -> None:
    Standard.objects.create(
        version="2030", title_ja="案", title_en="Draft", effective_on="2030-04-01", grading={}
    )

    for version in ("1999", "2030"):
        problem_of(brand.get(f"requirements/?standard={version}"), 404)


def results_of(scheme: Scheme, count: int) -> None:
    for _number in range(count):
        site = make_site(scheme.supplier)
        audit_at(Status.ISSUED, scheme, site=site)
        make_grant(site, scheme.brand, granted_by=scheme.manager)


@pytest.mark.parametrize(
    ("path", "queries"), [("sites/", 4), ("results/", 3), ("corrective-actions/", 3)]
)
def test_queries_of_a_list_do_not_grow(
    path: str,
    queries: int,
    brand: Api,
    ours: Scheme,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for rows, more in ((1, 1), (3, 2)):
        results_of(ours, more)
        with django_assert_num_queries(queries):
            assert len(brand.rows(path)) == rows


def test_queries_of_the_catalogue_do_not_grow(
    brand: Api, ours: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows in (1, 3):
        with django_assert_num_queries(5):
            assert len(brand.rows(f"requirements/?limit={rows}")) == rows


def test_queries_of_findings_do_not_grow(
    brand: Api,
    shared: Shared,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(8):
        brand.json(f"audits/{shared.audit.pk}/findings/")
