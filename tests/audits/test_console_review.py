"""The review desk: comments kept and sent, the audit before, remarks of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.terms import Role
from audits.auditors.terms import Level
from audits.models import Audit, CommentDraft, Finding, FindingComment, SchemeSettings
from audits.services import deciding, fieldwork
from audits.services.commenting import keep_comments
from audits.services.thumbnails import make_thumbnail
from audits.terms import Act, Judgement, Status
from tests.audits.desks import client_of, send, status_of
from tests.factories import (
    Scheme,
    audit_at,
    make_engagement,
    make_user,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User


pytestmark = pytest.mark.django_db


def test_reviewer_sends_back_with_comments_per_finding(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    comments = {"on-5-7": "写真の場所を書いてください", "on-1-1": "根拠を"}

    wordless = send(scheme.reviewer, "review", audit, verdict="back", **comments)
    assert wordless.status_code == 422
    assert "Say in a sentence why" in wordless.content.decode()
    contradictory = send(scheme.reviewer, "review", audit, verdict="pass", **comments)
    assert contradictory.status_code == 422
    assert "写真の場所を書いてください" in contradictory.content.decode()
    assert (
        send(
            scheme.reviewer, "review", audit, verdict="back", comment="二点", **comments
        ).status_code
        == 302
    )
    assert status_of(audit) == Status.DRAFTING
    assert FindingComment.objects.filter(finding__audit=audit).count() == 2


def test_review_shows_notes_evidence_and_the_audit_before(scheme: Scheme) -> None:
    earlier = audit_at(Status.CLOSED, scheme, nonconforming=("7-2",))
    scheme.lead.places.all().update(function=Level.MEMBER)
    audit = audit_at(Status.IN_REVIEW, scheme)
    Finding.objects.filter(audit=audit, requirement__code="5-7").update(working_note="現場のメモ")
    make_thumbnail(audit.evidence.get().pk)

    shown = client_of(scheme.reviewer).get(reverse("console:review", args=[audit.number]))

    text = shown.content.decode()
    assert "現場のメモ" in text
    assert earlier.number in text
    rows = {row.code: row for _band, read, _plain in shown.context["bands"] for row in read}
    assert [code for code, row in rows.items() if row.changed] == ["5-7", "7-2"]
    assert rows["7-2"].before.text == "避難通路に台車が置かれていた。"
    assert text.count("changed since the last audit") == 2
    evidence = audit.evidence.get()
    assert reverse("portal:evidence_thumbnail", args=[evidence.pk]) in text


def test_review_is_passed_once(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)

    assert send(scheme.reviewer, "review", audit, verdict="pass").status_code == 302
    assert status_of(audit) == Status.FACT_CHECK
    second = send(scheme.reviewer, "review", audit, verdict="pass")
    assert second.status_code == 422
    assert "has moved on in the meantime" in second.content.decode()


def test_reviewer_with_a_tie_is_told_and_refused(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    make_engagement(scheme.supplier, scheme.reviewer)

    opened = client_of(scheme.reviewer).get(reverse("console:review", args=[audit.number]))
    assert "has an engagement with this supplier" in opened.content.decode()
    refused = send(scheme.reviewer, "review", audit, verdict="pass")
    assert refused.status_code == 422
    assert status_of(audit) == Status.IN_REVIEW


def test_review_of_unverifiable_findings_is_not_folded_away(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    Finding.objects.filter(audit=audit, requirement__code="1-1").update(
        judgement=Judgement.UNVERIFIABLE, reason="担当者が不在だった。"
    )

    shown = client_of(scheme.reviewer).get(reverse("console:review", args=[audit.number]))

    assert "担当者が不在だった。" in shown.content.decode()
    deciding.pass_review(actor=scheme.reviewer, audit=audit)
    assert status_of(audit) == Status.FACT_CHECK


def kept(audit: Audit, user: User) -> dict[str, str]:
    draft = CommentDraft.objects.visible_to(user).filter(audit=audit).first()
    return draft.texts if draft else {}


def desk(user: User, audit: Audit, show: str = "") -> Any:
    address = reverse("console:review", args=[audit.number])
    return client_of(user).get(address, {"show": show} if show else {})


def shown_codes(answer: Any) -> list[str]:
    return [row.code for _band, read, plain in answer.context["bands"] for row in (*read, *plain)]


def test_comments_are_kept_as_soon_as_they_are_saved(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    texts = {"on-5-7": "場所を書いてください", "on-1-1": "根拠を", "comment": "二点"}

    saved = send(scheme.reviewer, "review", audit, verdict="keep", **texts)

    assert saved.status_code == 302
    assert kept(audit, scheme.reviewer) == {
        "5-7": "場所を書いてください",
        "1-1": "根拠を",
        "": "二点",
    }
    assert status_of(audit) == Status.IN_REVIEW
    assert not FindingComment.objects.exists()
    again = desk(scheme.reviewer, audit).content.decode()
    assert "場所を書いてください" in again
    assert "二点" in again
    # Nobody else reads what has not been said.
    other = make_user(scheme.secretariat, Role.REVIEWER)
    assert "場所を書いてください" not in desk(other, audit).content.decode()
    assert kept(audit, scheme.manager) == kept(audit, scheme.lead.user) == {}
    # A comment is taken out by leaving its field blank; what the page did not show stays.
    send(scheme.reviewer, "review", audit, verdict="keep", **{"on-1-1": " ", "comment": ""})
    assert kept(audit, scheme.reviewer) == {"5-7": "場所を書いてください"}


def test_narrowing_the_desk_keeps_what_was_written(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)

    answer = send(scheme.reviewer, "review", audit, show="comments", **{"on-8-1": "賃金台帳は?"})

    assert answer["Location"] == reverse("console:review", args=[audit.number]) + "?show=comments"
    assert shown_codes(desk(scheme.reviewer, audit, "comments")) == ["8-1"]
    silent = client_of(scheme.reviewer).post(
        reverse("console:review", args=[audit.number]),
        {"version": audit.version, "verdict": "keep", "on-8-1": "賃金台帳はどこ?"},
        headers={"HX-Request": "true"},
    )
    assert silent.status_code == 200
    assert "Kept at" in silent.content.decode()
    assert kept(audit, scheme.reviewer) == {"8-1": "賃金台帳はどこ?"}


def test_kept_comments_are_sent_from_a_narrowed_desk_and_stop_a_pass(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    send(scheme.reviewer, "review", audit, verdict="keep", **{"on-8-1": "賃金台帳は?"})

    refused = send(scheme.reviewer, "review", audit, verdict="pass")
    assert refused.status_code == 422
    assert "8-1" in refused.content.decode()
    send(scheme.reviewer, "review", audit, verdict="back", comment="補う", **{"on-5-7": "どこ?"})

    comments = FindingComment.objects.filter(finding__audit=audit)
    assert set(comments.values_list("finding__requirement__code", "text")) == {
        ("8-1", "賃金台帳は?"),
        ("5-7", "どこ?"),
    }
    assert kept(audit, scheme.reviewer) == {}


def test_passing_drops_what_was_kept(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    send(scheme.reviewer, "review", audit, verdict="keep", comment="よい")

    assert send(scheme.reviewer, "review", audit, verdict="pass").status_code == 302
    assert not CommentDraft.objects.exists()


def test_keeping_is_for_reviewers_in_time_and_bounded(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    for person in (scheme.desk, scheme.lead.user, scheme.manager):
        with pytest.raises(PermissionDenied):
            keep_comments(actor=person, audit=audit, act=Act.SEND_BACK, texts={"5-7": "x"})
    with pytest.raises(ValidationError, match="2000"):
        keep_comments(
            actor=scheme.reviewer, audit=audit, act=Act.SEND_BACK, texts={"5-7": "x" * 2001}
        )
    nowhere = keep_comments(
        actor=scheme.reviewer, audit=audit, act=Act.SEND_BACK, texts={"99-9": "x"}
    )
    assert nowhere.texts == {}
    deciding.pass_review(actor=scheme.reviewer, audit=audit)
    with pytest.raises(ValidationError):
        keep_comments(actor=scheme.reviewer, audit=audit, act=Act.SEND_BACK, texts={"5-7": "x"})


def test_desk_is_narrowed_and_shows_remarks_of_the_checks(scheme: Scheme) -> None:
    earlier = audit_at(Status.CLOSED, scheme, nonconforming=("7-2",))
    scheme.lead.places.all().update(function=Level.MEMBER)
    audit = audit_at(Status.IN_REVIEW, scheme)
    Finding.objects.filter(audit=audit, requirement__code="1-1").update(
        judgement=Judgement.NOT_APPLICABLE, reason="なし"
    )
    SchemeSettings.objects.update(person_days=[[100000, 5]])

    whole = desk(scheme.reviewer, audit)

    counts = {choice.name: choice.count for choice in whole.context["choices"]}
    assert counts == {
        "": 84,
        "nonconforming": 1,
        "repeat": 0,
        "changed": 3,
        "contested": 0,
        "comments": 0,
        "remarks": 1,
    }
    text = whole.content.decode()
    assert "The rule asks for 5." in text
    assert '<a href="#f-1-1">1-1</a>' in text
    for show, codes in (
        ("nonconforming", ["5-7"]),
        ("changed", ["1-1", "5-7", "7-2"]),
        ("comments", []),
        ("remarks", ["1-1"]),
    ):
        assert shown_codes(desk(scheme.reviewer, audit, show)) == codes
    assert len(shown_codes(desk(scheme.reviewer, audit, "nonsense"))) == 84
    assert "No finding is like this" in desk(scheme.reviewer, audit, "comments").content.decode()
    assert earlier.number in text


def test_conversation_stands_beside_the_finding(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    deciding.send_back(
        actor=scheme.reviewer, audit=audit, comment="補う", comments={"5-7": "幅は?"}
    )
    comment = FindingComment.objects.get()
    answer = fieldwork.answer_comment(actor=scheme.lead.user, comment=comment, text="45cmです。")
    fieldwork.sign(actor=scheme.lead.user, audit=audit)

    assert answer.reply_to == comment
    opened = desk(scheme.reviewer, audit, "comments")
    [(_band, [row], _plain)] = opened.context["bands"]
    assert [(thread.comment, thread.answers) for thread in row.talk] == [(comment, [answer])]
    # The review's talk with the team is not for the supplier, not even the answer.
    deciding.pass_review(actor=scheme.reviewer, audit=Audit.objects.get(pk=audit.pk))
    assert not FindingComment.objects.visible_to(scheme.manager).exists()


# With one comment and with three, each answered, and with an audit before.
DESK_QUERIES = 28


@pytest.mark.parametrize("codes", [("5-7",), ("1-1", "5-7", "8-1")])
def test_desk_needs_no_more_queries_for_more_comments(
    codes: tuple[str, ...], scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit_at(Status.CLOSED, scheme, nonconforming=codes)
    audit = audit_at(Status.IN_REVIEW, scheme, nonconforming=codes)
    deciding.send_back(
        actor=scheme.reviewer, audit=audit, comment="補う", comments=dict.fromkeys(codes, "?")
    )
    for comment in FindingComment.objects.filter(finding__audit=audit):
        fieldwork.answer_comment(actor=scheme.lead.user, comment=comment, text="はい。")
    fieldwork.sign(actor=scheme.lead.user, audit=audit)
    client = client_of(scheme.reviewer)

    with django_assert_num_queries(DESK_QUERIES):
        answer = client.get(reverse("console:review", args=[audit.number]))
    assert answer.status_code == 200
    assert len(answer.content) < 150_000
