"""Corrective actions: the overview, and the page where one is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits import policies
from audits.console.access import for_desks, form_page
from audits.console.audit import trail
from audits.filters import CorrectionFilter
from audits.forms.verification import CHECKS, CheckForm, checks_for
from audits.models import AuditEvent, CorrectiveAction, Evidence, SuppliedFile
from audits.services.correcting import CHECKERS, STEPS
from audits.terms import Severity
from audits.timeline import entries
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


@require_GET
@for_desks
def corrections(request: UserRequest) -> HttpResponseBase:
    """List corrective actions, the most urgent of the open ones first."""
    rows = (
        CorrectiveAction.objects.visible_to(request.user)
        .with_gravity()
        .select_related(
            "finding__requirement", "finding__audit__site__supplier", "finding__audit__body"
        )
    )
    rows = rows.order_by(
        # Said outright: what is empty stands first on one database and last on the other.
        F("closed_at").desc(nulls_first=True),
        "close_due_on",
        "finding__audit__number",
        "finding__requirement__order",
    )
    chosen = CorrectionFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-corrective-actions", _header(), lambda: _rows(chosen.qs)):
        return sent
    return render(
        request,
        "audits/console/corrections.html",
        {"filter": chosen, "page": paginate(request, chosen.qs)},
    )


def _header() -> list[str]:
    return [
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Requirement"),
        _("Severity"),
        _("Repeat since"),
        _("State"),
        _("Escalation"),
        _("Plan due"),
        _("To be closed by"),
        _("Verification"),
        _("Closed at"),
    ]


def _rows(actions: object) -> Iterator[list[Value]]:
    for action in in_batches(actions):
        finding = action.finding
        grave = finding.effective_severity
        yield [
            finding.audit.number,
            finding.audit.site.supplier.name,
            finding.audit.site.name,
            f"{finding.requirement.code} {finding.requirement.title}",
            Severity(grave).label if grave else "",
            action.repeat_since,
            action.get_status_display(),
            action.escalation_label,
            action.plan_due_on,
            action.close_due_on,
            action.get_verification_display(),
            action.closed_at,
        ]


@for_desks
@form_page
def correction(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one corrective action beside its finding; accept, return, close or carry it over."""
    visible = (
        CorrectiveAction.objects.visible_to(request.user)
        .select_related(
            "finding__requirement",
            "finding__audit__site__supplier",
            "finding__audit__body",
            "finding__audit__secretariat",
        )
        .prefetch_related("finding__audit__team__auditor")
    )
    action = get_object_or_404(visible, pk=pk)
    audit, finding = action.finding.audit, action.finding
    steps = checks_for(action, request.user)
    form = CheckForm(request.POST or None, action=action, actor=request.user)
    if request.method == "POST":
        if policies.capacities(request.user, audit).isdisjoint(CHECKERS):
            raise PermissionDenied
        if form.is_valid() and form.save():
            messages.success(
                request, _("Done: %(act)s.") % {"act": CHECKS[form.cleaned_data["step"]]}
            )
            return redirect("console:correction", pk=pk)
    events = AuditEvent.objects.visible_to(request.user).filter(
        audit=audit, act__startswith="corrective_action_", payload__code=finding.requirement.code
    )
    return render(
        request,
        "audits/console/correction.html",
        {
            "action": action,
            "audit": audit,
            "finding": finding,
            "evidence": Evidence.objects.visible_to(request.user).filter(finding=finding),
            "files": SuppliedFile.objects.visible_to(request.user).filter(action=action),
            "form": form,
            "steps": [
                {
                    "name": name,
                    "label": CHECKS[name],
                    "primary": not STEPS[name].comment,
                }
                for name in steps
            ],
            "timeline": entries(events.select_related("actor").order_by("-sequence")),
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )
