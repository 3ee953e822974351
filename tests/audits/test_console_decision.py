"""Deciding on results through the console: computed and differing grades, deferral."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.terms import Role
from audits.models import (
    Alert,
    Audit,
    Result,
)
from audits.terms import Status
from tests.audits.desks import client_of, send, status_of
from tests.factories import (
    Scheme,
    audit_at,
    make_user,
)

if TYPE_CHECKING:
    pass


pytestmark = pytest.mark.django_db


def test_decision_explains_the_grade_and_issues_it(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=("5-7",))
    opened = client_of(scheme.decider).get(reverse("console:decide", args=[audit.number]))
    text = opened.content.decode()
    computed = opened.context["computed"].grade

    assert "rules out a grade" in text
    assert "would be reached" in text
    assert "Provisional criteria" in text
    assert "Issuing cannot be undone" in text
    # Deferring is not the first choice.
    assert text.split("</main>")[0].count('type="submit" class="primary') == 1
    unread = send(scheme.decider, "decide", audit, grade=computed)
    assert unread.status_code == 422
    answer = send(scheme.decider, "decide", audit, grade=computed, confirmed="on")
    assert answer.status_code == 302
    assert Result.objects.get(audit=audit).grade == computed
    late = send(scheme.decider, "decide", audit, grade=computed, confirmed="on")
    assert late.status_code == 302
    assert Result.objects.filter(audit=audit).count() == 1


def test_different_grade_needs_reason_and_second_person(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=())
    other = make_user(scheme.secretariat, Role.REVIEWER)
    said = {"grade": "B", "confirmed": "on"}

    bare = send(scheme.decider, "decide", audit, **said)
    assert bare.status_code == 422
    assert "Give the reason" in bare.content.decode()
    answer = send(scheme.decider, "decide", audit, **said, reason="記録の不備")
    assert answer.status_code == 302
    assert not Result.objects.filter(audit=audit).exists()

    alone = send(scheme.decider, "second", audit, agree="1")
    assert alone.status_code == 422
    assert "Somebody else must agree" in alone.content.decode()
    assert send(scheme.manager, "second", audit, agree="1").status_code == 403
    unexplained = send(other, "second", audit, refuse="1")
    assert unexplained.status_code == 422
    assert send(other, "second", audit, agree="1").status_code == 302

    result = Result.objects.get(audit=audit)
    assert (result.grade, result.reason) == ("B", "記録の不備")
    assert (result.decided_by, result.seconded_by) == (scheme.decider, other)
    late = send(other, "second", audit, agree="1")
    assert late.status_code == 302
    assert Result.objects.filter(audit=audit).count() == 1


def test_refused_grade_leaves_the_computed_one(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=())
    other = make_user(scheme.secretariat, Role.REVIEWER)
    send(scheme.decider, "decide", audit, grade="B", confirmed="on", reason="x")

    meanwhile = send(other, "decide", audit, grade="A", confirmed="on")
    assert meanwhile.status_code == 422
    assert send(other, "second", audit, refuse="1", answer="理由が足りません。").status_code == 302
    assert "refused" in Notice.objects.filter(recipient=scheme.decider).latest("pk").subject
    assert send(other, "decide", audit, grade="A", confirmed="on").status_code == 302
    assert Result.objects.get(audit=audit).grade == "A"


def test_stale_decision_is_not_issued(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    seen = audit.version
    Audit.objects.filter(pk=audit.pk).update(version=seen + 1)

    answer = send(scheme.decider, "decide", audit, grade="none", confirmed="on", version=seen)

    assert answer.status_code == 422
    assert "has moved on in the meantime" in answer.content.decode()
    assert status_of(audit) == Status.DECISION


def test_open_alert_is_shown_and_blocks_the_result(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    Alert.objects.create(
        audit=audit,
        reason="通路が塞がれている",
        raised_by=scheme.lead.user,
        due_at=timezone.now(),
    )

    opened = client_of(scheme.decider).get(reverse("console:decide", args=[audit.number]))
    assert "A critical alert is open" in opened.content.decode()
    shown = client_of(scheme.decider).get(reverse("console:audit", args=[audit.number]))
    assert "通路が塞がれている" in shown.content.decode()


def test_decision_is_deferred_to_the_review(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert send(scheme.decider, "act", audit, "defer").status_code == 422
    assert send(scheme.decider, "act", audit, "defer", comment="5-7 を再確認").status_code == 302
    assert status_of(audit) == Status.IN_REVIEW
