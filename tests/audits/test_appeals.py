"""Appeals: in time, decided by somebody without a part, and what an upheld one changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Notice
from accounts.terms import Role
from audits.models import CorrectiveAction, Finding, Result
from audits.services import deciding
from audits.services.appealing import (
    dependences,
    dismiss_appeal,
    last_day,
    raise_appeal,
    uphold_appeal,
)
from audits.services.assessment import computed_grade
from audits.services.clocks.alerts import remind_of_appeals
from audits.services.perform import perform
from audits.services.records import verify_records
from audits.services.results import change_result
from audits.terms import Act, CorrectionStatus, Judgement, ResultStatus, Status
from tests.audits.appeals import CONFORMING, appealed, issued, uphold
from tests.factories import Scheme, audit_at, make_engagement, make_user

if TYPE_CHECKING:
    pass


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_supplier_appeals_until_the_last_day(scheme: Scheme) -> None:
    result = issued(scheme)
    before = result.updated_at

    with time_machine.travel(f"{last_day(result)}T23:00:00+09:00", tick=False):
        appeal = raise_appeal(actor=scheme.manager, result=result, grounds="事実と違う。")

    assert last_day(result) - result.issued_on == timedelta(days=30)
    assert appeal.due_on - last_day(result) == timedelta(days=60)
    assert result.audit.events.get(act="appeal_raised").comment == "事実と違う。"
    result.refresh_from_db()
    assert result.updated_at > before
    for person in (scheme.coordinator, scheme.owner, scheme.desk, scheme.lead.user):
        assert Notice.objects.filter(recipient=person, key__contains=":appeal:").exists()


def test_appeal_after_the_last_day_is_refused(scheme: Scheme) -> None:
    result = issued(scheme)

    with (
        time_machine.travel(f"{last_day(result) + timedelta(days=1)}T00:10:00+09:00", tick=False),
        pytest.raises(ValidationError, match="time to appeal ended"),
    ):
        raise_appeal(actor=scheme.manager, result=result, grounds="事実と違う。")


def test_who_appeals_and_how_often(scheme: Scheme) -> None:
    result = issued(scheme)
    reader = make_user(scheme.supplier.organisation, Role.READER)

    for person in (reader, scheme.lead.user, scheme.coordinator, Scheme().manager):
        with pytest.raises(PermissionDenied):
            raise_appeal(actor=person, result=result, grounds="事実と違う。")
    with pytest.raises(ValidationError):
        raise_appeal(actor=scheme.manager, result=result, grounds="  ")
    raise_appeal(actor=scheme.manager, result=result, grounds="事実と違う。")
    with pytest.raises(ValidationError, match="open already"):
        raise_appeal(actor=scheme.manager, result=result, grounds="もう一度。")


def test_withdrawn_result_cannot_be_appealed_against_nor_revised(scheme: Scheme) -> None:
    appeal = appealed(scheme)
    change_result(actor=scheme.decider, result=appeal.result, change="withdraw", reason="虚偽。")

    with pytest.raises(ValidationError, match="cannot be revised"):
        uphold(scheme, appeal)
    dismiss_appeal(actor=scheme.coordinator, appeal=appeal, decision="取消し済み。")
    with pytest.raises(ValidationError, match="no longer stands"):
        raise_appeal(actor=scheme.manager, result=appeal.result, grounds="事実と違う。")


@pytest.mark.parametrize("who", ["reviewer", "decider", "member"])
def test_who_had_a_part_does_not_decide(scheme: Scheme, who: str) -> None:
    appeal = appealed(scheme)
    person = scheme.member.user if who == "member" else getattr(scheme, who)
    if who == "member":
        person.memberships.create(organisation=scheme.secretariat, role=Role.COORDINATOR)

    for decide in (
        lambda: uphold_appeal(
            actor=person, appeal=appeal, decision="認める。", changes={"5-7": CONFORMING}
        ),
        lambda: dismiss_appeal(actor=person, appeal=appeal, decision="退ける。"),
    ):
        with pytest.raises(ValidationError) as refused:
            decide()
        assert {error.code for error in refused.value.error_list} == {"dependent"}
    appeal.refresh_from_db()
    assert appeal.decided_at is None


def test_second_person_of_a_grade_does_not_decide(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    computed = computed_grade(audit).grade
    proposal = deciding.propose_grade(
        actor=scheme.decider,
        audit=audit,
        grade="none" if computed != "none" else "B",
        reason="理由",
    )
    second = make_user(scheme.secretariat, Role.ADMINISTRATOR)
    deciding.agree_grade(actor=second, proposal=proposal)
    result = Result.objects.get(audit=audit)
    raise_appeal(actor=scheme.manager, result=result, grounds="評価が違う。")
    audit.refresh_from_db()

    assert dependences(second, audit)
    assert dependences(scheme.coordinator, audit) == []


def test_who_advises_the_supplier_does_not_decide(scheme: Scheme) -> None:
    appeal = appealed(scheme)
    make_engagement(scheme.supplier, scheme.coordinator, starts_on=timezone.localdate())

    with pytest.raises(ValidationError, match="engagement"):
        dismiss_appeal(actor=scheme.coordinator, appeal=appeal, decision="退ける。")
    for person in (scheme.desk, scheme.manager, scheme.observer, Scheme().coordinator):
        with pytest.raises(PermissionDenied):
            dismiss_appeal(actor=person, appeal=appeal, decision="退ける。")
    with pytest.raises(ValidationError, match="reasons"):
        dismiss_appeal(actor=scheme.owner, appeal=appeal, decision=" ")
    dismiss_appeal(actor=scheme.owner, appeal=appeal, decision="証拠がない。")


def test_dismissed_appeal_changes_nothing(scheme: Scheme) -> None:
    appeal = appealed(scheme)

    dismiss_appeal(actor=scheme.coordinator, appeal=appeal, decision="写真が事実を示す。")

    appeal.refresh_from_db()
    assert (appeal.upheld, appeal.changes) == (False, {})
    assert Result.objects.get().status == ResultStatus.VALID
    assert Finding.objects.get(audit=appeal.result.audit, requirement__code="5-7").judgement == (
        Judgement.NONCONFORMING
    )
    for person in (scheme.manager, scheme.desk, scheme.lead.user):
        (notice,) = Notice.objects.filter(recipient=person, key__contains="appeal-decided")
        assert "写真が事実を示す。" in notice.body
    with pytest.raises(ValidationError, match="decided in the meantime"):
        uphold(scheme, appeal)


def test_result_is_appealed_against_once(scheme: Scheme) -> None:
    appeal = appealed(scheme)
    result = appeal.result
    dismiss_appeal(actor=scheme.coordinator, appeal=appeal, decision="写真が事実を示す。")
    colleague = make_user(scheme.supplier.organisation, Role.MANAGER)

    for person in (scheme.manager, colleague):
        with (
            time_machine.travel(f"{last_day(result)}T12:00:00+09:00", tick=False),
            pytest.raises(ValidationError) as refused,
        ):
            raise_appeal(actor=person, result=result, grounds="もう一度。")
        [sentence] = refused.value.messages
        assert f"decided on {date_format(timezone.localdate())}" in sentence
        assert "dismissed" in sentence
    assert result.appeals.count() == 1


def test_upheld_appeal_makes_a_second_revision(scheme: Scheme) -> None:
    appeal = appealed(scheme, "5-7", "5-8")
    audit, old = appeal.result.audit, appeal.result
    versions = dict(audit.findings.values_list("requirement__code", "version"))

    new = uphold(scheme, appeal)

    old.refresh_from_db()
    assert (old.status, old.superseded_by) == (ResultStatus.SUPERSEDED, new)
    assert (new.revision, new.number, new.status) == (2, f"{audit.number}-2", "valid")
    assert new.verification_code != old.verification_code
    assert new.grade == new.computed_grade == computed_grade(audit).grade
    assert new.score > old.score
    assert new.renewal_due_on is None or new.renewal_due_on.day == old.issued_on.day
    finding = audit.findings.get(requirement__code="5-7")
    assert (finding.judgement, finding.severity, finding.report_text) == (
        "conforming",
        "",
        CONFORMING["reason"],
    )
    assert finding.version == versions["5-7"] + 1
    assert audit.findings.get(requirement__code="5-8").version == versions["5-8"]
    appeal.refresh_from_db()
    assert appeal.changes["5-7"]["was"]["report_text"] == "避難通路に台車が置かれていた。"
    payload = audit.events.get(act="appeal_upheld").payload
    assert payload["changes"]["5-7"]["was"]["judgement"] == "nonconforming"
    assert payload["corrective_actions_withdrawn"] == ["5-7"]
    assert verify_records(audit.number) == (1, [])


def test_corrective_actions_of_what_was_right_are_withdrawn(scheme: Scheme) -> None:
    appeal = appealed(scheme, "5-7", "5-8")

    uphold(scheme, appeal)

    actions = CorrectiveAction.objects.filter(finding__audit=appeal.result.audit)
    assert dict(actions.values_list("finding__requirement__code", "status")) == {
        "5-7": CorrectionStatus.WITHDRAWN,
        "5-8": CorrectionStatus.OPEN,
    }


def test_open_appeal_keeps_the_audit_open_and_its_end_closes_it(scheme: Scheme) -> None:
    appeal = appealed(scheme)
    audit = appeal.result.audit
    CorrectiveAction.objects.filter(finding__audit=audit).update(status="closed")
    with pytest.raises(ValidationError, match="appeal against the result is open"):
        perform(audit, Act.CLOSE, actor=None)

    uphold(scheme, appeal)

    audit.refresh_from_db()
    assert audit.status == Status.CLOSED


def test_appeal_never_worsens_the_grade(scheme: Scheme) -> None:
    """A better grade that was decided with a reason stays, though the computed one is worse."""
    audit = audit_at(Status.DECISION, scheme, nonconforming=("5-7", "5-8"))
    audit.findings.filter(requirement__code__in=("5-7", "5-8")).update(severity="unacceptable")
    assert computed_grade(audit).grade == "none"
    proposal = deciding.propose_grade(
        actor=scheme.decider, audit=audit, grade="A", reason="訪問中に是正された。"
    )
    second = make_user(scheme.secretariat, Role.ADMINISTRATOR)
    deciding.agree_grade(actor=second, proposal=proposal)
    appeal = raise_appeal(
        actor=scheme.manager, result=Result.objects.get(audit=audit), grounds="事実と違う。"
    )

    new = uphold(scheme, appeal)

    assert (new.computed_grade, new.grade) == ("none", "A")
    assert (new.reason, new.seconded_by) == ("訪問中に是正された。", second)


def test_worse_grade_that_was_decided_can_be_set_to_the_computed_one(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=())
    proposal = deciding.propose_grade(actor=scheme.decider, audit=audit, grade="B", reason="疑い。")
    deciding.agree_grade(actor=make_user(scheme.secretariat, Role.ADMINISTRATOR), proposal=proposal)
    appeal = raise_appeal(
        actor=scheme.manager, result=Result.objects.get(audit=audit), grounds="理由がない。"
    )

    new = uphold(scheme, appeal, {})

    assert (new.grade, new.reason, new.seconded_by) == ("A", "", None)


@pytest.mark.parametrize(
    ("code", "change", "sentence"),
    [
        ("5-7", {"judgement": "conforming", "reason": ""}, "reason"),
        ("5-7", {"judgement": "unassessed", "reason": "理由"}, "judgements"),
        ("5-7", {"judgement": "nonconforming", "severity": "", "reason": "理由"}, "severities"),
        (
            "5-7",
            {"judgement": "nonconforming", "severity": "unacceptable", "reason": "理由"},
            "lower",
        ),
        ("5-8", {"judgement": "nonconforming", "severity": "minor", "reason": "理由"}, "not met"),
        ("99-9", CONFORMING, "not met"),
        ("5-7", {"judgement": "conforming", "reason": "田中様の証言による。"}, "田中様"),
    ],
)
def test_change_that_is_not_for_the_better_or_has_no_reason_is_refused(
    scheme: Scheme, code: str, change: dict[str, str], sentence: str
) -> None:
    appeal = appealed(scheme)

    with pytest.raises(ValidationError, match=sentence):
        uphold(scheme, appeal, {code: change})

    assert Result.objects.count() == 1
    appeal.refresh_from_db()
    assert appeal.decided_at is None


def test_upheld_without_any_change_is_refused(scheme: Scheme) -> None:
    appeal = appealed(scheme)

    with pytest.raises(ValidationError, match="Nothing would change"):
        uphold(scheme, appeal, {})


def test_second_revision_can_be_appealed_against_but_not_decided_by_the_same(
    scheme: Scheme,
) -> None:
    new = uphold(scheme, appealed(scheme, "5-7", "5-8"))

    again = raise_appeal(actor=scheme.manager, result=new, grounds="5-8 も違う。")

    with pytest.raises(ValidationError, match="review or the decision"):
        uphold(scheme, again, {"5-8": CONFORMING})
    third = uphold_appeal(
        actor=scheme.owner, appeal=again, decision="認める。", changes={"5-8": CONFORMING}
    )
    assert (third.revision, third.grade) == (3, "A")


def test_clock_reminds_of_appeals_and_escalates_late_ones(scheme: Scheme) -> None:
    appeal = appealed(scheme)
    Notice.objects.all().delete()

    def on(days: int) -> int:
        return remind_of_appeals(appeal.due_on + timedelta(days=days))

    assert on(-4) == 0
    assert on(-3) == 2
    assert on(-3) == 0
    assert on(0) == 2
    assert on(3) == 2
    assert not Notice.objects.filter(recipient=scheme.owner).exists()
    assert on(7) == 1
    assert on(30) == 0
    assert Notice.objects.get(recipient=scheme.owner).path == reverse(
        "console:appeal", args=[appeal.pk]
    )
