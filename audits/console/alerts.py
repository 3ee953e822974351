"""Critical alerts: the list, open ones first, and the page where one is settled and told."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_GET

from audits.console.access import for_desks, form_page
from audits.console.audit import trail
from audits.filters import AlertFilter
from audits.forms.contested import SettleForm, TellForm
from audits.models import Alert, Audit, AuditEvent
from audits.services.alerting import may_settle
from audits.timeline import entries
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value

ACTS = ("alert_raised", "alert_confirmed", "alert_cancelled", "alert_told")


@require_GET
@for_desks
def alerts(request: UserRequest) -> HttpResponseBase:
    """List critical alerts: open ones first, the one that is due next on top; or download them."""
    rows = (
        Alert.objects.visible_to(request.user)
        .select_related("audit__site__supplier", "audit__secretariat", "finding__requirement")
        .order_by(F("settled_at").desc(nulls_first=True), "due_at", "pk")
    )
    chosen = AlertFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-alerts", _header(), lambda: _rows(chosen.qs)):
        return sent
    return render(
        request,
        "audits/console/alerts.html",
        {"filter": chosen, "page": paginate(request, chosen.qs)},
    )


def _header() -> list[str]:
    return [
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Requirement"),
        _("Raised at"),
        _("To be settled by"),
        _("State"),
        _("Settled at"),
        _("Supplier told at"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.audit.number,
            row.audit.site.supplier.name,
            row.audit.site.name,
            row.finding.requirement.code if row.finding else "",
            row.raised_at,
            row.due_at,
            {
                None: pgettext("alert", "open"),
                True: pgettext("alert", "confirmed"),
                False: pgettext("alert", "cancelled"),
            }[row.confirmed],
            row.settled_at,
            row.told_at,
        ]


@for_desks
@form_page
def alert(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one alert; confirm or cancel it, and tell the supplier when it is safe."""
    one = get_object_or_404(
        Alert.objects.visible_to(request.user).select_related(
            "raised_by", "settled_by", "finding__requirement"
        ),
        pk=pk,
    )
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_people(), pk=one.audit_id)
    handles = may_settle(request.user, one, audit)
    do = request.POST.get("do", "")
    settling, telling = do in ("confirm", "cancel"), do == "tell"
    settle_form = SettleForm(
        request.POST if settling else None, alert=one, actor=request.user, prefix="s"
    )
    tell_form = TellForm(
        request.POST if telling else None, alert=one, actor=request.user, prefix="t"
    )
    if request.method == "POST":
        if not handles:
            raise PermissionDenied
        if settling and settle_form.is_valid() and settle_form.settled(confirmed=do == "confirm"):
            said = _("The alert is confirmed.") if do == "confirm" else _("The alert is cancelled.")
            messages.success(request, said)
            return redirect("console:alert", pk=pk)
        if telling and tell_form.is_valid() and tell_form.save():
            messages.success(request, _("The supplier has been told."))
            return redirect("console:alert", pk=pk)
    events = AuditEvent.objects.visible_to(request.user).filter(
        audit=audit, act__in=ACTS, payload__alert=str(pk)
    )
    return render(
        request,
        "audits/console/alert.html",
        {
            "alert": one,
            "audit": audit,
            "settle_form": settle_form if handles and one.settled_at is None else None,
            "tell_form": tell_form if handles and one.told_at is None and one.confirmed else None,
            "timeline": entries(events.select_related("actor").order_by("-sequence")),
            "trail": trail(audit),
        },
        status=422 if settle_form.errors or tell_form.errors else 200,
    )
