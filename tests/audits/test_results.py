"""What becomes of a result: suspended, reinstated, withdrawn, superseded, expired, due for renewal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from audits.models import Audit, AuditEvent, Result, SchemeSettings
from audits.services.clocks.results import expire_results, remind_of_renewals
from audits.services.records import verify_records
from audits.services.results import change_result
from audits.standards.grading import GradingParameters, Outcome, grade
from audits.terms import AuditKind, ResultStatus, Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def issued(scheme: Scheme) -> Result:
    return Result.objects.select_related("audit").get(audit=audit_at(Status.ISSUED, scheme))


def test_suspended_result_can_be_reinstated_or_withdrawn(scheme: Scheme) -> None:
    result = issued(scheme)

    change_result(actor=scheme.decider, result=result, change="suspend", reason="調査中です。")
    with pytest.raises(ValidationError):
        change_result(actor=scheme.decider, result=result, change="suspend", reason="もう一度")
    change_result(actor=scheme.owner, result=result, change="reinstate", reason="問題なし。")
    changed = change_result(
        actor=scheme.decider, result=result, change="withdraw", reason="虚偽の書類。"
    )
    with pytest.raises(ValidationError):
        change_result(actor=scheme.owner, result=result, change="reinstate", reason="x")

    assert changed.status == ResultStatus.WITHDRAWN
    assert changed.status_reason == "虚偽の書類。"
    acts = AuditEvent.objects.filter(audit=result.audit).values_list("act", flat=True)
    assert list(acts)[-3:] == ["result_suspended", "result_reinstated", "result_withdrawn"]
    assert Notice.objects.filter(recipient=scheme.manager, body__contains="虚偽").count() == 1
    assert verify_records(result.audit.number) == (1, [])


def test_only_decision_makers_and_owner_change_results(scheme: Scheme) -> None:
    result = issued(scheme)

    for person in (scheme.desk, scheme.coordinator, scheme.lead.user, scheme.manager):
        with pytest.raises(PermissionDenied):
            change_result(actor=person, result=result, change="suspend", reason="x")
    with pytest.raises(ValidationError):
        change_result(actor=scheme.decider, result=result, change="suspend", reason="  ")


def test_newer_result_of_the_site_supersedes_the_older(scheme: Scheme) -> None:
    older = issued(scheme)
    Audit.objects.filter(pk=older.audit_id).update(kind=AuditKind.RENEWAL)
    newer = Result.objects.get(audit=audit_at(Status.ISSUED, scheme))

    older.refresh_from_db()
    assert (older.status, older.superseded_by) == (ResultStatus.SUPERSEDED, newer)
    assert newer.status == ResultStatus.VALID
    assert verify_records() == (2, [])


def test_result_expires_after_the_grace_of_the_settings(scheme: Scheme) -> None:
    result = issued(scheme)
    assert result.expires_on == SchemeSettings.objects.current().expires(result.renewal_due_on)
    today = timezone.localdate()
    Result.objects.update(expires_on=today)

    assert expire_results(today) == 0
    assert expire_results(today + timedelta(days=1)) == 1
    assert expire_results(today + timedelta(days=1)) == 0

    result.refresh_from_db()
    assert result.status == ResultStatus.EXPIRED
    assert AuditEvent.objects.filter(act="result_expired").get().actor is None


def test_renewal_is_announced_once_per_mark(scheme: Scheme) -> None:
    issued(scheme)
    due = timezone.localdate() + timedelta(days=400)
    Result.objects.update(renewal_due_on=due)
    Notice.objects.all().delete()

    told = [remind_of_renewals(due - timedelta(days=days)) for days in (181, 180, 179, 90, 30)]

    assert told == [0, 4, 0, 4, 4]  # manager, body's desk, coordinator and administrator
    assert Notice.objects.filter(recipient=scheme.manager).count() == 3


def test_grade_can_be_computed_again_from_what_is_kept(scheme: Scheme) -> None:
    result = issued(scheme)

    again = grade(
        GradingParameters.from_data(result.inputs["parameters"]),
        [Outcome(*row) for row in result.inputs["outcomes"]],
    )

    assert (again.grade, again.score) == (result.computed_grade, result.score)


def test_page_suspends_and_reinstates(scheme: Scheme, client: Client) -> None:
    result = issued(scheme)
    number = result.audit.number
    client.force_login(scheme.decider)

    page = reverse("console:result", args=[number, "suspend"])
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "調査中です。"}).status_code == 302
    assert client.post(page, {"reason": "もう一度"}).status_code == 422
    shown = client.get(reverse("console:audit", args=[number])).content.decode()
    assert reverse("console:result", args=[number, "reinstate"]) in shown
    assert client.get(reverse("console:result", args=[number, "erase"])).status_code == 404
    result.refresh_from_db()
    assert result.status == ResultStatus.SUSPENDED


def test_list_of_results_says_what_is_due(
    scheme: Scheme, client: Client, django_assert_num_queries: object
) -> None:
    issued(scheme)
    client.force_login(scheme.coordinator)

    page = client.get(reverse("console:results"))

    assert page.status_code == 200
    assert Result.objects.get().number in page.content.decode()
    assert client.get(reverse("console:results"), {"status": "withdrawn"}).status_code == 200
    assert client.get(reverse("console:results"), {"format": "csv"}).status_code == 200
