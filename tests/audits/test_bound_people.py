"""Whoever is bound to an audit changes no result and settles no alert; what the owner stopped stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext, override

from accounts.models import Membership, Notice, User
from accounts.terms import Role
from audits.models import Result
from audits.services.alerting import cancel_alert, raise_alert
from audits.services.records import verify_records
from audits.services.results import change_result
from audits.terms import ResultStatus, Status
from tests.audits.appeals import appealed, uphold
from tests.factories import Scheme, audit_at, make_engagement, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

STAYS = (
    "The appeal was upheld. A new revision of the result is issued; it stays suspended "
    "for the same reason."
)


def issued(scheme: Scheme) -> Result:
    return Result.objects.select_related("audit").get(audit=audit_at(Status.ISSUED, scheme))


def test_what_the_owner_suspended_only_the_owner_reinstates(scheme: Scheme, client: Client) -> None:
    result = issued(scheme)
    change_result(actor=scheme.owner, result=result, change="suspend", reason="虚偽の疑い。")
    page = reverse("console:result", args=[result.audit.number, "reinstate"])
    client.force_login(scheme.decider)

    with pytest.raises(PermissionDenied):
        change_result(actor=scheme.decider, result=result, change="reinstate", reason="問題なし。")
    assert client.get(page).status_code == 403
    shown = client.get(reverse("console:audit", args=[result.audit.number])).content.decode()
    assert page not in shown
    assert reverse("console:result", args=[result.audit.number, "withdraw"]) in shown

    changed = change_result(
        actor=scheme.owner, result=result, change="reinstate", reason="問題なし。"
    )
    assert changed.status == ResultStatus.VALID
    change_result(actor=scheme.decider, result=result, change="suspend", reason="調査中です。")
    change_result(actor=scheme.decider, result=result, change="reinstate", reason="問題なし。")


@pytest.mark.parametrize("change", ["suspend", "withdraw"])
def test_nobody_changes_a_result_he_or_she_is_bound_to(scheme: Scheme, change: str) -> None:
    result = issued(scheme)
    Membership.objects.create(
        user=scheme.lead.user, organisation=scheme.secretariat, role=Role.REVIEWER
    )
    lead = User.objects.get(pk=scheme.lead.user_id)
    for person in (scheme.decider, scheme.owner):
        make_engagement(scheme.supplier, person)

    for person in (lead, scheme.decider, scheme.owner):
        with pytest.raises(PermissionDenied):
            change_result(actor=person, result=result, change=change, reason="x")
    change_result(
        actor=make_user(scheme.secretariat, Role.REVIEWER),
        result=result,
        change=change,
        reason="虚偽の書類。",
    )


def test_nobody_with_a_tie_to_the_supplier_settles_an_alert(scheme: Scheme, client: Client) -> None:
    alert = raise_alert(
        actor=scheme.lead.user, audit=audit_at(Status.FIELDWORK, scheme), reason="非常口の施錠。"
    )
    make_engagement(scheme.supplier, scheme.coordinator)
    client.force_login(scheme.coordinator)

    with pytest.raises(PermissionDenied) as refused:
        cancel_alert(actor=scheme.coordinator, alert=alert, settlement="何もなかった。")
    page = reverse("console:alert", args=[alert.pk])
    assert 'name="s-settlement"' not in client.get(page).content.decode()
    assert client.post(page, {"do": "cancel", "s-settlement": "x"}).status_code == 403

    assert "engagement" in str(refused.value)
    other = make_user(scheme.secretariat, Role.COORDINATOR)
    cancel_alert(actor=other, alert=alert, settlement="誤報でした。")


@pytest.mark.parametrize("by", ["owner", "decider"])
def test_revision_of_a_suspended_result_stays_suspended_until_it_is_reinstated(
    scheme: Scheme, by: str
) -> None:
    appeal = appealed(scheme, "5-7", "5-8")
    change_result(
        actor=getattr(scheme, by), result=appeal.result, change="suspend", reason="虚偽の疑い。"
    )

    new = uphold(scheme, appeal)

    new.refresh_from_db()
    appeal.result.refresh_from_db()
    assert appeal.result.status == ResultStatus.SUPERSEDED
    assert (new.status, new.status_reason) == (ResultStatus.SUSPENDED, "虚偽の疑い。")
    event = new.audit.events.get(act="result_suspended", payload__result=new.number)
    assert event.payload["as"] == appeal.result.number
    notice = Notice.objects.filter(recipient=scheme.manager, key__contains="appeal-decided").get()
    with override(scheme.manager.locale):
        assert gettext(STAYS) in notice.subject
    if by == "owner":
        with pytest.raises(PermissionDenied):
            change_result(actor=scheme.decider, result=new, change="reinstate", reason="問題なし。")
    changed = change_result(
        actor=getattr(scheme, by), result=new, change="reinstate", reason="問題なし。"
    )
    assert changed.status == ResultStatus.VALID
    assert verify_records() == (1, [])
