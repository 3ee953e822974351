"""The scheme owner's pages of printed papers: what they show, who may act, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Kind, Role
from reports.models import Remaking, Report, Reprint
from reports.services import reprinting
from reports.services.papers import render
from reports.services.remaking import remake
from tests.factories import Scheme, make_user
from tests.reports.printed.conftest import jam, other, paper

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
QUERIES = 7


@pytest.fixture(autouse=True)
def _newer_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprinting, "REPORT", "2")


@pytest.fixture
def both(report: Report) -> list[Report]:
    english = Report.objects.get(audit=report.audit, language="en")
    render(Report, english.pk, typeset=paper)
    return list(Report.objects.order_by("language"))


@pytest.fixture
def owner(scheme: Scheme) -> Client:
    return client_of(scheme.owner)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def started(owner: Client) -> Reprint:
    owner.post(reverse("console:reprints"), {"year": YEAR})
    return Reprint.objects.get()


def page_of(owner: Client, batch: Reprint) -> str:
    return owner.get(reverse("console:reprint", args=[batch.pk])).content.decode()


def test_year_is_offered_with_its_counts_and_started(both: list[Report], owner: Client) -> None:
    page = owner.get(reverse("console:reprints")).content.decode()
    assert "2件を再印刷" in page

    answer = owner.post(reverse("console:reprints"), {"year": YEAR}, follow=True)

    assert answer.redirect_chain[0][0] == reverse(
        "console:reprint", args=[Reprint.objects.get().pk]
    )
    page = answer.content.decode()
    assert "0 / 2" in page
    assert "every 4s" in page


def test_double_click_says_that_one_runs(both: list[Report], owner: Client) -> None:
    started(owner)

    answer = owner.post(reverse("console:reprints"), {"year": YEAR})

    assert answer.status_code == 422
    assert "別の再印刷がまだ終わっていません" in answer.content.decode()
    assert Reprint.objects.count() == 1


def test_year_that_is_no_number_is_refused(both: list[Report], owner: Client) -> None:
    assert owner.post(reverse("console:reprints"), {"year": "x"}).status_code == 422
    assert not Reprint.objects.exists()


def test_pause_resume_and_retry_by_buttons(both: list[Report], owner: Client) -> None:
    batch = started(owner)

    owner.post(reverse("console:reprint_pause", args=[batch.pk]))
    page = page_of(owner, batch)
    assert "一時停止中" in page
    assert "every 4s" not in page
    owner.post(reverse("console:reprint_resume", args=[batch.pk]))
    assert "every 4s" in page_of(owner, batch)

    item = Remaking.objects.filter(batch=batch)[0]
    for _time in range(Remaking.MAX_FAILURES):
        Remaking.objects.hurry(item.pk)
        remake(item.pk, typeset=jam)
    assert "paper jam" in page_of(owner, batch)
    answer = owner.post(reverse("console:reprint_retry", args=[batch.pk]), follow=True)
    assert "1件の報告書をもう一度印刷します" in answer.content.decode()


def test_differences_are_listed_with_the_earlier_file(both: list[Report], owner: Client) -> None:
    batch = started(owner)
    before = both[0].sha256
    item = Remaking.objects.get(batch=batch, paper=both[0].pk)
    remake(item.pk, typeset=other)

    page = page_of(owner, batch)

    assert both[0].file_name in page
    assert before in page
    file = owner.get(reverse("console:earlier_file", args=[item.pk]))
    assert file.content == b"%PDF-1.7 paper"
    assert before[:12] in file["Content-Disposition"]


def test_earlier_file_that_is_gone_is_not_found(both: list[Report], owner: Client) -> None:
    item = Remaking.objects.ask(both[0], "damaged", "")
    Remaking.objects.filter(pk=item.pk).update(before_sha256="0" * 64)

    assert owner.get(reverse("console:earlier_file", args=[item.pk])).status_code == 404


def test_reader_of_the_owner_may_look_and_not_act(both: list[Report], scheme: Scheme) -> None:
    owners = scheme.owner.memberships.get().organisation
    assert owners.kind == Kind.SCHEME_OWNER
    reader = client_of(make_user(owners, Role.READER))
    batch = started(client_of(scheme.owner))

    assert '<form method="post" action="' + reverse(
        "console:reprint_pause", args=[batch.pk]
    ) not in page_of(reader, batch)
    assert reader.get(reverse("console:reprints")).status_code == 200
    assert reader.post(reverse("console:reprints"), {"year": YEAR}).status_code == 403
    for act in ("pause", "resume", "retry"):
        assert reader.post(reverse(f"console:reprint_{act}", args=[batch.pk])).status_code == 403


def test_overview_lists_repairs_and_the_round(report: Report, owner: Client) -> None:
    page = owner.get(reverse("console:papers")).content.decode()
    assert "破損または紛失したファイルはありません" in page

    item = Remaking.objects.ask(report, "missing", "")
    assert "紛失" in owner.get(reverse("console:papers")).content.decode()
    remake(item.pk, typeset=paper)
    assert "元と同じ" in owner.get(reverse("console:papers")).content.decode()


def test_queries_do_not_grow_with_the_items(
    both: list[Report],
    owner: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    batch = started(owner)
    one, two = Remaking.objects.filter(batch=batch)
    address = reverse("console:reprint", args=[batch.pk])
    owner.get(address)
    for item in (one, two):
        remake(item.pk, typeset=other)
        with django_assert_num_queries(QUERIES):
            owner.get(address, headers={"HX-Request": "true"})
