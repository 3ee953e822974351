"""Checking corrective actions through the console."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import (
    CorrectiveAction,
)
from audits.services.correcting import take_step
from audits.terms import CorrectionStatus, Status
from tests.audits.desks import client_of, status_of
from tests.factories import (
    Scheme,
    audit_at,
    plan_for,
    show,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from accounts.models import User

pytestmark = pytest.mark.django_db


def check(user: User, action: CorrectiveAction, step: str, seen: str, comment: str = "") -> Answer:
    return client_of(user).post(
        reverse("console:correction", args=[action.pk]),
        {"step": step, "seen": seen, "comment": comment},
    )


def test_corrective_action_is_checked_to_the_end(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    action = CorrectiveAction.objects.get(finding__audit=audit)
    take_step(actor=scheme.manager, action=action, step="plan", **plan_for(action))

    for person in (scheme.owner, scheme.observer, scheme.reviewer):
        assert check(person, action, "accept_plan", "planned").status_code == 403
    assert check(scheme.desk, action, "return_plan", "planned").status_code == 422
    assert check(scheme.desk, action, "accept_plan", "planned").status_code == 302
    stale = check(scheme.coordinator, action, "return_plan", "planned", "x")
    assert stale.status_code == 422
    assert "has moved on in the meantime" in stale.content.decode()
    show(scheme, action)
    seen = CorrectionStatus.EVIDENCE_SUBMITTED
    assert check(scheme.desk, action, "return_evidence", seen, "写真を").status_code == 302
    show(scheme, action)
    assert check(scheme.desk, action, "carry_over", seen, "x").status_code == 403
    assert (
        check(scheme.desk, action, "close", seen).status_code == 422
    )  # verified on site: by whom?
    assert check(scheme.desk, action, "close", seen, "現場で確認した。").status_code == 302
    assert status_of(audit) == Status.CLOSED
    shown = client_of(scheme.desk).get(reverse("console:correction", args=[action.pk]))
    assert "Corrective action closed" in shown.content.decode()
    assert 'name="step"' not in shown.content.decode()


def test_secretariat_carries_over_with_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    action = CorrectiveAction.objects.get(finding__audit=audit)
    stranger = client_of(Scheme().coordinator)

    assert stranger.get(reverse("console:correction", args=[action.pk])).status_code == 404
    assert check(scheme.coordinator, action, "carry_over", "open", "次回に").status_code == 302
    action.refresh_from_db()
    assert action.status == CorrectionStatus.CARRIED_OVER


def test_list_shows_the_open_ones_first_and_of_those_the_most_urgent(scheme: Scheme) -> None:
    """On either database: one puts an empty day first and the other last unless it is said."""
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "5-8", "5-9"))
    today = timezone.localdate()
    first, second, closed = CorrectiveAction.objects.filter(finding__audit=audit)
    for action, days in ((first, 5), (second, 9), (closed, 1)):
        action.close_due_on = today + timedelta(days=days)
        action.save()
    CorrectiveAction.objects.filter(pk=closed.pk).update(
        closed_at=timezone.now(), status=CorrectionStatus.CLOSED
    )

    page = client_of(scheme.coordinator).get(reverse("console:corrections")).context["page"]

    assert list(page) == [first, second, closed]
