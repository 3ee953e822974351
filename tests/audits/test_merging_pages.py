"""Pages of suppliers and their duplicates: found, compared, merged, kept apart; old addresses lead on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from audits.models import SchemeSettings
from audits.services.merging import merge_suppliers
from audits.tasks import LOOK_FOR_DUPLICATES, look_for_duplicates, sweep_searches
from audits.terms import Status
from suppliers.corporate_numbers import make_corporate_number
from suppliers.models import DuplicateProposal, DuplicateSearch, Site, Supplier
from suppliers.terms import ProposalState
from tests.factories import Scheme, audit_at, make_engagement, make_grant, make_site, make_supplier

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
ONE, OTHER = (make_corporate_number(f"{number:012d}") for number in (1, 2))


@pytest.fixture
def scheme(client: Client) -> Scheme:
    scheme = Scheme()
    client.force_login(scheme.coordinator)
    return scheme


def twins(count: int = 1) -> list[tuple[Supplier, Supplier]]:
    return [
        (
            make_supplier(
                name_ja=f"髙橋{'甲乙丙丁'[n]}染工{n}", name_en="", address=f"見本町1-{n}"
            ),
            make_supplier(name_ja=f"㈱高橋{'甲乙丙丁'[n]}染工{n}", name_en="", address=""),
        )
        for n in range(count)
    ]


def look() -> None:
    look_for_duplicates(str(DuplicateSearch.objects.create().pk))


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("pairs", [1, 3])
def test_list_of_duplicates_takes_the_same_queries(
    scheme: Scheme, client: Client, django_assert_num_queries: DjangoAssertNumQueries, pairs: int
) -> None:
    twins(pairs)
    look()

    with django_assert_num_queries(6):
        page = client.get(reverse("console:duplicates"))

    assert text(page).count("名称が同じ") == pairs


@pytest.mark.parametrize("suppliers", [1, 3])
def test_list_of_suppliers_takes_the_same_queries(
    scheme: Scheme,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    suppliers: int,
) -> None:
    for _number in range(suppliers):
        make_site(make_supplier())

    with django_assert_num_queries(6):
        page = client.get(reverse("console:suppliers"))

    assert page.status_code == 200
    for kind in ("csv", "xlsx"):
        file = client.get(reverse("console:suppliers"), {"format": kind})
        assert file.getvalue()


def test_lists_are_narrowed(scheme: Scheme, client: Client) -> None:
    ((one, other),) = twins()
    far = make_supplier(prefecture=13)
    look()
    address = reverse("console:suppliers")

    assert far.name not in text(client.get(address, {"prefecture": 38}))
    assert "条件" in text(client.get(address, {"q": "ありえない名前"}))
    address = reverse("console:duplicates")
    for shown in ({"q": "高橋"}, {"what": "suppliers"}, {"strength": "middle"}, {"state": "open"}):
        assert other.name in text(client.get(address, shown)), shown
    for hidden in ({"q": "別"}, {"what": "sites"}, {"strength": "high"}, {"state": "merged"}):
        assert other.name not in text(client.get(address, hidden)), hidden
    csv = client.get(address, {"format": "csv"}).getvalue().decode()
    assert one.name_ja in csv


def test_search_is_asked_for_shown_and_run_once(
    scheme: Scheme,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr("audits.tasks.send", lambda *args: sent.append(args))
    twins()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("console:duplicate_search"), follow=True)
    search = DuplicateSearch.objects.get()
    assert sent == [(LOOK_FOR_DUPLICATES, str(search.pk))]
    assert "<progress" in text(answer)

    look_for_duplicates(str(search.pk))

    assert DuplicateProposal.objects.waiting().count() == 1
    page = text(client.get(reverse("console:duplicates")))
    assert "<progress" not in page
    assert "㈱高橋" in page


def test_sweep_looks_every_night_and_sends_what_was_lost(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr("audits.tasks.send", lambda *args: sent.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        sweep_searches()
    (search,) = DuplicateSearch.objects.all()
    assert len(sent) == 1

    sweep_searches()  # nobody took it up
    assert sent == [(LOOK_FOR_DUPLICATES, str(search.pk))] * 2
    look_for_duplicates(str(search.pk))
    sweep_searches()

    assert len(sent) == 2
    assert DuplicateSearch.objects.count() == 1


def test_least_score_is_a_setting(scheme: Scheme) -> None:
    twins()
    SchemeSettings.objects.update_or_create(pk=1, defaults={"duplicate_least_score": 90})

    look()

    assert not DuplicateProposal.objects.exists()


def test_two_are_compared_and_merged_field_by_field(scheme: Scheme, client: Client) -> None:
    ((keep, drop),) = twins()
    Supplier.objects.filter(pk=drop.pk).update(corporate_number=ONE, name_en="Takahashi")
    place = make_site(keep, name_ja="本社工場")
    same, apart = make_site(drop, name_ja="本社 工場"), make_site(drop)
    look()
    address = reverse("console:merge_suppliers", args=[keep.pk, drop.pk])

    page = text(client.get(address))
    assert "取り消せません" in page
    assert f'value="{place.pk}" selected' in page
    refused = client.post(address, {"merge": "1", "reason": ""})
    assert refused.status_code == 422

    answer = client.post(
        address,
        {
            "merge": "1",
            "reason": "同じ会社",
            "confirmed": "on",
            "corporate_number": "drop",
            "name_ja": "keep",
            "name_en": "drop",
            "address": "keep",
            f"same_{same.pk}": str(place.pk),
        },
    )

    assert answer.status_code == 302
    assert answer["Location"] == reverse("console:supplier", args=[keep.pk])
    keep.refresh_from_db()
    assert (keep.corporate_number, keep.name_en) == (ONE, "Takahashi")
    assert set(Site.objects.current().filter(supplier=keep)) == {place, apart}
    assert DuplicateProposal.objects.get().state == ProposalState.MERGED


def test_old_address_leads_to_the_supplier_that_goes_on(scheme: Scheme, client: Client) -> None:
    keep = make_supplier()
    merge_suppliers(actor=scheme.owner, keep=keep, drop=scheme.supplier, reason="同じ会社")

    answer = client.get(reverse("console:supplier", args=[scheme.supplier.pk]))
    assert answer["Location"] == reverse("console:supplier", args=[keep.pk])
    page = text(client.get(answer["Location"]))
    assert scheme.supplier.name_ja in page
    assert "同じ会社" in page
    for pk, other in ((keep, scheme.supplier), (scheme.supplier, keep)):
        answer = client.get(reverse("console:merge_suppliers", args=[pk.pk, other.pk]))
        assert answer["Location"] == reverse("console:supplier", args=[scheme.supplier.pk])


def test_former_name_is_found_in_lists(scheme: Scheme, client: Client) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    keep = make_supplier(name_ja="別の名前")
    old = scheme.supplier.name_ja
    merge_suppliers(actor=scheme.owner, keep=keep, drop=scheme.supplier, reason="同じ会社")

    assert "別の名前" in text(client.get(reverse("console:suppliers"), {"q": old.split()[-1]}))
    assert audit.number in text(client.get(reverse("console:audits"), {"q": old.split()[-1]}))


def test_page_says_what_stands_in_the_way(scheme: Scheme, client: Client) -> None:
    keep = make_supplier(corporate_number=ONE)
    Supplier.objects.filter(pk=scheme.supplier.pk).update(corporate_number=OTHER)

    page = text(client.get(reverse("console:merge_suppliers", args=[keep.pk, scheme.supplier.pk])))

    assert "法人番号が両方" in page
    assert 'name="merge"' not in page


def test_page_tells_of_conflicts_grants_and_engagements(scheme: Scheme, client: Client) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    keep = make_supplier()
    make_engagement(keep, scheme.member.user, body=scheme.body)
    make_grant(scheme.site, scheme.brand)

    page = text(client.get(reverse("console:merge_suppliers", args=[keep.pk, scheme.supplier.pk])))

    assert audit.number in page
    assert scheme.member.user.name in page


def test_two_are_kept_apart_for_good(scheme: Scheme, client: Client) -> None:
    ((keep, drop),) = twins()
    look()
    address = reverse("console:merge_suppliers", args=[keep.pk, drop.pk])
    assert client.post(address, {"dismiss": "1", "reason": ""}).status_code == 422

    answer = client.post(address, {"dismiss": "1", "reason": "親子会社"})

    assert answer["Location"] == reverse("console:duplicates")
    look()
    assert DuplicateProposal.objects.get().state == ProposalState.DISMISSED
    assert "親子会社" in text(client.get(reverse("console:duplicates")))
    # Without a proposal there is nothing to say no to.
    assert client.post(address, {"dismiss": "1", "reason": "もう一度"}).status_code == 403


def test_two_sites_are_merged_on_their_page(scheme: Scheme, client: Client) -> None:
    other = make_site(scheme.supplier, name_ja=f"{scheme.site.name_ja} ")
    look()
    proposal = DuplicateProposal.objects.get()
    assert proposal.is_of_sites
    address = reverse("console:merge_sites", args=[other.pk, scheme.site.pk])
    assert other.name in text(client.get(reverse("console:duplicates")))
    assert scheme.site.name in text(client.get(address))

    answer = client.post(address, {"merge": "1", "reason": "同じ工場", "confirmed": "on"})

    assert answer["Location"] == reverse("console:supplier", args=[scheme.supplier.pk])
    other.refresh_from_db()
    assert other.merged_into == scheme.site
    assert client.get(address)["Location"] == answer["Location"]


def test_forged_post_without_right_changes_nothing(scheme: Scheme, client: Client) -> None:
    ((keep, drop),) = twins()
    look()
    address = reverse("console:merge_suppliers", args=[keep.pk, drop.pk])
    for person in (scheme.reviewer, scheme.desk, scheme.manager, scheme.observer):
        client.force_login(person)
        for act in ("merge", "dismiss"):
            answer = client.post(address, {act: "1", "reason": "x", "confirmed": "on"})
            assert answer.status_code == 403
        assert client.post(reverse("console:duplicate_search")).status_code == 403
    assert DuplicateProposal.objects.waiting().count() == 1
    assert Supplier.objects.current().filter(pk=drop.pk).exists()
