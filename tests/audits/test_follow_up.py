"""Follow-up audits: what they look at again, what they take over, what they settle, what they renew."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit, AuditEvent, CorrectiveAction, Finding, SchemeSettings
from audits.services import applying, fieldwork
from audits.services.deciding import issue
from audits.services.perform import perform, refusals
from audits.services.results import change_result
from audits.terms import (
    Act,
    AuditKind,
    CorrectionStatus,
    Document,
    DocumentAnswer,
    Judgement,
    Status,
)
from audits.workflow import Move
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, correct, judge_all, make_profile
from tests.factories.walks import STEPS, finish_visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CORE = {"1-1", "1-2", "1-6", "2-1", "2-5", "5-7"}
OPEN = ("6-3", "7-2", "8-4")


def opened(scheme: Scheme) -> Audit:
    """A complete draft of a follow-up audit."""
    audit = applying.open_application(
        actor=scheme.manager,
        site=scheme.site,
        secretariat=scheme.secretariat,
        body=scheme.body,
        kind=AuditKind.FOLLOW_UP,
        preferred_from=timezone.localdate(),
        preferred_until=timezone.localdate() + timedelta(days=1),
    )
    applying.use_profile(actor=scheme.manager, audit=audit, profile=make_profile(scheme.site))
    applying.fill_in(
        actor=scheme.manager,
        audit=audit,
        documents=dict.fromkeys(Document.values, DocumentAnswer.READY.value),
    )
    return applying.accept_terms(actor=scheme.manager, audit=audit)


def walk(scheme: Scheme, audit: Audit, status: Status, bad: tuple[str, ...] = ()) -> Audit:
    """Take a follow-up audit on to `status`; what it looks at conforms but for `bad`."""
    states = list(STEPS)
    here = states.index(Status(audit.status)) + 1 if audit.status in states else 0
    for state in states[here : states.index(status) + 1]:
        audit = STEPS[state](scheme, audit, bad)
    return audit


def looked_at(audit: Audit) -> set[str]:
    rows = Finding.objects.filter(audit=audit, judgement=Judgement.UNASSESSED)
    return set(rows.values_list("requirement__code", flat=True))


def corrected(scheme: Scheme, audit: Audit, code: str) -> CorrectiveAction:
    return correct(
        scheme, CorrectiveAction.objects.get(finding__audit=audit, finding__requirement__code=code)
    )


def test_looks_at_what_is_open_and_the_core_and_takes_over_the_rest(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=OPEN)
    corrected(scheme, first, "8-4")

    audit = walk(scheme, opened(scheme), Status.ACCEPTED)

    assert looked_at(audit) == {"6-3", "7-2", *CORE} - not_applicable(audit)
    assert audit.follows == first
    assert audit.findings.count() == first.findings.count()
    mended = audit.findings.get(requirement__code="8-4")
    assert mended.judgement == Judgement.CONFORMING
    assert mended.carried_from == first.findings.get(requirement__code="8-4")
    event = AuditEvent.objects.get(audit=audit, act=Act.ACCEPT)
    assert event.payload["follows"] == first.number
    assert "8-4" in event.payload["taken_over"]
    assert "6-3" not in event.payload["taken_over"]


def not_applicable(audit: Audit) -> set[str]:
    rows = Finding.objects.filter(audit=audit, judgement=Judgement.NOT_APPLICABLE)
    return set(rows.values_list("requirement__code", flat=True))


def test_core_is_a_setting(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    SchemeSettings.objects.current()
    SchemeSettings.objects.update(follow_up_core=["4-1", "99-9"])

    audit = walk(scheme, opened(scheme), Status.ACCEPTED)

    assert looked_at(audit) == {"6-3", "4-1"}


def test_what_could_not_be_verified_is_looked_at_again(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    first.findings.filter(requirement__code="3-1").update(judgement=Judgement.UNVERIFIABLE)

    assert "3-1" in looked_at(walk(scheme, opened(scheme), Status.ACCEPTED))


def test_judging_anew_takes_a_finding_out_of_what_was_taken_over(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    audit = walk(scheme, opened(scheme), Status.FIELDWORK)
    finding = audit.findings.get(requirement__code="3-1")
    actor = scheme.lead.user

    finding = fieldwork.save_finding(
        actor=actor, finding=finding, version=finding.version, working_note="念のため見る。"
    )
    assert finding.carried_from is not None
    finding = fieldwork.save_finding(
        actor=actor,
        finding=finding,
        version=finding.version,
        judgement=Judgement.NONCONFORMING,
        report_text="台帳がない。",
    )

    assert Finding.objects.get(pk=finding.pk).carried_from is None


def test_fieldwork_can_be_narrowed_to_what_is_looked_at(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    audit = walk(scheme, opened(scheme), Status.FIELDWORK)

    page = client_of(scheme.lead.user).get(
        reverse("portal:fieldwork", args=[audit.number]), {"show": "here"}
    )

    rows = [row for section in page.context["sheet"].sections for row in section.rows]
    assert {row.requirement.code for row in rows} == looked_at(audit)
    assert "6-3" in looked_at(audit)


def test_issue_closes_what_conforms_and_carries_over_what_does_not(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=OPEN)
    second = walk(scheme, opened(scheme), Status.FIELDWORK)
    actor = scheme.lead.user
    unseen = second.findings.get(requirement__code="8-4")
    judge_all(scheme, second, ("7-2",))
    unseen = fieldwork.save_finding(
        actor=actor,
        finding=unseen,
        version=Finding.objects.get(pk=unseen.pk).version,
        judgement=Judgement.UNVERIFIABLE,
        reason="担当者が不在だった。",
    )
    second = walk(scheme, finish_visit(scheme, second), Status.ISSUED)

    states = dict(
        CorrectiveAction.objects.filter(finding__audit=first).values_list(
            "finding__requirement__code", "status"
        )
    )
    assert states == {
        "6-3": CorrectionStatus.CLOSED,
        "7-2": CorrectionStatus.CARRIED_OVER,
        "8-4": CorrectionStatus.OPEN,
    }
    ours = CorrectiveAction.objects.filter(finding__audit=second)
    assert [row.finding.requirement.code for row in ours] == ["7-2"]
    events = AuditEvent.objects.filter(audit=first, act__endswith="_by_audit").order_by("sequence")
    assert [(row.act, row.payload["code"], row.payload["by"]) for row in events] == [
        ("corrective_action_closed_by_audit", "6-3", second.number),
        ("corrective_action_carried_over_by_audit", "7-2", second.number),
    ]
    first.refresh_from_db()
    assert first.status == Status.ISSUED  # one is still open


def test_earlier_audit_closes_when_its_last_corrective_action_is_answered(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))

    walk(scheme, opened(scheme), Status.ISSUED)

    first.refresh_from_db()
    assert first.status == Status.CLOSED


def test_grade_is_of_the_whole_standard_and_renewal_counts_from_the_first_visit(
    scheme: Scheme,
) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    before = first.results.get()

    with time_machine.travel(timezone.now() + timedelta(days=90)):
        second = walk(scheme, opened(scheme), Status.ISSUED)

    result = second.results.get()
    assert len(result.inputs["outcomes"]) == len(before.inputs["outcomes"])
    assert result.grade == "A"
    assert result.issued_on == before.issued_on + timedelta(days=90)
    settings = SchemeSettings.objects.current()
    assert result.renewal_due_on == settings.renewal_due("A", before.issued_on)


def test_follow_up_of_nothing_is_refused(scheme: Scheme) -> None:
    with pytest.raises(ValidationError, match="this site has none"):
        opened(scheme)


def test_follow_up_waits_for_nothing_when_the_result_was_withdrawn(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    audit = walk(scheme, opened(scheme), Status.SUBMITTED)
    change_result(
        actor=scheme.owner, result=first.results.get(), change="withdraw", reason="虚偽の記録"
    )

    with pytest.raises(ValidationError, match="this site has none"):
        applying.accept(actor=scheme.desk, audit=audit)


def test_follow_up_of_an_audit_that_became_void_is_not_issued(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    audit = walk(scheme, opened(scheme), Status.DECISION)
    perform(first, Act.VOID, actor=scheme.owner, comment="別の工場だった。")

    said = [str(row.message) for row in refusals(audit, Move(Act.ISSUE, scheme.decider))]
    assert any(first.number in sentence for sentence in said)
    with pytest.raises(ValidationError, match=first.number):
        issue(actor=scheme.decider, audit=audit, grade="A")


def test_needs_fewer_days_and_no_number_of_interviews(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    audit = walk(scheme, opened(scheme), Status.ACCEPTED)
    settings = SchemeSettings.objects.current()

    assert settings.person_days_of(audit) == settings.follow_up_person_days
    assert settings.interviews_of(audit) == 0
    assert settings.interviews_of(first) > 0
