"""One rule of who is independent of an audit, whoever asks: review, decision, appeal, settlement."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.terms import Role
from audits.models import GradeProposal, Result
from audits.services import alerting, appealing, deciding, results, reviewing
from audits.services.assessment import computed_grade
from audits.services.guards.decision import decision_maker_independent
from audits.services.independence import Dependence, bonds, independent
from audits.terms import Act, GradeLetter, Status
from audits.workflow import Move
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_auditor, make_engagement, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Organisation
    from audits.models import Audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def binding(person: User, audit: Audit) -> list[Dependence]:
    return [bond.dependence for bond in bonds(person, audit)]


def test_team_and_those_with_an_engagement_are_bound(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    make_engagement(scheme.supplier, scheme.reviewer, starts_on=timezone.localdate())
    office = scheme.lead.body
    colleague = make_user(office, Role.REVIEWER)

    assert binding(scheme.lead.user, audit) == [Dependence.TEAM]
    assert binding(scheme.reviewer, audit) == [Dependence.ENGAGEMENT]
    assert binding(colleague, audit) == []
    make_engagement(
        scheme.supplier, scheme.desk, body=office, kind="family", starts_on=timezone.localdate()
    )
    assert binding(colleague, audit) == [Dependence.ENGAGEMENT]
    assert independent(scheme.coordinator, audit)


def test_part_in_what_is_judged_binds_only_where_it_is_asked_for(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert independent(scheme.reviewer, audit)
    [bond] = bonds(scheme.reviewer, audit, acts=[Act.PASS_REVIEW])
    assert bond.dependence == Dependence.TOOK_PART
    assert list(bonds(scheme.reviewer, audit, acts=[Act.ISSUE])) == []


def test_review_decision_and_appeal_refuse_with_the_same_words(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    person = scheme.lead.user
    make_engagement(scheme.supplier, person, starts_on=timezone.localdate())

    said = [str(bond) for bond in bonds(person, audit)]

    assert len(said) == 2
    assert reviewing.why_not(person, audit) == said
    assert [str(bond) for bond in appealing.dependences(person, audit)] == said
    assert list(decision_maker_independent(audit, Move(Act.ISSUE, person))) == said


def join(person: User, organisation: Organisation, role: Role) -> User:
    """Give the person one more place; what comes back knows of it."""
    Membership.objects.create(user=person, organisation=organisation, role=role)
    known: User = User.objects.get(pk=person.pk)
    return known


def test_belonging_to_the_supplier_binds_the_person_and_the_office(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    colleague = make_user(scheme.body, Role.REVIEWER)
    reader = make_user(scheme.supplier.organisation, Role.READER)
    assert binding(scheme.manager, audit) == [Dependence.SUPPLIER]
    assert binding(colleague, audit) == []

    for role in (Role.AUDITOR, Role.REVIEWER):
        join(reader, scheme.body, role)
    join(scheme.manager, scheme.body, Role.AUDITOR)

    # Once, however many colleagues belong to it.
    assert binding(colleague, audit) == [Dependence.SUPPLIER]
    assert independent(scheme.reviewer, audit)


def test_membership_that_has_ended_binds_no_more(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    today = timezone.localdate()
    place = Membership.objects.filter(user=scheme.manager)

    place.update(ends_on=today)
    assert not independent(scheme.manager, audit)
    place.update(ends_on=today - timedelta(days=1))
    assert independent(User.objects.get(pk=scheme.manager.pk), audit)


def _review(person: User, audit: Audit) -> object:
    return deciding.pass_review(actor=person, audit=audit)


def _take(person: User, audit: Audit) -> object:
    return reviewing.take_review(actor=person, audit=audit)


def _issue(person: User, audit: Audit) -> object:
    return deciding.issue(actor=person, audit=audit, grade=computed_grade(audit).grade)


def _propose(person: User, audit: Audit) -> object:
    better = next(grade for grade in GradeLetter if grade != computed_grade(audit).grade)
    return deciding.propose_grade(actor=person, audit=audit, grade=better, reason="理由。")


def _refuse(person: User, audit: Audit) -> object:
    return deciding.refuse_grade(actor=person, proposal=proposal_on(audit), answer="不可。")


def _agree(person: User, audit: Audit) -> object:
    return deciding.agree_grade(actor=person, proposal=proposal_on(audit))


def proposal_on(audit: Audit) -> GradeProposal:
    """A grade that somebody else of the secretariat proposed."""
    _propose(make_user(audit.secretariat, Role.REVIEWER), audit)
    return GradeProposal.objects.get(audit=audit)


def _appeal(person: User, audit: Audit) -> object:
    manager = User.objects.get(
        memberships__organisation=audit.site.supplier.organisation, memberships__role=Role.MANAGER
    )
    appeal = appealing.raise_appeal(
        actor=manager, result=Result.objects.get(audit=audit), grounds="事実と違います。"
    )
    return appealing.dismiss_appeal(actor=person, appeal=appeal, decision="理由がない。")


def _suspend(person: User, audit: Audit) -> object:
    result = Result.objects.get(audit=audit)
    return results.change_result(actor=person, result=result, change="suspend", reason="調査中。")


def _alert(person: User, audit: Audit) -> object:
    lead = audit.team.get(function="lead").auditor.user
    alert = alerting.raise_alert(actor=lead, audit=audit, reason="非常口の施錠。")
    return alerting.cancel_alert(actor=person, alert=alert, settlement="誤報でした。")


Doing = tuple[Status, "Callable[[User, Audit], object]"]
REVIEWS: list[Doing] = [(Status.IN_REVIEW, _take), (Status.IN_REVIEW, _review)]
DECIDES: list[Doing] = [
    (Status.DECISION, _issue),
    (Status.DECISION, _propose),
    (Status.DECISION, _refuse),
    (Status.DECISION, _agree),
    (Status.ISSUED, _appeal),
    (Status.ISSUED, _suspend),
]


@pytest.mark.parametrize(("at", "act"), [*REVIEWS, *DECIDES, (Status.DRAFTING, _alert)])
def test_nobody_of_the_supplier_judges_its_audit_as_a_person_of_the_secretariat(
    scheme: Scheme, at: Status, act: Callable[[User, Audit], object]
) -> None:
    person = make_user(scheme.supplier.organisation, Role.READER)
    for role in (Role.REVIEWER, Role.ADMINISTRATOR, Role.COORDINATOR):
        person = join(person, scheme.secretariat, role)
    audit = audit_at(at, scheme)

    with pytest.raises((ValidationError, PermissionDenied), match="belong to this supplier"):
        act(person, audit)


@pytest.mark.parametrize(("at", "act"), DECIDES)
def test_nobody_of_the_body_decides_on_its_audit(
    scheme: Scheme, at: Status, act: Callable[[User, Audit], object]
) -> None:
    audit = audit_at(at, scheme)
    person = join(make_auditor(scheme.body).user, scheme.secretariat, Role.ADMINISTRATOR)

    with pytest.raises((ValidationError, PermissionDenied), match="audit body that makes"):
        act(person, audit)


def test_body_still_reviews_and_somebody_of_another_body_decides(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert independent(make_user(scheme.body, Role.REVIEWER), audit)
    other = join(make_auditor().user, scheme.secretariat, Role.REVIEWER)
    assert _issue(other, audit)


def test_decision_and_appeal_pages_say_who_cannot_decide_and_why(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    of_supplier = join(scheme.manager, scheme.secretariat, Role.REVIEWER)
    of_body = join(scheme.desk, scheme.secretariat, Role.REVIEWER)
    said = {of_supplier: "belong to this supplier", of_body: "audit body that makes this audit"}

    for person, sentence in said.items():
        page = client_of(person).get(reverse("console:decide", args=[audit.number]))
        assert sentence in page.content.decode()
    _issue(scheme.decider, audit)
    appeal = appealing.raise_appeal(
        actor=of_supplier, result=Result.objects.get(audit=audit), grounds="事実と違います。"
    )
    for person, sentence in said.items():
        page = client_of(person).get(reverse("console:appeal", args=[appeal.pk]))
        assert sentence in page.content.decode()
        assert 'value="uphold"' not in page.content.decode()
