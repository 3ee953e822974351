"""Checking the facts by page, and the page of the result."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit, CommentDraft, FindingComment
from audits.services import deciding, fieldwork
from audits.terms import Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(client: Client) -> Scheme:
    scheme = Scheme()
    client.force_login(scheme.manager)
    return scheme


def at(page: str, audit: Audit) -> str:
    return reverse(f"portal:{page}", kwargs={"number": audit.number})


@pytest.mark.parametrize("status", [Status.FIELDWORK, Status.DRAFTING, Status.IN_REVIEW])
def test_findings_are_not_shown_before_the_review_is_over(
    client: Client, scheme: Scheme, status: Status
) -> None:
    audit = audit_at(status, scheme)

    assert client.get(at("facts", audit)).status_code == 404
    assert client.post(at("facts", audit), {"tick-5-7": "on"}).status_code == 302
    audit.refresh_from_db()
    assert audit.status == status


def test_findings_are_shown_without_what_is_the_teams(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    finding = audit.findings.get(requirement__code="5-7")
    audit.findings.filter(pk=finding.pk).update(working_note="内部のメモ")
    FindingComment.objects.create(
        finding=finding, kind="review", text="レビューの注記", author=scheme.reviewer
    )

    response = client.get(at("facts", audit))

    text = response.content.decode()
    assert "避難通路に台車が置かれていた。" in text
    assert "内部のメモ" not in text
    assert "レビューの注記" not in text
    assert [row["finding"].requirement.code for row in response.context["telling"]] == ["5-7"]
    assert sum(len(rows) for _category, rows, _open in response.context["groups"]) == 83
    assert len(response.content) < 150_000


def test_page_of_findings_is_bounded_in_queries(
    client: Client, scheme: Scheme, django_assert_max_num_queries: object
) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)

    with django_assert_max_num_queries(14):  # type: ignore[operator]  # a fixture of pytest-django
        assert client.get(at("facts", audit)).status_code == 200


def test_dispute_by_page_sends_the_reasons(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    data = {
        "tick-5-7": "on",
        "why-5-7": "台車は撤去済みでした。",
        "tick-1-1": "on",
        "why-1-1": "記載が古いです。",
    }

    response = client.post(at("facts", audit), data)

    assert response["Location"] == at("our_audit", audit)
    audit.refresh_from_db()
    assert audit.status == Status.DRAFTING
    disputes = FindingComment.objects.filter(finding__audit=audit, kind="dispute")
    assert set(disputes.values_list("finding__requirement__code", "text")) == {
        ("5-7", "台車は撤去済みでした。"),
        ("1-1", "記載が古いです。"),
    }
    assert client.post(at("facts", audit), data).status_code == 302
    assert disputes.count() == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "__all__"),
        ({"tick-5-7": "on"}, "why-5-7"),
        ({"tick-5-7": "on", "why-5-7": "  "}, "why-5-7"),
        ({"why-5-7": "台車は撤去済みでした。"}, "tick-5-7"),
    ],
)
def test_incomplete_dispute_is_refused_beside_its_finding(
    client: Client, scheme: Scheme, data: dict[str, str], field: str
) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)

    response = client.post(at("facts", audit), data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    audit.refresh_from_db()
    assert audit.status == Status.FACT_CHECK


def test_what_is_written_is_kept_until_it_is_sent(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    data = {"tick-5-7": "on", "why-5-7": "台車は撤去済みでした。", "why-1-1": "途中"}

    kept = client.post(at("facts", audit), data | {"keep": "1"})

    assert kept["Location"] == at("facts", audit)
    assert not FindingComment.objects.exists()
    audit.refresh_from_db()
    assert audit.status == Status.FACT_CHECK
    again = client.get(at("facts", audit))
    assert "台車は撤去済みでした。" in again.content.decode()
    assert again.context["form"]["tick-5-7"].value() is True
    silent = client.post(
        at("facts", audit), {"why-5-7": "違います。", "keep": "1"}, headers={"HX-Request": "true"}
    )
    assert silent.status_code == 200
    # Another person of the company does not see it, nor does the team.
    assert set(CommentDraft.objects.values_list("author", flat=True)) == {scheme.manager.pk}
    assert CommentDraft.objects.get().texts == {"5-7": "違います。"}
    assert not CommentDraft.objects.visible_to(scheme.lead.user).exists()

    client.post(at("facts", audit), {"tick-5-7": "on", "why-5-7": "違います。"})
    assert FindingComment.objects.get().text == "違います。"
    assert not CommentDraft.objects.exists()


def test_keeping_is_over_when_the_facts_are(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert client.post(at("facts", audit), {"why-5-7": "x", "keep": "1"}).status_code == 302
    assert not CommentDraft.objects.exists()


# With one dispute and with three, each answered.
FACTS_QUERIES = 14


@pytest.mark.parametrize("codes", [("5-7",), ("1-1", "5-7", "8-1")])
def test_answers_are_read_after_the_second_review(
    codes: tuple[str, ...],
    client: Client,
    scheme: Scheme,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    deciding.dispute(actor=scheme.manager, audit=audit, disputes=dict.fromkeys(codes, "違います。"))
    for comment in FindingComment.objects.filter(answered_at=None):
        fieldwork.answer_comment(actor=scheme.lead.user, comment=comment, text="写真で確認済み。")
    audit = fieldwork.sign(actor=scheme.lead.user, audit=audit)
    assert client.get(at("facts", audit)).status_code == 404
    deciding.send_back(
        actor=scheme.reviewer, audit=audit, comment="もう一度", comments={"5-7": "内輪の問い"}
    )
    inner = FindingComment.objects.get(kind="review")
    fieldwork.answer_comment(actor=scheme.lead.user, comment=inner, text="内輪の答え")
    audit = fieldwork.sign(actor=scheme.lead.user, audit=audit)
    deciding.pass_review(actor=scheme.reviewer, audit=audit)

    with django_assert_num_queries(FACTS_QUERIES):
        response = client.get(at("facts", audit))

    text = response.content.decode()
    assert text.count("写真で確認済み。") == len(codes)
    assert "内輪" not in text
    assert response.context["answered"] == len(codes)
    disputed = [row["finding"].requirement.code for row in response.context["telling"]]
    assert disputed == sorted(codes)


def test_dispute_when_the_time_is_over_is_refused(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    Audit.objects.filter(pk=audit.pk).update(due_on=timezone.localdate() - timedelta(days=1))

    response = client.post(at("facts", audit), {"tick-5-7": "on", "why-5-7": "違います。"})

    assert response.status_code == 422
    assert "__all__" in response.context["form"].errors


def test_accept_the_facts_after_a_confirmation(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    url = at("facts_accept", audit)
    assert client.get(url).status_code == 200

    for _time in range(2):
        response = client.post(url, {"version": audit.version})
        assert response["Location"] == at("our_audit", audit)

    audit.refresh_from_db()
    assert audit.status == Status.DECISION
    assert audit.events.filter(act="accept_facts").count() == 1


def test_result_explains_the_grade_and_says_provisional(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    response = client.get(at("our_result", audit))

    text = response.content.decode()
    assert response.context["result"].get_grade_display() in text
    assert "暫定基準" in text
    assert all(str(reason) in text for reason in response.context["reasons"])
    assert [finding.requirement.code for finding, _a in response.context["nonconforming"]] == [
        "5-7"
    ]
    assert "<svg" in text


def test_result_of_official_criteria_is_not_called_provisional(
    client: Client, scheme: Scheme
) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    audit.results.update(official=True)

    assert "暫定基準" not in client.get(at("our_result", audit)).content.decode()


def test_there_is_no_page_before_the_result(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert client.get(at("our_result", audit)).status_code == 404
