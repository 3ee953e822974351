"""One rule of who is independent of an audit, whoever asks: review, decision, appeal, settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.terms import Role
from audits.services import appealing, reviewing
from audits.services.guards.decision import decision_maker_independent
from audits.services.independence import Dependence, bonds, independent
from audits.terms import Act, Status
from audits.workflow import Move
from tests.factories import Scheme, audit_at, make_engagement, make_user

if TYPE_CHECKING:
    from accounts.models import User
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
    assert appealing.dependences(person, audit) == said
    assert list(decision_maker_independent(audit, Move(Act.ISSUE, person))) == said
