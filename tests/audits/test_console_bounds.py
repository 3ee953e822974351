"""What people and machines try at the desks: endless searches, a second person who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.terms import Role
from audits.models import GradeProposal
from audits.services.assessment import computed_grade
from audits.services.deciding import agree_grade, propose_grade
from audits.terms import Status
from tests.factories import Scheme, audit_at, make_engagement, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_search_of_many_words_is_answered(client: Client) -> None:
    scheme = Scheme()
    client.force_login(scheme.owner)

    for words in ("a " * 45, "a " * 1000, "x" * 60_000):
        for page in ("console:audits", "console:corrections", "console:records"):
            assert client.get(reverse(page), {"q": words}).status_code == 200


def test_second_person_must_be_somebody_who_could_decide() -> None:
    scheme = Scheme()
    audit = audit_at(Status.DECISION, scheme)
    tied = make_user(scheme.secretariat, Role.REVIEWER)
    make_engagement(scheme.supplier, tied)
    gone = make_user(scheme.secretariat, Role.REVIEWER)
    gone.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    other = "B" if computed_grade(audit).grade == "A" else "A"

    proposal = propose_grade(
        actor=scheme.decider, audit=audit, grade=other, reason="委員会の判断による。"
    )
    for second in (tied, gone, scheme.manager, scheme.coordinator, scheme.decider):
        with pytest.raises((ValidationError, PermissionDenied)):
            agree_grade(actor=User.objects.get(pk=second.pk), proposal=proposal)
    assert GradeProposal.objects.open().get() == proposal


def test_proposer_who_got_tied_meanwhile_cannot_be_seconded() -> None:
    scheme = Scheme()
    audit = audit_at(Status.DECISION, scheme)
    other = "B" if computed_grade(audit).grade == "A" else "A"
    proposal = propose_grade(actor=scheme.decider, audit=audit, grade=other, reason="委員会")
    make_engagement(scheme.supplier, scheme.decider)

    with pytest.raises(ValidationError) as refusal:
        agree_grade(actor=scheme.reviewer, proposal=proposal)
    assert len(refusal.value.messages) == 1
