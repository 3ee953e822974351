"""Fieldwork: the list of requirements, and one card at a time that saves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audits import policies
from audits.forms.findings import FindingForm
from audits.models import Finding, FindingComment
from audits.portal.auditor.comparing import differences
from audits.portal.auditor.evidence_part import evidence_part
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.sheets import Sheet
from audits.portal.auditor.tablet import tablet_config
from audits.services.document_list import DocumentList
from audits.services.fieldwork import StaleFindingError
from audits.services.previous import previous_of
from audits.terms import WRITABLE, Actor, Method, Severity

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from audits.models import Audit


@require_GET
def fieldwork(request: UserRequest, number: str) -> HttpResponse:
    """List the requirements by category with their progress; the filter narrows the list."""
    audit = audit_of(request, number)
    sheet = Sheet(audit, request.user, show=request.GET.get("show", ""))
    return render(
        request,
        "audits/portal/auditor/fieldwork.html",
        {
            "audit": audit,
            "sheet": sheet,
            "writable": policies.writes_findings(request.user, audit),
            "leads": Actor.LEAD in policies.capacities(request.user, audit),
            "divides": policies.divides_work(request.user, audit),
            "trail": trail(audit, _("Fieldwork")),
            "tablet": tablet_config(request, audit),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: UserRequest, number: str, code: str) -> HttpResponse:
    """Show one requirement with its finding; a POST saves it, by htmx or by the button."""
    if request.method == "POST":
        return _save(request, number, code)
    audit = audit_of(request, number)
    return card_page(request, audit, _finding(request, number, code))


def _finding(request: UserRequest, number: str, code: str) -> Finding:
    return get_object_or_404(
        Finding.objects.visible_to(request.user).select_related(
            "audit", "changed_by", "requirement__category"
        ),
        audit__number=number,
        requirement__code=code,
    )


def _save(request: UserRequest, number: str, code: str) -> HttpResponse:
    finding = _finding(request, number, code)
    if request.POST.get("resolve") == "theirs":
        messages.info(request, _("The stored version was kept; what you had typed was given up."))
        return redirect(request.get_full_path())
    form = FindingForm(request.POST, finding=finding)
    sheet = Sheet(
        finding.audit,
        request.user,
        show=request.GET.get("show", ""),
        current=code,
    )
    state: dict[str, Any] = {"sheet": sheet, "form": form, "finding": finding}
    try:
        saved = form.save(actor=request.user) if form.is_valid() else None
    except StaleFindingError as stale:
        stored = Finding.objects.select_related("changed_by", "requirement").get(
            pk=stale.current.pk
        )
        found = differences(form, stored)
        # The same words twice, such as a button pressed while the card saved itself: no conflict.
        saved = None if found else stored
        if found:
            state |= {"stored": stored, "differences": found}
    if request.htmx:
        return _answer(request, saved, state)
    if saved is not None:
        return redirect(_after(request, sheet))
    return card_page(
        request,
        audit_of(request, number),
        finding,
        form=form,
        status=409 if "stored" in state else 422,
        **{key: state[key] for key in ("stored", "differences") if key in state},
    )


def _answer(request: UserRequest, saved: Finding | None, state: dict[str, Any]) -> HttpResponse:
    """Answer an autosave: the line that says so, and beside it the navigator that changed."""
    if saved is None:
        status = 409 if "stored" in state else 422
        template = "audits/portal/auditor/refused.html"
        return render(request, template, state, status=status)
    for row in state["sheet"].findings:
        if row.pk == saved.pk:
            row.judgement, row.severity = saved.judgement, saved.severity
    state |= {"finding": saved, "writable": True}
    return render(request, "audits/portal/auditor/saved.html", state)


def _after(request: UserRequest, sheet: Sheet) -> str:
    """Return where the pressed button leads once the card is saved."""
    targets = {
        "previous": sheet.previous,
        "next": sheet.next,
        "unassessed": sheet.next_unassessed,
    }
    target = targets.get(request.POST.get("go", ""))
    if target is not None:
        return f"{sheet.url_of(target)}#card"
    messages.success(request, _("Saved."))
    return request.get_full_path()


def card_page(
    request: UserRequest, audit: Audit, finding: Finding, *, status: int = 200, **given: Any
) -> HttpResponse:
    """Render the card with everything around it; `given` replaces the forms it starts with."""
    code = finding.requirement.code
    writable = policies.writes_findings(request.user, audit)
    earlier = previous_of(request.user, audit, code)
    context: dict[str, Any] = {
        "audit": audit,
        "finding": finding,
        "requirement": finding.requirement,
        "clauses": finding.requirement.clauses.order_by("order"),
        "papers": DocumentList(audit, request.user).serving(code),
        "comments": FindingComment.objects.visible_to(request.user)
        .filter(finding=finding)
        .select_related("author"),
        "earlier": earlier,
        "before": earlier.findings.get(code) if earlier else None,
        "sheet": Sheet(
            audit,
            request.user,
            show=request.GET.get("show", ""),
            current=code,
        ),
        "writable": writable,
        "leads": Actor.LEAD in policies.capacities(request.user, audit),
        "reads_notes": policies.reads_working_notes(request.user, audit),
        "form": FindingForm(finding=finding),
        "methods": Method.choices,
        "severities": Severity.choices,
        "here": request.get_full_path(),
        "trail": trail(audit, _("Fieldwork")),
    }
    return render(
        request,
        "audits/portal/auditor/card.html",
        context | evidence_part(request, audit, finding) | given,
        status=status,
    )


@require_GET
def findings(request: UserRequest, number: str) -> HttpResponse:
    """Show all findings on one page, to read; the long texts of the requirements stay out."""
    audit = audit_of(request, number)
    if audit.standard_id is None:
        raise Http404
    rows = (
        Finding.objects.visible_to(request.user)
        .filter(audit=audit)
        .in_order()
        .with_origin()
        .defer("requirement__text_ja", "requirement__text_en", "requirement__guidance_ja")
        .prefetch_related("evidence", "comments__author")
    )
    return render(
        request,
        "audits/portal/auditor/findings.html",
        {
            "audit": audit,
            "rows": list(rows),
            "sheet": Sheet(audit, request.user),
            "writable": audit.status in WRITABLE,
            "reads_notes": policies.reads_working_notes(request.user, audit),
            "trail": trail(audit, _("Findings")),
        },
    )
