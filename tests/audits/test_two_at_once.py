"""Two people at the same moment, each on a connection of their own: one wins, the other reads why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from audits.auditors.terms import Level
from audits.models import Audit, AuditEvent, Result, TeamMember
from audits.services import applying, deciding, fieldwork, teams
from audits.services.appealing import raise_appeal
from audits.services.assessment import computed_grade
from audits.services.perform import perform
from audits.services.records import verify_records
from audits.terms import Act, AuditKind, Judgement, ResultStatus, Status
from tests.audits.appeals import uphold
from tests.factories import Scheme, audit_at, make_auditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from suppliers.models import Site

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[list[str]]:
    """Do the works at the same moment; return for each the sentences it was refused with."""
    start = Barrier(len(works))

    def do(work: Callable[[], object]) -> list[str]:
        try:
            start.wait()
            work()
        except ValidationError as error:
            return error.messages
        finally:
            connection.close()
        return []

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def moves(audit: Audit, act: Act) -> int:
    return AuditEvent.objects.filter(audit=audit, act=act).count()


def assert_one_won(answers: list[list[str]]) -> None:
    refused = [sentences for sentences in answers if sentences]
    assert len(refused) == len(answers) - 1
    assert all("監査" in sentence for sentences in refused for sentence in sentences)


def test_two_coordinators_accept_one_application() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)

    answers = at_once(
        partial(applying.accept, actor=scheme.desk, audit=audit),
        partial(applying.accept, actor=scheme.coordinator, audit=audit),
    )

    assert_one_won(answers)
    audit.refresh_from_db()
    assert audit.status == Status.ACCEPTED
    assert audit.findings.count() == 84
    assert moves(audit, Act.ACCEPT) == 1
    assert verify_records(audit.number) == (1, [])


def test_two_coordinators_propose_different_teams_from_the_same_page() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ACCEPTED, scheme)
    other = make_auditor(scheme.body)
    propose = partial(teams.propose_team, audit=audit, expected_version=audit.version)

    answers = at_once(
        partial(
            propose, actor=scheme.desk, team=[{"auditor": scheme.lead, "function": Level.LEAD}]
        ),
        partial(
            propose, actor=scheme.coordinator, team=[{"auditor": other, "function": Level.LEAD}]
        ),
    )

    assert_one_won(answers)
    assert TeamMember.objects.filter(audit=audit).count() == 1
    assert moves(audit, Act.PROPOSE_TEAM) == 1
    assert verify_records(audit.number) == (1, [])


def test_double_click_on_issue_makes_one_result() -> None:
    scheme = Scheme()
    audit = audit_at(Status.DECISION, scheme)
    grade = computed_grade(audit).grade
    click = partial(deciding.issue, actor=scheme.decider, audit=audit, grade=grade)

    answers = at_once(click, click, click)

    assert_one_won(answers)
    assert Result.objects.filter(audit=audit).count() == 1
    assert verify_records(audit.number) == (1, [])


def two_of_one_site(scheme: Scheme, first: Status, second: Status) -> tuple[Audit, Audit]:
    """Two audits of one site, of different kinds: only so can both be open."""
    one = audit_at(first, scheme)
    Audit.objects.filter(pk=one.pk).update(kind=AuditKind.SPECIAL)
    return Audit.objects.get(pk=one.pk), audit_at(second, scheme)


def issue(scheme: Scheme, audit: Audit) -> Callable[[], object]:
    grade = computed_grade(audit).grade
    return partial(deciding.issue, actor=scheme.decider, audit=audit, grade=grade)


def assert_one_stands(site: Site) -> None:
    """Of all results of the site one is valid; the others lead to it, and the records hold."""
    results = Result.objects.filter(audit__site=site)
    current = results.get(status=ResultStatus.VALID)
    for other in results.exclude(pk=current.pk):
        assert other.status == ResultStatus.SUPERSEDED
        last: Result | None = other
        while last is not None and last.superseded_by is not None:
            last = last.superseded_by
        assert last == current
        assert AuditEvent.objects.filter(audit=other.audit, act="result_superseded").exists()
    for audit in Audit.objects.filter(site=site):
        assert verify_records(audit.number) == (1, [])


def test_two_results_of_one_site_do_not_both_stand() -> None:
    scheme = Scheme()
    one, other = two_of_one_site(scheme, Status.DECISION, Status.DECISION)

    answers = at_once(issue(scheme, one), issue(scheme, other))

    assert answers == [[], []]
    assert Result.objects.filter(audit__site=scheme.site).count() == 2
    assert_one_stands(scheme.site)


def test_revision_after_an_appeal_and_a_new_result_of_the_site() -> None:
    """Each supersedes what the other may have just made, and writes into the other's record."""
    scheme = Scheme()
    one, other = two_of_one_site(scheme, Status.ISSUED, Status.DECISION)
    appeal = raise_appeal(
        actor=scheme.manager, result=Result.objects.get(audit=one), grounds="事実と違う。"
    )

    answers = at_once(partial(uphold, scheme, appeal), issue(scheme, other))

    # When the new result came first, the one appealed against can no longer be revised.
    assert answers[1] == []
    assert Result.objects.filter(audit__site=scheme.site).count() == (2 if answers[0] else 3)
    assert_one_stands(scheme.site)


def test_withdrawal_and_acceptance_at_the_same_moment() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)

    answers = at_once(
        partial(perform, audit, Act.WITHDRAW, actor=scheme.manager, expected_version=audit.version),
        partial(applying.accept, actor=scheme.desk, audit=audit, expected_version=audit.version),
    )

    assert_one_won(answers)
    assert verify_records(audit.number) == (1, [])


def test_finding_is_not_saved_while_the_report_is_being_signed() -> None:
    scheme = Scheme()
    audit = audit_at(Status.DRAFTING, scheme)
    finding = audit.findings.get(requirement__code="5-8")
    signed, saved = Event(), Event()

    def sign() -> None:
        with transaction.atomic():
            fieldwork.sign(actor=scheme.lead.user, audit=audit)
            signed.set()
            # Who saves waits for the signature; should it not wait, it is done before that is kept.
            saved.wait(1)

    def save() -> None:
        signed.wait()
        try:
            with pytest.raises(PermissionDenied):
                fieldwork.save_finding(
                    actor=scheme.member.user,
                    finding=finding,
                    version=finding.version,
                    judgement=Judgement.NONCONFORMING,
                )
        finally:
            saved.set()

    assert at_once(sign, save) == [[], []]
    finding.refresh_from_db()
    assert finding.judgement == Judgement.CONFORMING
