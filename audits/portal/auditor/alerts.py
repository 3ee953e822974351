"""The page on which the lead raises a critical alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.forms.contested import AlertForm
from audits.models import Alert, Finding, SchemeSettings
from audits.portal.auditor.places import audit_of, trail
from audits.terms import WRITABLE, Actor

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def raise_alert(request: UserRequest, number: str) -> HttpResponse:
    """Say what follows, and raise the alert."""
    audit = audit_of(request, number, Actor.LEAD)
    if request.method != "POST" and audit.status not in WRITABLE:
        messages.info(
            request,
            _("A critical alert can be raised from the start until the report is signed."),
        )
        return redirect("portal:audit", number=number)
    findings = Finding.objects.visible_to(request.user).filter(audit=audit).applicable().in_order()
    form = AlertForm(
        request.POST if request.method == "POST" else None,
        audit=audit,
        findings=list(findings),
        actor=request.user,
        initial={"finding": request.GET.get("finding", "")},
    )
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(
            request,
            _(
                "The critical alert was raised. The secretariat and the scheme owner have been told."
            ),
        )
        return redirect("portal:audit", number=number)
    return render(
        request,
        "audits/portal/auditor/alert.html",
        {
            "audit": audit,
            "form": form,
            "hours": SchemeSettings.objects.current().alert_hours,
            "earlier": Alert.objects.visible_to(request.user).filter(audit=audit).open(),
            "trail": trail(audit, _("Critical alert")),
        },
        status=422 if form.errors else 200,
    )
