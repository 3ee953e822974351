"""The site's previous audit beside today's findings: what its report prints, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounts.terms import Kind, Role
from audits.auditors.terms import Level
from audits.models import Audit, Evidence, Finding
from audits.services.perform import perform
from audits.services.previous import previous_of
from audits.standards.models import Requirement
from audits.standards.services import activate_standard
from audits.standards.services.mapping import Follows, set_mappings
from audits.standards.terms import Relation
from audits.terms import Act, CorrectionStatus, EvidenceClass, Status
from tests.audits.desks import browser, url
from tests.factories import (
    Scheme,
    audit_at,
    make_auditor,
    make_next_standard,
    make_organisation,
    make_user,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
TEXT = "避難通路に台車が置かれていた。"
NOTE = "前回チームだけの覚え"
CAPTION = "封印した写真"


@pytest.fixture
def earlier(scheme: Scheme) -> Audit:
    """A closed audit of the site, with things that only its own team may see."""
    audit = audit_at(Status.CLOSED, scheme)
    Finding.objects.filter(audit=audit, requirement__code="5-7").update(
        working_note=NOTE, clauses_not_met=["5-7a"]
    )
    Evidence.objects.filter(audit=audit).update(
        evidence_class=EvidenceClass.SEALED, caption=CAPTION
    )
    return audit


@pytest.fixture
def later(scheme: Scheme, earlier: Audit) -> Audit:
    """The site's next audit, by another body, whose people see nothing of the one before."""
    scheme.body = make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat)
    scheme.desk = make_user(scheme.body, Role.COORDINATOR)
    scheme.lead = make_auditor(scheme.body)
    scheme.member = make_auditor(scheme.body, Level.MEMBER)
    audit = audit_at(Status.FIELDWORK, scheme)
    assert not Audit.objects.visible_to(scheme.lead.user).filter(pk=earlier.pk).exists()
    return Audit.objects.with_people().get(pk=audit.pk)


def renewed(scheme: Scheme, audit: Audit, **follows: Follows) -> Audit:
    """The audit under a later version, whose requirements (c5_7) follow the ones before as given."""
    standard = make_next_standard(changed=(), active=False)
    set_mappings(
        actor=scheme.owner,
        standard=standard,
        rows={name.removeprefix("c").replace("_", "-"): row for name, row in follows.items()},
    )
    activate_standard(standard=standard)
    codes = {row.code: row for row in Requirement.objects.filter(standard=standard)}
    findings = list(audit.findings.select_related("requirement"))
    for finding in findings:
        finding.requirement = codes[finding.requirement.code]
    Finding.objects.bulk_update(findings, ["requirement"])
    Audit.objects.filter(pk=audit.pk).update(standard=standard)
    return Audit.objects.with_people().get(pk=audit.pk)


def test_next_team_reads_what_the_report_prints_and_no_more(
    scheme: Scheme, earlier: Audit, later: Audit
) -> None:
    text = browser(scheme.lead.user).get(url("card", later, "5-7")).content.decode()
    assert TEXT in text
    assert earlier.number in text
    assert "5-7a" in text.split('class="last-time"')[1].split("</div>")[0]
    assert NOTE not in text
    assert CAPTION not in text
    for name in ("audit", "findings"):
        assert browser(scheme.lead.user).get(url(name, earlier)).status_code == 404

    found = previous_of(scheme.member.user, later)
    assert found is not None
    before = found.findings["5-7"]
    assert (before.text, before.clauses, before.severity) == (
        TEXT,
        ("5-7a",),
        "unacceptable",
    )
    assert before.correction == CorrectionStatus.CLOSED
    assert before.corrected_at is not None
    assert not found.opens
    assert len(found.findings) == 84


def test_tablet_takes_along_what_the_report_printed(
    scheme: Scheme, earlier: Audit, later: Audit
) -> None:
    answer = browser(scheme.lead.user).get(url("offline_data", later))
    before = {row["code"]: row["before"] for row in answer.json()["requirements"]}
    assert TEXT in before["5-7"]
    assert NOTE not in answer.content.decode()


def test_only_team_and_reviewers_read_an_audit_that_is_not_theirs(
    scheme: Scheme, earlier: Audit, later: Audit
) -> None:
    stranger = make_user(scheme.body, Role.COORDINATOR)
    assert previous_of(stranger, later) is None
    assert previous_of(make_auditor(scheme.body).user, later) is None
    assert previous_of(scheme.brand_user, later) is None
    assert previous_of(scheme.reviewer, later) is not None

    perform(later, Act.ABORT, actor=scheme.lead.user, comment="中止")
    ended = Audit.objects.with_people().get(pk=later.pk)
    assert previous_of(scheme.lead.user, ended) is None


def test_declined_offer_reads_nothing(scheme: Scheme, earlier: Audit, later: Audit) -> None:
    later.team.filter(auditor=scheme.member).update(answer="declined")
    again = Audit.objects.with_people().get(pk=later.pk)
    assert previous_of(scheme.member.user, again) is None
    assert previous_of(scheme.lead.user, again) is not None


@pytest.mark.past_the_record
def test_void_and_later_audits_do_not_count(scheme: Scheme, earlier: Audit, later: Audit) -> None:
    seen = Audit.objects.with_people().get(pk=earlier.pk)
    assert previous_of(scheme.owner, seen) is None  # nothing before it
    Audit.objects.filter(pk=later.pk).update(
        status=Status.ISSUED, issued_at=timezone.now() + timedelta(days=1)
    )
    assert previous_of(scheme.owner, seen) is None

    Audit.objects.filter(pk=earlier.pk).update(status=Status.VOID)
    assert previous_of(scheme.lead.user, later) is None


@pytest.mark.parametrize("relation", [Relation.REWORDED, Relation.CHANGED])
def test_another_version_is_matched_by_its_mapping(
    scheme: Scheme, earlier: Audit, later: Audit, relation: Relation
) -> None:
    audit = renewed(
        scheme,
        later,
        c5_7=Follows(relation.value, "5-7"),
        c7_2=Follows(Relation.NEW.value, ""),
    )
    found = previous_of(scheme.lead.user, audit)
    assert found is not None
    assert found.findings["5-7"].text == TEXT
    assert found.findings["5-7"].relation == relation
    assert found.findings["5-8"].relation == Relation.UNCHANGED
    assert "7-2" not in found.findings

    client = browser(scheme.lead.user)
    assert str(relation.label) in client.get(url("card", audit, "5-7")).content.decode()
    assert "2025" in client.get(url("card", audit, "7-2")).content.decode()


def test_renumbered_requirement_is_found_under_its_old_code(
    scheme: Scheme, earlier: Audit, later: Audit
) -> None:
    audit = renewed(scheme, later, c8_1=Follows(Relation.CHANGED.value, "5-7"))
    found = previous_of(scheme.lead.user, audit, "8-1")
    assert found is not None
    assert list(found.findings) == ["8-1"]
    assert (found.findings["8-1"].code, found.findings["8-1"].text) == ("5-7", TEXT)


def test_queries_do_not_depend_on_versions_in_between(
    scheme: Scheme,
    earlier: Audit,
    later: Audit,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    with django_assert_num_queries(5):
        previous_of(scheme.lead.user, later, "5-7")
    audit = renewed(scheme, later)
    with django_assert_num_queries(7):
        previous_of(scheme.lead.user, audit, "5-7")
    make_next_standard("2029", effective_on=timezone.localdate() + timedelta(days=90))
    with django_assert_num_queries(7):
        previous_of(scheme.lead.user, audit, "5-7")
