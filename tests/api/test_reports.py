"""Issued reports: for brands with a full grant, byte for byte, and recorded."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from audits.models import Evidence, Finding
from audits.services.appealing import raise_appeal
from audits.services.results import change_result
from reports.models import Remaking, Report
from reports.models.reads import ReadRecord
from reports.services.reporting import request_report
from suppliers.models import SharingGrant
from suppliers.terms import Level
from tests.api.conftest import PDF, make_report
from tests.audits.appeals import uphold
from tests.reports.printed.damaging import forge

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

    from tests.api.conftest import Api, Shared
    from tests.factories import Scheme


def test_report_in_the_list(brand: Api, shared: Shared) -> None:
    report = make_report(shared.audit)

    (row,) = brand.rows("reports/")

    assert set(row) == {
        *("id", "audit", "number", "site", "revision", "language", "sha256", "size", "pages"),
        *("stands", "ready_at", "updated_at", "pdf", "json"),
    }
    assert row["id"] == str(report.pk)
    assert row["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert row["stands"] is True
    assert row["pdf"].endswith(f"/api/v1/reports/{report.pk}/pdf")


def test_files_behind_the_addresses_of_the_list(brand: Api, shared: Shared, ours: Scheme) -> None:
    report = make_report(shared.audit)
    (row,) = brand.rows("reports/")

    file = brand.get(row["pdf"], accept="application/pdf")
    assert file.content == PDF
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == f'attachment; filename="{report.file_name}"'
    assert file["ETag"] == f'"{row["sha256"]}"'
    assert "private" in file["Cache-Control"]
    data = brand.get(row["json"])
    assert data["Content-Type"] == "application/json"
    assert hashlib.sha256(data.content).hexdigest() == report.snapshot.sha256
    assert json.loads(data.content)["number"] == shared.audit.number

    reads = ReadRecord.objects.visible_to(ours.manager).order_by("at")
    assert [read.what for read in reads] == ["report_pdf", "report_data"]
    for path in (row["pdf"], row["json"]):
        again = brand.get(path, **{"if-none-match": brand.get(path)["ETag"]})
        assert again.status_code == 304
    assert ReadRecord.objects.count() == 4


def test_errors_of_a_pdf_are_problem_documents(brand: Api, nobody: Api, shared: Shared) -> None:
    report = make_report(shared.audit)
    SharingGrant.objects.update(revoked_at=timezone.now())
    path = f"reports/{report.pk}/pdf"

    for api, status in ((brand, 404), (nobody, 401)):
        answer = api.get(path, accept="application/pdf")
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert brand.get(path, accept="image/png").json()["code"] == "not_acceptable"


@pytest.mark.parametrize("level", [Level.STATUS, Level.SUMMARY])
def test_report_is_for_level_full(level: Level, brand: Api, shared: Shared) -> None:
    report = make_report(shared.audit)
    SharingGrant.objects.update(level=level)

    assert brand.rows("reports/") == []
    for kind in ("pdf", "json"):
        assert brand.get(f"reports/{report.pk}/{kind}").status_code == 404
    assert not ReadRecord.objects.exists()


def test_report_is_not_for_other_brands(stranger: Api, shared: Shared) -> None:
    report = make_report(shared.audit)

    assert stranger.rows("reports/") == []
    for kind in ("pdf", "json"):
        assert stranger.get(f"reports/{report.pk}/{kind}").status_code == 404


def test_report_that_is_not_printed_is_not_there(brand: Api, shared: Shared) -> None:
    report = request_report(audit=shared.audit, language="en")

    assert brand.rows("reports/") == []
    assert brand.get(f"reports/{report.pk}/pdf").status_code == 404


def test_replaced_report_stays_readable(brand: Api, shared: Shared) -> None:
    report = make_report(shared.audit)
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now())

    (row,) = brand.rows("reports/")

    assert row["stands"] is False
    assert brand.get(row["pdf"]).status_code == 200


def changed(brand: Api, since: datetime) -> list[tuple[int, bool]]:
    """What a brand gets that asks for changes: revision, and whether it stands."""
    rows = brand.rows(f"reports/?updated_since={since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}")
    return [(row["revision"], row["stands"]) for row in rows]


def test_withdrawn_report_is_a_change(brand: Api, shared: Shared, ours: Scheme) -> None:
    make_report(shared.audit)
    since = timezone.now()
    assert changed(brand, since) == []

    change_result(
        actor=ours.decider,
        result=shared.audit.results.get(),
        change="withdraw",
        reason="賃金台帳が実際のものと異なっていた。",
    )

    assert changed(brand, since) == [(1, False)]


def test_revision_and_the_report_before_it_are_changes(
    brand: Api, shared: Shared, ours: Scheme
) -> None:
    make_report(shared.audit)
    since = timezone.now()

    result = shared.audit.results.get()
    uphold(ours, raise_appeal(actor=ours.manager, result=result, grounds="5-7 は事実と違う。"))
    assert changed(brand, since) == [(1, False)]
    printed = timezone.now()
    make_report(shared.audit)

    assert changed(brand, since) == [(1, False), (2, True)]
    assert changed(brand, printed) == [(2, True)]


def test_filters_of_reports(brand: Api, shared: Shared) -> None:
    make_report(shared.audit)
    make_report(shared.audit, "en")

    def languages(query: str) -> list[str]:
        return [row["language"] for row in brand.rows(f"reports/?{query}")]

    assert languages("language=en") == ["en"]
    assert languages(f"audit={shared.audit.pk}") == ["ja", "en"]
    assert languages(f"site={shared.audit.pk}") == []
    assert languages("updated_since=2100-01-01T00:00:00Z") == []
    following = brand.json("reports/?limit=1")["next"]
    assert [row["language"] for row in brand.json(following)["results"]] == ["en"]


def test_data_has_nothing_internal(brand: Api, shared: Shared, ours: Scheme) -> None:
    finding = Finding.objects.get(audit=shared.audit, requirement__code="5-7")
    Finding.objects.filter(audit=shared.audit).update(working_note="内部メモ※XQ")
    finding.comments.create(kind="review", text="審査コメント※XQ", author=ours.reviewer)
    Evidence.objects.filter(audit=shared.audit).update(
        evidence_class="sealed", caption="封印※XQ", name="封印※XQ.jpg"
    )
    report = make_report(shared.audit)

    text = brand.get(f"reports/{report.pk}/json").content.decode()

    assert shared.audit.number in text
    assert "※XQ" not in text
    assert ours.reviewer.email not in text


def test_queries_of_reports_do_not_grow(
    brand: Api, shared: Shared, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows, languages in ((1, ("ja",)), (3, ("en", "both"))):
        for language in languages:
            make_report(shared.audit, language)
        with django_assert_num_queries(3):
            assert len(brand.rows("reports/")) == rows


def test_changed_file_is_not_handed_out(brand: Api, shared: Shared) -> None:
    report = make_report(shared.audit)
    forge(report)

    answer = Client(raise_request_exception=False).get(
        f"/api/v1/reports/{report.pk}/pdf", headers={"authorization": f"Token {brand.token}"}
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "file_unavailable")
    assert answer["Retry-After"] == "300"
    assert Remaking.objects.repairs().open().get().paper == report.pk
    assert not ReadRecord.objects.exists()
