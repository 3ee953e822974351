"""Appeals by page: raised, decided, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.terms import Role
from audits.models import Appeal, CorrectiveAction, Result
from audits.services import deciding
from audits.services.appealing import (
    dismiss_appeal,
    raise_appeal,
)
from audits.services.assessment import computed_grade
from audits.terms import CorrectionStatus, Status
from tests.audits.appeals import appealed, issued, our
from tests.factories import Scheme, audit_at, make_site, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_appeal_by_page(client: Client, scheme: Scheme) -> None:
    result = issued(scheme)
    audit = result.audit
    client.force_login(scheme.manager)
    url = our("our_appeal", audit)
    assert url in client.get(our("our_result", audit)).content.decode()

    assert client.post(url, {"grounds": " "}).status_code == 422
    assert client.post(url, {"grounds": "事実と違う。"})["Location"] == url
    assert client.post(url, {"grounds": "もう一度。"}).status_code == 422

    page = client.get(url)
    assert page.context["form"] is None
    assert "事実と違う。" in page.content.decode()
    reader = make_user(scheme.supplier.organisation, Role.READER)
    client.force_login(reader)
    assert client.get(url).status_code == 200
    assert client.post(url, {"grounds": "事実と違う。"}).status_code == 403


def test_decide_by_page(client: Client, scheme: Scheme) -> None:
    appeal = appealed(scheme, "5-7", "5-8")
    audit = appeal.result.audit
    url = reverse("console:appeal", args=[appeal.pk])
    client.force_login(scheme.reviewer)
    assert client.get(url).context["obstacles"]
    assert (
        client.post(url, {"do": "dismiss", "decision": "x", "confirmed": "on"}).status_code == 422
    )
    client.force_login(scheme.desk)
    assert (
        client.post(url, {"do": "dismiss", "decision": "x", "confirmed": "on"}).status_code == 403
    )
    client.force_login(scheme.coordinator)
    change = {"to-5-7": "conforming", "why-5-7": "撤去済み。"}

    preview = client.post(url, {"do": "preview", **change})
    assert preview.context["preview"].score > appeal.result.score
    assert Result.objects.count() == 1
    data = {"decision": "認める。", "confirmed": "on"}
    for wrong in (
        {**data, "do": "uphold", "to-5-7": "conforming"},
        {**data, "do": "uphold", "why-5-7": "撤去済み。"},
        {**data, "do": "dismiss", **change},
        {**data, "do": "uphold", **change, "confirmed": ""},
        {**data, "do": "uphold"},
    ):
        assert client.post(url, wrong).status_code == 422
    assert client.post(url, {**data, "do": "uphold", **change})["Location"] == url

    assert Result.objects.filter(audit=audit).count() == 2
    assert "撤去済み。" in client.get(url).content.decode()
    client.force_login(scheme.manager)
    text = client.get(our("our_appeal", audit)).content.decode()
    assert "認める。" in text
    assert "撤去済み。" in text
    assert scheme.coordinator.name not in text
    assert f"{audit.number}-2" in client.get(our("our_result", audit)).content.decode()


def test_severity_is_lowered_by_page(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    audit.findings.filter(requirement__code="5-7").update(severity="unacceptable")
    deciding.issue(actor=scheme.decider, audit=audit, grade=computed_grade(audit).grade)
    appeal = raise_appeal(
        actor=scheme.manager, result=Result.objects.get(audit=audit), grounds="重すぎる。"
    )
    client.force_login(scheme.coordinator)

    answer = client.post(
        reverse("console:appeal", args=[appeal.pk]),
        {
            "do": "uphold",
            "decision": "認める。",
            "confirmed": "on",
            "to-5-7": "nonconforming:minor",
            "why-5-7": "影響は小さい。",
        },
    )

    assert answer.status_code == 302
    finding = audit.findings.get(requirement__code="5-7")
    assert (finding.judgement, finding.severity) == ("nonconforming", "minor")
    assert CorrectiveAction.objects.get(finding=finding).status == CorrectionStatus.OPEN


def test_list_shows_the_next_to_be_decided_first(client: Client, scheme: Scheme) -> None:
    first = appealed(scheme)
    dismiss_appeal(actor=scheme.coordinator, appeal=first, decision="退ける。")
    other = audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))
    result = Result.objects.get(audit=other)
    second = raise_appeal(actor=scheme.manager, result=result, grounds="事実と違う。")
    client.force_login(scheme.coordinator)
    url = reverse("console:appeals")

    assert list(client.get(url).context["page"]) == [second, first]
    assert list(client.get(url, {"state": "dismissed"}).context["page"]) == [first]
    assert list(client.get(url, {"q": first.result.audit.number}).context["page"]) == [first]
    assert first.result.number in (
        client.get(url, {"format": "csv"}).getvalue().decode("utf-8-sig")
    )


def test_list_asks_a_constant_number_of_queries(
    client: Client, scheme: Scheme, django_assert_num_queries: object
) -> None:
    client.force_login(make_user(scheme.secretariat, Role.READER))
    url = reverse("console:appeals")
    appeal = appealed(scheme)
    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(url)
    for _number in range(2):
        other = audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))
        raise_appeal(actor=scheme.manager, result=other.results.get(), grounds="違う。")
    assert Appeal.objects.count() == 3
    assert appeal.decided_at is None
    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(url)
