"""An audit whose visit slips past the day of the next version is changed over; results never are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Notice
from audits.auditors.models import Qualification
from audits.auditors.terms import Level, QualificationStatus
from audits.models import Audit, AuditEvent, Finding, Result
from audits.services import fieldwork, teams
from audits.services.clocks.standards import repin_audits, retire_standards
from audits.services.records import verify_records
from audits.services.repinning import repin_when_due, visit_day
from audits.standards.applicable import usable
from audits.standards.models import Requirement, Standard
from audits.standards.services import activate_standard
from audits.standards.services.mapping import Follows, set_mappings
from audits.standards.terms import Relation, StandardStatus
from audits.terms import Judgement, Status
from tests.factories import (
    Scheme,
    audit_at,
    make_auditor,
    make_next_standard,
    make_site,
    make_standard,
)

if TYPE_CHECKING:
    from audits.auditors.models import Auditor

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def qualify(standard: Standard, *auditors: Auditor) -> None:
    for auditor in auditors:
        Qualification.objects.create(
            auditor=auditor,
            standard=standard,
            level=Level.LEAD,
            status=QualificationStatus.QUALIFIED,
            starts_on=date(2025, 4, 1),
        )


def put_off(scheme: Scheme, audit: Audit, days: int) -> Audit:
    return teams.schedule(
        actor=scheme.desk,
        audit=audit,
        planned_from=in_days(days),
        planned_until=in_days(days + 1),
        person_days=Decimal(2),
    )


def answer(audit: Audit, code: str, judgement: str = Judgement.NONCONFORMING) -> None:
    """An answer of the team that was given before the audit began, such as from documents."""
    Finding.objects.filter(audit=audit, requirement__code=code).update(
        judgement=judgement, report_text="書類で確認した。", clauses_not_met=[f"{code}a"], version=4
    )


def test_a_visit_that_slips_past_the_day_changes_the_audit_over() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SCHEDULED, scheme)
    answer(audit, "5-8")
    answer(audit, "5-7")
    standard = make_next_standard(changed=("5-7",))
    qualify(standard, scheme.lead, scheme.member)

    audit = put_off(scheme, audit, 70)

    assert audit.standard == standard
    findings = {row.requirement.code: row for row in audit.findings.select_related("requirement")}
    assert len(findings) == 84
    assert {row.requirement.standard_id for row in findings.values()} == {standard.pk}
    kept = findings["5-8"]
    assert (kept.judgement, kept.report_text, kept.version, kept.clauses_not_met) == (
        Judgement.NONCONFORMING,
        "書類で確認した。",
        4,
        ["5-8a"],
    )
    asked_anew = findings["5-7"]
    assert (asked_anew.judgement, asked_anew.report_text) == (Judgement.UNASSESSED, "")
    assert findings[
        "3-9"
    ].preset  # no homeworkers: answered by the profile under the new version too
    event = AuditEvent.objects.get(audit=audit, act="standard_repinned")
    assert (event.payload["from"], event.payload["to"]) == ("2025", "2027")
    assert (event.payload["carried"], event.payload["new"]) == (["5-8"], ["5-7"])
    assert verify_records(audit.number)[1] == []
    told = set(Notice.objects.filter(key__contains="repinned").values_list("recipient", flat=True))
    assert {scheme.desk.pk, scheme.manager.pk, scheme.lead.user_id} <= told


def test_a_team_that_is_not_qualified_for_it_stands_in_the_way() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SCHEDULED, scheme)
    make_next_standard()
    with pytest.raises(ValidationError) as refused:
        put_off(scheme, audit, 70)
    assert any("2027" in sentence for sentence in refused.value.messages)
    audit.refresh_from_db()
    assert audit.standard == make_standard()


def test_a_visit_before_the_day_keeps_its_version() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SCHEDULED, scheme)
    make_next_standard()
    assert put_off(scheme, audit, 40).standard == make_standard()
    assert not AuditEvent.objects.filter(act="standard_repinned").exists()


def test_the_clock_changes_over_what_is_planned_for_later() -> None:
    scheme = Scheme()
    later = audit_at(Status.SCHEDULED, scheme)
    put_off(scheme, later, 70)
    accepted = audit_at(Status.ACCEPTED, scheme, site=make_site(scheme.supplier))
    Audit.objects.filter(pk=accepted.pk).update(preferred_from=in_days(65))
    sooner = audit_at(Status.TEAM_PROPOSED, scheme, site=make_site(scheme.supplier))
    begun = audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    standard = make_next_standard()

    assert repin_audits(timezone.localdate()) == 2
    assert repin_audits(timezone.localdate()) == 0

    now = {row.pk: row.standard_id for row in Audit.objects.all()}
    assert now[later.pk] == now[accepted.pk] == standard.pk
    assert now[sooner.pk] == now[begun.pk] == make_standard().pk
    # The team is asked again before the audit begins.
    with pytest.raises(ValidationError) as refused:
        fieldwork.start(actor=scheme.lead.user, audit=later)
    assert any("2027" in sentence for sentence in refused.value.messages)


def test_an_audit_that_waits_until_the_day_is_changed_over() -> None:
    audit = audit_at(Status.ACCEPTED)
    make_next_standard()
    assert not repin_when_due(audit, in_days(59))
    assert repin_when_due(audit, in_days(60))


def test_issued_results_are_never_computed_again() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    before = Result.objects.values().get()
    standard = make_next_standard()
    Standard.objects.filter(pk=standard.pk).update(mandatory_from=standard.effective_on)
    repin_audits(in_days(200))
    assert not repin_when_due(audit, in_days(200))
    assert Result.objects.values().get() == before
    audit.refresh_from_db()
    assert audit.standard == make_standard()


def test_a_profile_answers_anew_under_a_changed_condition() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ACCEPTED, scheme)
    standard = make_next_standard(active=False)
    # The site has no homeworkers and a dormitory: 3-9 did not apply, 5-18 did.
    Requirement.objects.filter(standard=standard, code="3-9").update(condition="dormitory")
    Requirement.objects.filter(standard=standard, code="5-18").update(condition="homeworkers")
    activate_standard(standard=standard)
    repin_when_due(audit, in_days(60))
    findings = {row.requirement.code: row for row in audit.findings.select_related("requirement")}
    assert (findings["3-9"].judgement, findings["3-9"].preset) == (Judgement.UNASSESSED, False)
    assert (findings["5-18"].judgement, findings["5-18"].preset) == (Judgement.NOT_APPLICABLE, True)


def test_a_renumbered_requirement_keeps_its_answer_with_the_clauses_of_the_new_code() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ACCEPTED, scheme)
    answer(audit, "5-8")
    standard = make_next_standard(active=False)
    set_mappings(
        actor=scheme.owner,
        standard=standard,
        rows={
            "5-7": Follows(Relation.UNCHANGED, "5-8"),
            "5-8": Follows(Relation.CHANGED, "5-7"),
        },
    )
    activate_standard(standard=standard)
    repin_when_due(audit, in_days(60))
    moved = audit.findings.get(requirement__code="5-7")
    assert (moved.judgement, moved.clauses_not_met) == (Judgement.NONCONFORMING, ["5-7a"])
    assert audit.findings.get(requirement__code="5-8").judgement == Judgement.UNASSESSED


def test_the_clock_retires_versions_and_changes_their_audits_over() -> None:
    audit = audit_at(Status.ACCEPTED)
    make_next_standard(effective_on=in_days(1), mandatory_from=in_days(300))
    Standard.objects.filter(version="2025").update(
        status=StandardStatus.SUNSET, retired_on=in_days(5)
    )
    assert retire_standards(in_days(4)) == 0
    assert retire_standards(in_days(5)) == 1
    assert retire_standards(in_days(5)) == 0
    assert Standard.objects.get(version="2025").status == StandardStatus.RETIRED
    assert repin_audits(in_days(5)) == 1
    audit.refresh_from_db()
    assert str(audit.standard) == "JASTI 2027"


@pytest.mark.parametrize("day", [0, 29, 30, 59, 60, 99, 100, 101])
def test_the_rule_in_memory_is_the_one_of_the_database(day: int) -> None:
    make_next_standard("2027")
    make_next_standard("2028", effective_on=in_days(100), mandatory_from=in_days(101))
    make_next_standard("2029", effective_on=in_days(50), active=False)
    found = [row.version for row in usable(Standard.objects.all(), in_days(day))]
    rows = Standard.objects.usable_on(in_days(day)).order_by("-effective_on")
    assert found == [row.version for row in rows]


def test_the_visit_is_never_expected_in_the_past_before_it_is_fixed() -> None:
    today = timezone.localdate()
    assert visit_day(Status.ACCEPTED, None, in_days(-9), today) == today
    assert visit_day(Status.ACCEPTED, None, in_days(9), today) == in_days(9)
    assert visit_day(Status.SCHEDULED, in_days(-1), None, today) == in_days(-1)
    assert visit_day(Status.ACCEPTED, None, None, today) == today


def test_auditors_of_the_new_version_can_be_proposed_after_the_change() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ACCEPTED, scheme)
    standard = make_next_standard()
    repin_when_due(audit, in_days(60))
    fit = make_auditor(scheme.body, standard=standard)
    team = [{"auditor": scheme.lead, "function": Level.LEAD}]
    with pytest.raises(ValidationError):
        teams.propose_team(actor=scheme.desk, audit=audit, team=team)  # type: ignore[arg-type]  # plain rows
    team = [{"auditor": fit, "function": Level.LEAD}]
    audit = teams.propose_team(actor=scheme.desk, audit=audit, team=team)  # type: ignore[arg-type]  # as above
    assert audit.status == Status.TEAM_PROPOSED
