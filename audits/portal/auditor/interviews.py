"""Interviews: the plan and what was held of it, the interpreters, the sealed notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import policies
from audits.forms.interviews import InterpreterForm, NoteForm, SampleFormSet, ShortfallForm
from audits.models import Interpreter, InterviewNote
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.strata import rows_for
from audits.services.interviews import coverage_of, read_note, remove_interpreter

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest

SAMPLE, SHORTFALL, INTERPRETER, NOTE = "sample", "shortfall", "interpreter", "note"


@require_http_methods(["GET", "HEAD", "POST"])
def interviews(request: UserRequest, number: str) -> HttpResponse:
    """Plan and count the interviews by stratum and language; record interpreters and notes."""
    audit = audit_of(request, number)
    writable = policies.writes_findings(request.user, audit)
    if request.method == "POST" and not writable:
        raise PermissionDenied
    act = request.POST.get("act", SAMPLE) if request.method == "POST" else ""
    rows = rows_for(audit)
    formset = SampleFormSet(
        request.POST if act == SAMPLE else None,
        initial=[row.initial for row in rows],
        prefix="s",
    )
    spoken = [code for code in (audit.profile.languages if audit.profile else []) if code != "ja"]
    who: dict[str, Any] = {"actor": request.user, "audit": audit}
    interpreter = InterpreterForm(
        request.POST if act == INTERPRETER else None,
        prefix="i",
        initial={"language": next(iter(spoken), None)},
        **who,
    )
    shortfall = ShortfallForm(
        request.POST if act == SHORTFALL else None,
        initial={"reason": audit.interviews_reason},
        **who,
    )
    strata = [row.initial["stratum"] for row in rows if row.named and not row.across]
    note = NoteForm(request.POST if act == NOTE else None, strata=strata, **who)
    if act == SAMPLE and formset.is_valid():
        for form in formset:
            form.save(actor=request.user, audit=audit)
        messages.success(request, _("The interview sample was saved."))
        return redirect("portal:interviews", number=number)
    if act == SHORTFALL and shortfall.is_valid():
        if shortfall.save():
            messages.success(request, _("The reason was kept."))
            return redirect("portal:interviews", number=number)
    elif act == INTERPRETER and interpreter.is_valid():
        if interpreter.save():
            messages.success(request, _("The interpreter was recorded."))
            return redirect(reverse("portal:interviews", args=[number]) + "#interpreters")
    elif act == NOTE and note.is_valid() and note.save():
        messages.success(request, _("The note %s was sealed.") % note.made.label)
        return redirect(reverse("portal:interviews", args=[number]) + "#notes")
    lines: list[tuple[Any, Any]] = list(zip(rows, formset.forms, strict=False))
    return render(
        request,
        "audits/portal/auditor/interviews.html",
        {
            "audit": audit,
            "formset": formset,
            "lines": [line for line in lines if not line[0].across],
            "lines_across": [line for line in lines if line[0].across],
            "samples": list(audit.samples.all()),
            "heard": coverage_of(audit),
            "shortfall": shortfall,
            "interpreters": list(Interpreter.objects.visible_to(request.user).filter(audit=audit)),
            "interpreter": interpreter,
            "notes": list(
                InterviewNote.objects.visible_to(request.user)
                .filter(audit=audit)
                .select_related("written_by")
                .defer("text")
            ),
            "note": note,
            "writable": writable,
            "trail": trail(audit, _("Interviews")),
        },
        status=422 if act else 200,
    )


@require_POST
def take_out_interpreter(request: UserRequest, number: str, pk: UUID) -> HttpResponse:
    """Take out an interpreter who did not come."""
    audit = audit_of(request, number)
    row = get_object_or_404(
        Interpreter.objects.visible_to(request.user).select_related("audit"), audit=audit, pk=pk
    )
    remove_interpreter(actor=request.user, interpreter=row)
    messages.success(request, _("The interpreter was taken out."))
    return redirect(reverse("portal:interviews", args=[number]) + "#interpreters")


@require_GET
@never_cache
def note(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one sealed note to the team or a reviewer; the reading is recorded."""
    row = get_object_or_404(
        InterviewNote.objects.visible_to(request.user).select_related("audit", "written_by"), pk=pk
    )
    read_note(actor=request.user, note=row)
    return render(
        request,
        "audits/portal/auditor/note.html",
        {
            "note": row,
            "audit": row.audit,
            "in_team": policies.member_of(request.user, row.audit) is not None,
        },
    )
