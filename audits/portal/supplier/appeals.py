"""The page on which a supplier appeals against a result and reads what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.forms.contested import AppealForm
from audits.models import Appeal, Finding, Result, SchemeSettings
from audits.portal.supplier.access import managed_audit, own_audit
from audits.portal.supplier.facts import trail_to
from audits.revisions import revised
from audits.services.appealing import last_day, why_not
from suppliers import policies as suppliers
from suppliers.portal.access import sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def show_appeal(request: UserRequest, number: str) -> HttpResponse:
    """Show the appeals against the audit's results; a POST raises one against the newest."""
    audit = (managed_audit if request.method == "POST" else own_audit)(request, number)
    results = Result.objects.visible_to(request.user).filter(audit=audit)
    result = results.order_by("-revision").first()
    if result is None:
        raise Http404
    form = AppealForm(**sent(request), result=result, actor=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("Your appeal was sent. You will be told how it was decided."))
        return redirect("portal:our_appeal", number=number)
    obstacle = why_not(result, audit)
    appeals = (
        Appeal.objects.visible_to(request.user)
        .filter(result__audit=audit)
        .select_related("result__superseded_by", "raised_by")
        .order_by("-raised_at")
    )
    findings = list(Finding.objects.visible_to(request.user).filter(audit=audit).in_order())
    trail = trail_to(audit, _("Result"), _("Appeal"))
    trail[-2]["url"] = reverse("portal:our_result", args=[number])
    manages = suppliers.manages(request.user, audit.site.supplier)
    return render(
        request,
        "audits/portal/supplier/appeal.html",
        {
            "audit": audit,
            "result": result,
            "form": form if manages and (form.is_bound or not obstacle) else None,
            "obstacle": obstacle,
            "last_day": last_day(result),
            "days": SchemeSettings.objects.current().appeal_decision_days,
            "appeals": [(appeal, revised(appeal, findings)) for appeal in appeals],
            "trail": trail,
        },
        status=422 if form.errors else 200,
    )
