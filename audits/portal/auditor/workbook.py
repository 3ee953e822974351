"""The audit as a workbook: download it, upload it filled in, see what changes, take it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from audits import policies
from audits.forms.findings import FindingForm
from audits.forms.workbook import TakeOverForm, WorkbookForm
from audits.models import Finding
from audits.portal.auditor.comparing import words_of
from audits.portal.auditor.places import audit_of, trail
from audits.services.workbook.merging import look
from audits.services.workbook.reading import read_workbook
from audits.services.workbook.writing import write_workbook
from audits.standards.models import Clause
from suppliers.imports.problems import FileRefused
from suppliers.services.staging import read_kept
from ui.tables import XLSX

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.services.workbook.columns import WorkbookLanguage
    from audits.services.workbook.outcome import Change, Outcome

LANGUAGES = {"ja": "日本語", "en": "English", "both": gettext_lazy("Japanese and English")}
# A page stays under 150 kB.
PROBLEMS_SHOWN = 100
TEXT_SHOWN = 600


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: UserRequest, number: str) -> HttpResponse:
    """Download the workbook in a language; upload it filled in, which leads to its preview."""
    audit = _audit(request, number)
    writable = policies.writes_findings(request.user, audit)
    if request.method == "POST" and not writable:
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = WorkbookForm(*sent, audit=audit, actor=request.user)
    if form.is_valid():
        return redirect("portal:workbook_preview", number=number, key=form.save())
    return render(
        request,
        "audits/portal/auditor/workbook.html",
        {
            "audit": audit,
            "form": form,
            "languages": LANGUAGES.items(),
            "writable": writable,
            "trail": trail(audit, _("Workbook (Excel)")),
        },
        status=422 if form.errors else 200,
    )


@require_GET
def download(request: UserRequest, number: str, language: str) -> HttpResponse:
    """Hand out the workbook as the findings stand; it holds working notes, for the team only."""
    audit = _audit(request, number)
    if language not in LANGUAGES:
        raise Http404
    content = write_workbook(
        audit,
        list(Finding.objects.visible_to(request.user).filter(audit=audit).in_order()),
        Clause.objects.by_requirement(audit.standard_id),
        language=cast("WorkbookLanguage", language),
        at=timezone.now(),
    )
    name = f"{audit.number}_{language}.xlsx"
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "",
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: UserRequest, number: str, key: str) -> HttpResponse:
    """Show what the workbook changes, field by field, and what stands against it; take it over."""
    audit = _audit(request, number)
    content = read_kept(actor=request.user, key=key)
    if content is None:
        messages.info(
            request,
            _("This workbook was taken over already or is no longer kept. Upload it again."),
        )
        return redirect("portal:workbook", number=number)
    try:
        filled = read_workbook(content, key)
        outcome = look(actor=request.user, audit=audit, filled=filled)
        form = TakeOverForm(request.POST if request.method == "POST" else None, outcome=outcome)
        changed = (
            form.save(actor=request.user, audit=audit, filled=filled, content=content, key=key)
            if form.is_valid()
            else None
        )
        if changed is not None:
            messages.success(request, _changed(changed))
            return redirect("portal:findings", number=number)
        if form.has_error("__all__", "changed"):
            outcome = look(actor=request.user, audit=audit, filled=filled)
            error = form.non_field_errors()
            form = TakeOverForm(outcome=outcome)
            messages.error(request, str(error[0]))
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:workbook", number=number)
    return render(
        request,
        "audits/portal/auditor/workbook_preview.html",
        {
            "audit": audit,
            "form": form,
            "outcome": outcome,
            "rows": _shown(outcome, form),
            "changes": sum(len(row.changes) for row in outcome.rows),
            "problems": outcome.problems[:PROBLEMS_SHOWN],
            "more_problems": len(outcome.problems) - PROBLEMS_SHOWN,
            "sheet": filled.sheet,
            "trail": trail(audit, _("Workbook (Excel)")),
        },
        status=422 if request.method == "POST" else 200,
    )


def _audit(request: UserRequest, number: str) -> Audit:
    audit = audit_of(request, number)
    if audit.standard_id is None:
        raise Http404
    return audit


def _changed(count: int) -> str:
    if not count:
        return _("Nothing was changed: what is stored was kept.")
    return ngettext(
        "The workbook was taken over: %(count)d finding changed.",
        "The workbook was taken over: %(count)d findings changed.",
        count,
    ) % {"count": count}


@dataclass(frozen=True)
class Line:
    """One field as the preview shows it."""

    change: Change
    label: str
    stored: str
    mine: str
    pick: BoundField | None


def _shown(outcome: Outcome, form: TakeOverForm) -> list[tuple[Finding, list[Line]]]:
    return [
        (
            row.finding,
            [
                Line(
                    change,
                    str(FindingForm.base_fields[change.name].label),
                    _short(words_of(change.name, change.stored)),
                    _short(words_of(change.name, change.mine)),
                    form.pick_of(change) if change.conflict else None,
                )
                for change in row.changes
            ],
        )
        for row in outcome.rows
    ]


def _short(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"
