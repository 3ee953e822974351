"""Evidence on the card: taken in, described anew, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from audits import policies
from audits.forms.evidence import EvidenceChangeForm, EvidenceForm, EvidenceRemovalForm
from audits.models import Audit, Evidence, Finding
from audits.portal.auditor.evidence_part import evidence_part
from audits.portal.auditor.fieldwork import card_page
from audits.portal.auditor.places import audit_of, trail

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.http import UserRequest


def finding_of(request: UserRequest, number: str, code: str) -> Finding:
    """Return the finding on which somebody of the team works; 404 and 403 as `audit_of`."""
    return get_object_or_404(
        Finding.objects.visible_to(request.user).select_related(
            "audit", "changed_by", "requirement__category"
        ),
        audit=audit_of(request, number),
        requirement__code=code,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def finding_evidence(request: UserRequest, number: str, code: str) -> HttpResponse:
    """Show the part of the card; a POST keeps the files that can be kept and says why others cannot."""
    finding = finding_of(request, number, code)
    audit = audit_of(request, number)
    if request.method != "POST":
        context = {"audit": audit, "finding": finding, "requirement": finding.requirement}
        return render(
            request,
            "audits/portal/auditor/evidence.html",
            context | evidence_part(request, audit, finding),
        )
    form = EvidenceForm(request.POST, request.FILES)
    kept = form.save(actor=request.user, finding=finding) if form.is_valid() else []
    if kept:
        messages.success(
            request,
            ngettext("%(count)d file was added.", "%(count)d files were added.", len(kept))
            % {"count": len(kept)},
        )
    if form.errors:
        return card_page(request, audit, finding, upload=form, status=422)
    return redirect(_card(finding))


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one piece with its facts; a POST gives it another caption or class, or removes it."""
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related(
            "audit", "finding__requirement", "added_by"
        ),
        pk=pk,
    )
    audit = Audit.objects.with_people().get(pk=evidence.audit_id)
    if not policies.writes_findings(request.user, audit):
        raise PermissionDenied
    removing = request.POST.get("act") == "remove"
    sent = request.POST if request.method == "POST" else None
    given: dict[str, Any] = {"actor": request.user, "evidence": evidence}
    change = EvidenceChangeForm(None if removing else sent, **given)
    removal = EvidenceRemovalForm(sent if removing else None, **given)
    form = removal if removing else change
    if form.is_valid() and form.save():
        done = _("%(label)s was removed.") if removing else _("%(label)s was saved.")
        messages.success(request, done % {"label": evidence.label})
        return redirect(
            _card(evidence.finding)
            if evidence.finding
            else reverse("portal:audit", args=[audit.number])
        )
    context = {
        "audit": audit,
        "evidence": evidence,
        "change": change,
        "removal": removal,
        "back": _card(evidence.finding) if evidence.finding else "",
        "trail": trail(audit, evidence.label),
    }
    status = 200 if sent is None else 422
    return render(request, "audits/portal/auditor/evidence_edit.html", context, status=status)


def _card(finding: Finding) -> str:
    address = reverse("portal:card", args=[finding.audit.number, finding.requirement.code])
    return f"{address}#evidence"
