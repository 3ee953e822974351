"""What becomes of a result: suspended, reinstated, withdrawn, superseded, expired, due for renewal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Notice
from audits.models import Audit, AuditEvent, Result, SchemeSettings
from audits.result_states import meaning
from audits.services.clocks.results import expire_results, remind_of_renewals
from audits.services.records import verify_records
from audits.services.results import change_result
from audits.terms import AuditKind, ResultStatus, Status
from tests.factories import Scheme, audit_at, make_grant, make_site

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


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
    due = date(2028, 1, 23)  # its marks are business days
    Result.objects.update(renewal_due_on=due)
    Notice.objects.all().delete()

    told = [remind_of_renewals(due - timedelta(days=days)) for days in (181, 180, 179, 90, 30)]

    assert told == [0, 4, 0, 4, 4]  # manager, body's desk, coordinator and administrator
    assert Notice.objects.filter(recipient=scheme.manager).count() == 3


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


def test_list_of_results_says_what_is_due(scheme: Scheme, client: Client) -> None:
    result = issued(scheme)
    client.force_login(scheme.coordinator)
    listed = reverse("console:results")

    def shows(**asked: str) -> bool:
        return result.number in client.get(listed, asked).content.decode()

    assert shows()
    assert shows(status="valid")
    assert not shows(status="withdrawn")
    text = client.get(listed, {"format": "csv"}).getvalue().decode()
    assert result.number in text
    assert "暫定基準" in text
    Result.objects.update(renewal_due_on=timezone.localdate() + timedelta(days=60))
    assert shows(due="90")
    assert not shows(due="30")


def test_list_costs_the_same_for_one_and_three(
    scheme: Scheme, client: Client, django_assert_num_queries: Any
) -> None:
    issued(scheme)
    client.force_login(scheme.coordinator)
    client.get(reverse("console:results"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("console:results"))
    for _more in range(2):
        audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))

    with django_assert_num_queries(len(one)):
        client.get(reverse("console:results"))


def test_supplier_reads_the_state_and_its_reason(scheme: Scheme, client: Client) -> None:
    result = issued(scheme)
    change_result(actor=scheme.decider, result=result, change="suspend", reason="調査中です。")
    client.force_login(scheme.manager)

    page = client.get(reverse("portal:our_result", args=[result.audit.number])).content.decode()
    assert "調査中です。" in page
    with override("ja"):
        assert meaning(ResultStatus.SUSPENDED) in page
    for name, arguments in (
        ("portal:sites", []),
        ("portal:site", [scheme.site.pk]),
        ("portal:our_audits", []),
        ("portal:our_audit", [result.audit.number]),
    ):
        assert (
            'data-status="suspended"' in client.get(reverse(name, args=arguments)).content.decode()
        )


def test_brand_reads_the_state_instead_of_the_grade(scheme: Scheme, client: Client) -> None:
    result = issued(scheme)
    make_grant(scheme.site, scheme.brand)
    change_result(actor=scheme.owner, result=result, change="withdraw", reason="虚偽の書類。")
    client.force_login(scheme.brand_user)

    page = client.get(reverse("portal:shared")).content.decode()

    assert 'data-status="withdrawn"' in page
    assert result.get_grade_display() not in page
    assert "虚偽の書類。" not in page


def test_public_page_says_what_became_of_it(scheme: Scheme, client: Client) -> None:
    result = issued(scheme)
    address = reverse("verify", args=[result.verification_code])
    for change in ("suspend", "withdraw"):
        changed = change_result(
            actor=scheme.decider, result=result, change=change, reason="虚偽の書類。"
        )
        page = client.get(address).content.decode()
        with override("ja"):
            assert meaning(changed.status) in page
        assert "虚偽の書類。" not in page
