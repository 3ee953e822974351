"""Findings: saved by the team only, never over somebody else's, complete before signing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audits.models import Audit, Finding
from audits.services import deciding, fieldwork
from audits.services.assessment import computed_grade
from audits.services.fieldwork import StaleFindingError, save_finding
from audits.services.guards import sign_gaps, visit_gaps
from audits.services.perform import perform
from audits.terms import Act, Judgement, Status
from tests.factories import Scheme, audit_at, finish_visit, judge_all

pytestmark = pytest.mark.django_db


def finding_of(audit: Audit, code: str) -> Finding:
    return audit.findings.select_related("requirement").get(requirement__code=code)


def test_conditional_requirements_are_preset_from_the_profile(audit: Audit) -> None:
    # The profile has foreign workers and a dormitory, but no brokers, homeworkers or minors.
    preset = set(audit.findings.filter(preset=True).values_list("requirement__code", flat=True))

    assert preset == {"2-4", "2-5", "2-6", "3-9", "5-21", "9-3", "9-4", "9-5"}
    assert finding_of(audit, "3-9").reason


def test_team_saves_and_the_version_rises(audit: Audit, scheme: Scheme) -> None:
    finding = finding_of(audit, "5-7")

    saved = save_finding(
        actor=scheme.member.user, finding=finding, version=1, judgement=Judgement.NONCONFORMING
    )

    assert saved.version == 2
    assert saved.severity == finding.requirement.severity
    assert saved.changed_by == scheme.member.user


def test_saving_the_same_again_changes_nothing(audit: Audit, scheme: Scheme) -> None:
    finding = finding_of(audit, "5-7")
    save_finding(actor=scheme.lead.user, finding=finding, version=1, judgement="conforming")

    again = save_finding(actor=scheme.lead.user, finding=finding, version=2, judgement="conforming")

    assert again.version == 2


def test_stale_save_is_refused_with_what_is_stored(audit: Audit, scheme: Scheme) -> None:
    finding = finding_of(audit, "5-7")
    save_finding(actor=scheme.lead.user, finding=finding, version=1, report_text="先の文")

    with pytest.raises(StaleFindingError) as refusal:
        save_finding(actor=scheme.member.user, finding=finding, version=1, report_text="後の文")

    assert refusal.value.current.report_text == "先の文"
    assert finding_of(audit, "5-7").report_text == "先の文"


@pytest.mark.parametrize(
    "fields",
    [
        {"judgement": "fine"},
        {"severity": "huge"},
        {"methods": ["rumour"]},
        {"clauses_not_met": ["9-9z"]},
        {"report_text": "a\x00b"},
        {"status": "issued"},
    ],
)
def test_values_outside_the_lists_are_refused(
    fields: dict[str, Any], audit: Audit, scheme: Scheme
) -> None:
    finding = finding_of(audit, "5-7")
    finding_fields = {name: value for name, value in fields.items() if hasattr(finding, name)}

    with pytest.raises((ValidationError, AttributeError)):
        save_finding(actor=scheme.lead.user, finding=finding, version=1, **fields)

    finding.refresh_from_db()
    assert finding.version == 1, finding_fields


def test_others_may_not_write_findings(audit: Audit, scheme: Scheme) -> None:
    finding = finding_of(audit, "5-7")
    for person in (scheme.manager, scheme.desk, scheme.reviewer, scheme.owner):
        with pytest.raises(PermissionDenied):
            save_finding(actor=person, finding=finding, version=1, judgement="conforming")


def test_nobody_writes_after_signing(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)

    with pytest.raises(PermissionDenied):
        save_finding(
            actor=scheme.lead.user,
            finding=finding_of(audit, "5-7"),
            version=2,
            judgement="conforming",
        )


def test_visit_cannot_finish_with_open_requirements(audit: Audit, scheme: Scheme) -> None:
    assert len(visit_gaps(audit)) == 84 - 8

    with pytest.raises(ValidationError) as refusal:
        fieldwork.finish_visit(actor=scheme.lead.user, audit=audit)

    assert "76" in refusal.value.messages[0]


@pytest.mark.parametrize(
    "fields",
    [
        {"judgement": "nonconforming"},
        {"judgement": "not_applicable"},
        {"judgement": "unverifiable"},
        {"judgement": "conforming", "report_text": "山田太郎さんが証言した。"},
        {"judgement": "conforming", "report_text": "連絡先は 090-1234-5678。"},
        {"judgement": "conforming", "report_text": "yamada@example.com に送付。"},
        {"judgement": "conforming", "report_text": "在留カード AB12345678CD を確認した。"},
    ],
)
def test_report_cannot_be_signed_with_gaps(
    fields: dict[str, Any], audit: Audit, scheme: Scheme
) -> None:
    judge_all(scheme, audit)
    audit = finish_visit(scheme, audit)
    finding = finding_of(audit, "5-7")
    save_finding(actor=scheme.lead.user, finding=finding, version=finding.version, **fields)

    assert {gap.code for gap in sign_gaps(audit)} == {"5-7"}
    with pytest.raises(ValidationError):
        fieldwork.sign(actor=scheme.lead.user, audit=audit)


@pytest.mark.parametrize(
    "text",
    [
        "お客様の要望",
        "皆さんに周知",
        "取引先様の監査",
        "外部の業者さん",
        "労働者の氏名の欄",
        "仕様書",
    ],
)
def test_polite_words_are_not_names(text: str, audit: Audit, scheme: Scheme) -> None:
    judge_all(scheme, audit)
    finding = finding_of(audit, "5-7")
    save_finding(actor=scheme.lead.user, finding=finding, version=finding.version, report_text=text)

    assert sign_gaps(audit) == []


def test_dispute_returns_to_the_team_and_must_be_answered(scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    audit = deciding.dispute(
        actor=scheme.manager, audit=audit, disputes={"5-7": "台車は当日に移動しました。"}
    )
    assert audit.status == Status.DRAFTING
    with pytest.raises(ValidationError):
        fieldwork.sign(actor=scheme.lead.user, audit=audit)

    comment = finding_of(audit, "5-7").comments.get()
    fieldwork.answer_comment(
        actor=scheme.lead.user, comment=comment, text="是正を所見に書き加えました。"
    )

    assert fieldwork.sign(actor=scheme.lead.user, audit=audit).status == Status.IN_REVIEW


def test_dispute_without_a_finding_is_refused(scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)

    with pytest.raises(ValidationError):
        deciding.dispute(actor=scheme.manager, audit=audit, disputes={})


def test_issue_with_another_grade_needs_reason_and_second_person(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    computed = computed_grade(audit).grade
    other = "A" if computed != "A" else "B"

    with pytest.raises(ValidationError) as refusal:
        deciding.issue(actor=scheme.decider, audit=audit, grade=other)
    assert len(refusal.value.messages) == 1

    proposal = deciding.propose_grade(
        actor=scheme.decider, audit=audit, grade=other, reason="委員会の判断による。"
    )
    issued = deciding.agree_grade(actor=scheme.reviewer, proposal=proposal)
    result = issued.results.get()
    assert (result.computed_grade, result.grade) == (computed, other)
    assert (result.decided_by, result.seconded_by) == (scheme.decider, scheme.reviewer)


def test_void_withdraws_the_result(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    perform(audit, Act.VOID, actor=scheme.owner, comment="虚偽の書類")

    assert audit.results.get().status == "withdrawn"
