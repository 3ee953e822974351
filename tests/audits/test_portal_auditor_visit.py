"""The pages around the visit: interview sample, closing meeting, signature, answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit, FindingComment, SchemeSettings
from audits.services import deciding
from audits.services.fieldwork import save_finding
from audits.terms import CommentKind, Judgement, Status
from tests.audits.desks import browser, url
from tests.factories import Scheme, audit_at

pytestmark = pytest.mark.django_db


def sample(*rows: tuple[str, str, str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"s-TOTAL_FORMS": len(rows), "s-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        for name, value in zip(("stratum", "language", "planned", "done"), row, strict=True):
            data[f"s-{number}-{name}"] = value
    return data


def at(**ago: int) -> str:
    return timezone.localtime(timezone.now() - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


def test_sample_comes_from_the_profile_and_is_saved(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client = browser(scheme.member.user)
    text = client.get(url("interviews", audit)).content.decode()
    assert "技能実習・育成就労" in text
    assert "特定技能" not in text  # nobody of that status works there

    answer = client.post(
        url("interviews", audit),
        sample(
            ("技能実習・育成就労", "vi", "3", "2"),
            ("正社員", "ja", "", ""),
            ("夜勤者", "ja", "2", ""),
        ),
    )
    assert answer.status_code == 302
    found = list(audit.samples.values_list("stratum", "language", "planned", "done"))
    assert found == [("技能実習・育成就労", "vi", 3, 2), ("夜勤者", "ja", 2, 0)]
    again = client.get(url("interviews", audit)).content.decode()
    assert "夜勤者" in again
    # The words and the value of one row, and the choice of a note.
    assert again.count("技能実習・育成就労") == 4


def test_sample_refuses_nonsense_and_other_people(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client = browser(scheme.lead.user)
    for row in (("正社員", "ja", "-1", "0"), ("正社員", "xx", "1", "0"), ("", "ja", "1", "0")):
        assert client.post(url("interviews", audit), sample(row)).status_code == 422
    refused = browser(scheme.reviewer).post(
        url("interviews", audit), sample(("正社員", "ja", "1", "0"))
    )
    assert refused.status_code == 403
    assert not audit.samples.exists()


def test_sample_is_only_read_once_signed(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    client = browser(scheme.lead.user)
    assert "s-TOTAL_FORMS" not in client.get(url("interviews", audit)).content.decode()
    refused = client.post(url("interviews", audit), sample(("正社員", "ja", "1", "0")))
    assert refused.status_code == 403


@pytest.mark.past_the_record
def test_closing_and_signature_are_for_the_lead(scheme: Scheme) -> None:
    for name, status in (("closing", Status.FIELDWORK), ("signature", Status.DRAFTING)):
        audit = audit_at(status, scheme)
        for user in (scheme.member.user, scheme.desk, scheme.reviewer, scheme.manager):
            assert browser(user).get(url(name, audit)).status_code == 403
            assert browser(user).post(url(name, audit), {"confirmed": "on"}).status_code == 403
        assert browser(scheme.brand_user).get(url(name, audit)).status_code == 404
        Audit.objects.filter(pk=audit.pk).update(status=Status.CANCELLED)


def test_signature_lists_gaps_and_signs(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    client = browser(scheme.lead.user)
    finding = audit.findings.select_related("requirement").get(requirement__code="5-7")
    save_finding(
        actor=scheme.lead.user,
        finding=finding,
        version=finding.version,
        report_text="鈴木様が述べた。",
    )
    text = client.get(url("signature", audit)).content.decode()
    assert "鈴木様" in text
    assert reverse("portal:card", args=[audit.number, "5-7"]) in text
    assert client.post(url("signature", audit), {"confirmed": "on"}).status_code == 422

    finding.refresh_from_db()
    save_finding(
        actor=scheme.lead.user,
        finding=finding,
        version=finding.version,
        report_text="台車があった。",
    )
    assert client.post(url("signature", audit), {}).status_code == 422
    assert client.post(url("signature", audit), {"confirmed": "on"}).status_code == 302
    audit.refresh_from_db()
    assert audit.status == Status.IN_REVIEW
    # The second click of a double click.
    assert client.post(url("signature", audit), {"confirmed": "on"}).status_code == 302


def test_signature_shows_advice_that_does_not_block(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    audit.findings.filter(requirement__code="1-1").update(
        judgement=Judgement.NOT_APPLICABLE, reason="なし"
    )
    SchemeSettings.objects.update(person_days=[[100000, 5]])
    client = browser(scheme.lead.user)

    shown = client.get(url("signature", audit))

    assert [row.code for row, _url in shown.context["advice"]] == ["", "1-1"]
    assert shown.context["gaps"] == []
    card = reverse("portal:card", args=[audit.number, "1-1"])
    assert f'<a href="{card}">1-1</a>' in shown.content.decode()
    assert client.post(url("signature", audit), {"confirmed": "on"}).status_code == 302
    audit.refresh_from_db()
    assert audit.status == Status.IN_REVIEW


def sent_back(scheme: Scheme) -> tuple[Audit, FindingComment]:
    audit = audit_at(Status.IN_REVIEW, scheme)
    audit = deciding.send_back(
        actor=scheme.reviewer, audit=audit, comment="補う", comments={"5-7": "通路の幅は?"}
    )
    return audit, FindingComment.objects.get(finding__audit=audit, kind=CommentKind.REVIEW)


def test_comment_is_answered_once_before_signing_again(scheme: Scheme) -> None:
    audit, comment = sent_back(scheme)
    client = browser(scheme.lead.user)
    assert "通路の幅は?" in client.get(url("signature", audit)).content.decode()
    assert client.post(url("signature", audit), {"confirmed": "on"}).status_code == 422

    data = {"comment": comment.pk, "text": "45cmでした。"}
    assert client.post(url("comments", audit), data | {"text": " "}).status_code == 422
    assert client.post(url("comments", audit), data).status_code == 302
    text = client.get(url("comments", audit)).content.decode()
    assert "45cmでした。" in text
    assert "回答済み" in text
    assert client.post(url("comments", audit), data).status_code == 422
    assert client.post(url("signature", audit), {"confirmed": "on"}).status_code == 302


def test_comments_are_answered_by_the_team_only(scheme: Scheme) -> None:
    audit, comment = sent_back(scheme)
    data = {"comment": comment.pk, "text": "x"}
    for user in (scheme.manager, scheme.reviewer, scheme.desk):
        assert browser(user).post(url("comments", audit), data).status_code == 403
    lead = browser(scheme.lead.user)
    for key in ("x", 0, "²", "9" * 40, "\x00"):
        assert lead.post(url("comments", audit), data | {"comment": key}).status_code == 404
    comment.refresh_from_db()
    assert comment.answered_at is None


def test_dispute_of_the_supplier_is_answered(scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    audit = deciding.dispute(
        actor=scheme.manager, audit=audit, disputes={"5-7": "台車は前日に移しました。"}
    )
    comment = FindingComment.objects.get(finding__audit=audit, kind=CommentKind.DISPUTE)
    client: Client = browser(scheme.member.user)
    assert "台車は前日に移しました。" in client.get(url("comments", audit)).content.decode()
    client.post(url("comments", audit), {"comment": comment.pk, "text": "当日の写真があります。"})
    comment.refresh_from_db()
    assert comment.answered_at is not None
