"""Who sees and fetches which report, and what anybody learns from a verification code."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.terms import Kind, Role
from audits.models import Audit
from audits.services.merging import merge_suppliers
from audits.services.perform import perform
from audits.terms import Act, Status
from reports.models import Report
from reports.models.reads import ReadRecord
from reports.services.papers import render
from reports.services.printing import Printed
from suppliers.terms import Level
from tests.factories import (
    Scheme,
    audit_at,
    make_grant,
    make_organisation,
    make_supplier,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    audit = audit_at(Status.ISSUED, scheme)
    for report in Report.objects.filter(audit=audit):
        render(Report, report.pk, typeset=lambda *_: Printed(b"%PDF-1.7 paper", 1, "1"))
    return audit


def get(user: Any, name: str, *arguments: Any, **headers: Any) -> Any:
    client = Client(headers=headers)
    client.force_login(user)
    return client.get(reverse(name, args=arguments))


def the_report(audit: Audit) -> Report:
    return Report.objects.get(audit=audit, language="ja")


@pytest.mark.parametrize("who", ["manager", "observer", "owner", "coordinator", "desk", "reviewer"])
def test_download_by_those_who_may_read(scheme: Scheme, audit: Audit, who: str) -> None:
    response = get(getattr(scheme, who), "portal:report_file", the_report(audit).pk)

    assert response.status_code == 200
    assert response.content == b"%PDF-1.7 paper"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{audit.number}_r1_ja.pdf"'
    assert response["Cache-Control"] == "private, no-store"


def test_download_by_the_team(scheme: Scheme, audit: Audit) -> None:
    assert get(scheme.lead.user, "portal:report_file", the_report(audit).pk).status_code == 200


def test_download_by_strangers_is_not_found(scheme: Scheme, audit: Audit) -> None:
    other_body = make_organisation(Kind.AUDIT_BODY)
    strangers = [
        make_user(make_supplier().organisation, Role.MANAGER),
        make_user(other_body, Role.COORDINATOR),
        make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR),
        scheme.brand_user,
        make_user(),
    ]
    for stranger in strangers:
        response = get(stranger, "portal:report_file", the_report(audit).pk)
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("level", "status"), [(Level.STATUS, 404), (Level.SUMMARY, 404), (Level.FULL, 200)]
)
def test_download_by_a_brand_depends_on_its_grant(
    scheme: Scheme, audit: Audit, level: Level, status: int
) -> None:
    make_grant(scheme.site, scheme.brand, level)

    response = get(scheme.brand_user, "portal:report_file", the_report(audit).pk)

    assert response.status_code == status
    assert ReadRecord.objects.filter(audit=audit).count() == (1 if status == 200 else 0)


def test_supplier_does_not_see_reports_before_issue(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    response = get(scheme.manager, "portal:reports", audit.number)

    assert response.status_code == 200
    assert "報告書はまだありません" in response.content.decode()
    assert not Report.objects.visible_to(scheme.manager).exists()


def test_unfinished_report_cannot_be_fetched(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    assert get(scheme.manager, "portal:report_file", the_report(audit).pk).status_code == 404
    page = get(scheme.manager, "portal:reports", audit.number).content.decode()
    assert "every 4s" in page
    part = get(scheme.manager, "portal:reports", audit.number, **{"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def test_ready_page_no_longer_asks(scheme: Scheme, audit: Audit) -> None:
    page = get(scheme.manager, "portal:reports", audit.number).content.decode()

    assert "every 4s" not in page
    assert reverse("portal:report_file", args=[the_report(audit).pk]) in page


def test_console_shows_the_reason_and_prints_again(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    report = the_report(audit)
    claim = Report.objects.claim(report.pk)
    assert claim is not None
    Report.objects.fail(claim, "paper jam", final=True)

    page = get(scheme.desk, "console:reports", audit.number).content.decode()
    assert "paper jam" in page
    client = Client()
    client.force_login(scheme.desk)
    response = client.post(reverse("console:report_retry", args=[report.pk]))

    assert response.status_code == 302
    report.refresh_from_db()
    assert report.state == "queued"


def test_console_refuses_who_may_not_print(scheme: Scheme, audit: Audit) -> None:
    client = Client()
    for user, status in ((scheme.manager, 403), (scheme.observer, 403)):
        client.force_login(user)
        retry = reverse("console:report_retry", args=[the_report(audit).pk])
        assert client.post(retry).status_code == status
        assert client.post(reverse("console:reports", args=[audit.number])).status_code == status


def test_console_prints_both_languages_when_asked(scheme: Scheme, audit: Audit) -> None:
    client = Client()
    client.force_login(scheme.desk)

    client.post(reverse("console:reports", args=[audit.number]))

    assert Report.objects.get(audit=audit, language="both").state == "queued"


@pytest.mark.parametrize("languages", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    scheme: Scheme, audit: Audit, languages: int, django_assert_num_queries: Any
) -> None:
    if languages == 1:
        Report.objects.filter(language="en").delete()
    else:
        client = Client()
        client.force_login(scheme.desk)
        client.post(reverse("console:reports", args=[audit.number]))
    client = Client()
    client.force_login(scheme.manager)
    with django_assert_num_queries(5):
        client.get(reverse("portal:reports", args=[audit.number]))


def code_of(audit: Audit) -> str:
    return audit.results.get().verification_code


def test_verify_needs_no_account_and_says_what_is_on_record(audit: Audit) -> None:
    page = Client().get(reverse("verify", args=[code_of(audit)]))

    text = page.content.decode()
    assert page.status_code == 200
    for said in (audit.number, audit.site.name_ja, "暫定基準", "真正", "判定結果は有効です"):
        assert said in text
    assert the_report(audit).sha256 in text


def test_verify_reads_what_people_type(audit: Audit) -> None:
    code = code_of(audit).lower().replace("0", "o").replace("1", "l")
    typed = f"{code[:4]}-{code[4:8]} {code[8:]}"

    response = Client().get(reverse("verify_ask"), {"code": typed}, follow=True)

    assert response.status_code == 200
    assert audit.number in response.content.decode()


def test_verify_says_that_a_void_result_does_not_stand(scheme: Scheme, audit: Audit) -> None:
    perform(audit, Act.VOID, actor=scheme.owner, comment="別の工場を監査していた。")

    page = Client().get(reverse("verify", args=[code_of(audit)])).content.decode()

    assert "現在有効ではありません" in page


@pytest.mark.parametrize("code", ["WRONGCODE123", "x", "%F0%9F%92%A9", "<script>"])
def test_verify_of_a_wrong_code_is_not_found(audit: Audit, code: str) -> None:
    response = Client().get(f"/verify/{code}/")

    assert response.status_code == 404
    text = response.content.decode()
    assert "<script>" not in text.split("<main")[1]
    assert audit.site.name_ja not in text
    if code == "WRONGCODE123":
        assert "真正なものではありません" in text


def test_verify_slows_down_who_tries_many(audit: Audit) -> None:
    client = Client()
    statuses = [client.get("/verify/WRONGCODE123/").status_code for _try in range(31)]

    assert statuses == [404] * 30 + [429]
    assert Client(REMOTE_ADDR="192.0.2.7").get("/verify/WRONGCODE123/").status_code == 404


def test_verification_names_the_supplier_as_it_stands_in_the_document(
    scheme: Scheme, audit: Audit, client: Client
) -> None:
    keep = make_supplier(name_ja="今日の名前株式会社", name_en="Name of Today")
    merge_suppliers(actor=scheme.owner, keep=keep, drop=scheme.supplier, reason="同じ会社")

    page = client.get(reverse("verify", args=[audit.results.get().verification_code]))

    text = page.content.decode()
    assert scheme.supplier.name_ja in text
    assert "今日の名前株式会社" in text
