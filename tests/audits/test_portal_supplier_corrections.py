"""Corrective actions by page, and what a brand's person sees."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Kind
from audits.models import CorrectiveAction
from audits.services.correcting import take_step
from audits.terms import CorrectionStatus, Status
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant, make_organisation, make_site

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

PLAN = {
    "step": "plan",
    "root_cause": "置き場が決まっていない。",
    "correction": "台車を移した。",
    "prevention": "床に線を引く。",
    "responsible": "製造課長",
    "planned_on": str(timezone.localdate() + timedelta(days=3)),
}
CODES = ("5-7", "6-3", "4-1")


@pytest.fixture
def scheme(client: Client) -> Scheme:
    scheme = Scheme()
    client.force_login(scheme.manager)
    return scheme


@pytest.fixture
def action(scheme: Scheme) -> CorrectiveAction:
    audit_at(Status.ISSUED, scheme)
    return CorrectiveAction.objects.get()


def page_of(action: CorrectiveAction) -> str:
    return reverse("portal:our_correction", kwargs={"pk": action.pk})


def test_plan_and_evidence_by_page(
    client: Client, scheme: Scheme, action: CorrectiveAction
) -> None:
    url = page_of(action)
    assert client.post(url, PLAN)["Location"] == url
    action.refresh_from_db()
    assert (action.status, action.responsible) == (CorrectionStatus.PLANNED, "製造課長")
    assert client.get(url).context["form"] is None

    take_step(actor=scheme.desk, action=action, step="accept_plan")
    note = {"step": "submit_evidence", "evidence_note": "線を引いた。"}
    assert client.post(url, note)["Location"] == url
    action.refresh_from_db()
    assert (action.status, action.evidence_note) == (
        CorrectionStatus.EVIDENCE_SUBMITTED,
        "線を引いた。",
    )
    titles = [str(entry["title"]) for entry in client.get(url).context["record"]]
    assert len(titles) == 3


def test_returned_plan_comes_back_with_the_reason(
    client: Client, scheme: Scheme, action: CorrectiveAction
) -> None:
    url = page_of(action)
    client.post(url, PLAN)
    take_step(actor=scheme.desk, action=action, step="return_plan", comment="点検の頻度は?")

    page = client.get(url)

    assert page.context["form"].initial["root_cause"] == PLAN["root_cause"]
    assert page.context["returned"].comment == "点検の頻度は?"


def test_plan_sent_twice_is_one_plan(client: Client, action: CorrectiveAction) -> None:
    url = page_of(action)

    for _time in range(2):
        assert client.post(url, PLAN)["Location"] == url

    events = action.finding.audit.events.filter(act="corrective_action_plan")
    assert events.count() == 1


@pytest.mark.parametrize(
    "name", ["root_cause", "correction", "prevention", "responsible", "planned_on"]
)
def test_incomplete_plan_is_refused_beside_its_field(
    client: Client, action: CorrectiveAction, name: str
) -> None:
    response = client.post(page_of(action), {**PLAN, name: " "})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    action.refresh_from_db()
    assert action.status == CorrectionStatus.OPEN


def test_evidence_before_the_plan_is_accepted_changes_nothing(
    client: Client, action: CorrectiveAction
) -> None:
    client.post(page_of(action), {"step": "submit_evidence", "evidence_note": "済"})

    action.refresh_from_db()
    assert action.status == CorrectionStatus.OPEN


def test_list_is_filtered_and_downloaded(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme, nonconforming=CODES)
    audit_at(Status.ISSUED, Scheme(), nonconforming=("5-7",))
    late, planned, _open = CorrectiveAction.objects.filter(finding__audit=audit).order_by("pk")
    late.close_due_on = timezone.localdate() - timedelta(days=1)
    late.save()
    client.post(page_of(planned), PLAN)
    url = reverse("portal:our_corrections")

    def shown(query: str) -> int:
        return len(client.get(f"{url}?{query}").context["rows"])

    assert shown("") == 3
    assert shown("show=ours") == 2
    assert shown("show=overdue") == 1
    assert shown("q=5-7") == 1
    assert shown("audit=" + audit.number) == 3
    assert shown("audit=JASTI-1999-0001") == 0
    assert client.get(url).context["rows"][0][0] == late
    response = client.get(f"{url}?format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streams
    assert len(text.strip().splitlines()) == 4
    response = client.get(f"{url}?format=xlsx")
    assert response["Content-Disposition"].endswith('.xlsx"')
    response.close()


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(
    client: Client,
    scheme: Scheme,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=CODES[:count])

    with django_assert_num_queries(7):
        response = client.get(reverse("portal:our_corrections"))
    assert len(response.context["rows"]) == count


def test_brand_sees_what_is_shared(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    make_grant(scheme.site, scheme.brand, Level.STATUS)
    make_grant(make_site(scheme.supplier), make_organisation(Kind.BRAND))
    client.force_login(scheme.brand_user)

    response = client.get(reverse("portal:shared"))

    assert [row[0].site for row in response.context["rows"]] == [scheme.site]
    text = response.content.decode()
    assert scheme.supplier.name_ja in text
    assert "/api/v1/docs/" in text
    download = client.get(reverse("portal:shared") + "?format=csv")
    lines = b"".join(download.streaming_content).decode("utf-8-sig").strip()  # type: ignore[attr-defined]  # streams
    assert len(lines.splitlines()) == 2


def test_brand_sees_that_a_result_no_longer_stands(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    audit.results.update(status="withdrawn", grade="A")
    make_grant(scheme.site, scheme.brand)
    client.force_login(scheme.brand_user)

    text = client.get(reverse("portal:shared")).content.decode()

    assert 'data-status="withdrawn"' in text
    assert 'data-status="A"' not in text


def test_grant_that_was_taken_back_shows_nothing(client: Client, scheme: Scheme) -> None:
    make_grant(scheme.site, scheme.brand, revoked_at=timezone.now())
    client.force_login(scheme.brand_user)

    response = client.get(reverse("portal:shared"))

    assert response.context["rows"] == []


def test_shared_is_for_brands_only(client: Client, scheme: Scheme) -> None:
    for user in (scheme.manager, scheme.coordinator, scheme.lead.user):
        client.force_login(user)
        assert client.get(reverse("portal:shared")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_shared_query_count(
    client: Client,
    scheme: Scheme,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        site = make_site(scheme.supplier) if number else scheme.site
        audit_at(Status.ISSUED, scheme, site=site)
        make_grant(site, scheme.brand)
    client.force_login(scheme.brand_user)

    with django_assert_num_queries(6):
        response = client.get(reverse("portal:shared"))
    assert len(response.context["rows"]) == count
