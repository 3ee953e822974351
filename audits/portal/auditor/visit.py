"""Around the visit: the interview sample, the closing meeting, the signature, the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits import policies
from audits.conversations import threads
from audits.forms.findings import AnswerForm
from audits.forms.visit import ClosingForm, SampleFormSet, SignForm
from audits.models import Finding, FindingComment
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.sheets import Sheet
from audits.portal.auditor.strata import rows_for
from audits.services.checking import advice_on
from audits.services.guards import sign_gaps, visit_gaps
from audits.terms import Actor, CommentKind, Status

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.checks import Gap
    from audits.models import Audit


@require_http_methods(["GET", "HEAD", "POST"])
def interviews(request: UserRequest, number: str) -> HttpResponse:
    """Plan and count the interviews by stratum and language; counts only."""
    audit = audit_of(request, number)
    writable = policies.writes_findings(request.user, audit)
    if request.method == "POST" and not writable:
        raise PermissionDenied
    rows = rows_for(audit)
    formset = SampleFormSet(
        request.POST if request.method == "POST" else None,
        initial=[row.initial for row in rows],
        prefix="s",
    )
    if request.method == "POST" and formset.is_valid():
        for form in formset:
            form.save(actor=request.user, audit=audit)
        messages.success(request, _("The interview sample was saved."))
        return redirect("portal:interviews", number=number)
    return render(
        request,
        "audits/portal/auditor/interviews.html",
        {
            "audit": audit,
            "formset": formset,
            "lines": list(zip(rows, formset.forms, strict=False)),
            "samples": list(audit.samples.all()),
            "writable": writable,
            "trail": trail(audit, _("Interview sample")),
        },
        status=422 if formset.is_bound else 200,
    )


def _with_findings(
    request: UserRequest, audit: Audit, gaps: list[Gap]
) -> tuple[Sheet, list[dict[str, Any]]]:
    """Return the sheet, and the gaps by finding, each with the address of its card."""
    sheet = Sheet(audit, Finding.objects.visible_to(request.user))
    by_code = {row.requirement.code: row for row in sheet.findings}
    grouped: dict[str, list[Gap]] = {}
    for gap in gaps:
        grouped.setdefault(gap.code, []).append(gap)
    return sheet, [
        {"finding": by_code[code], "gaps": found, "url": sheet.url_of(by_code[code])}
        for code, found in grouped.items()
        if code in by_code
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: UserRequest, number: str) -> HttpResponse:
    """Show what is still to be judged, take the closing meeting and finish the visit."""
    audit = audit_of(request, number, Actor.LEAD)
    if audit.status != Status.FIELDWORK:
        return _moved_on(request, audit)
    form = ClosingForm(request.POST if request.method == "POST" else None, audit=audit)
    if request.method == "POST" and form.is_valid() and form.save(actor=request.user):
        messages.success(request, _("The visit is finished. Complete the report and sign it."))
        return redirect("portal:signature", number=number)
    sheet, gaps = _with_findings(request, audit, visit_gaps(audit))
    return render(
        request,
        "audits/portal/auditor/closing.html",
        {
            "audit": audit,
            "form": form,
            "sheet": sheet,
            "gaps": gaps,
            "samples": list(audit.samples.all()),
            "trail": trail(audit, _("Closing meeting")),
        },
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: UserRequest, number: str) -> HttpResponse:
    """Show what is missing before the signature, and sign."""
    audit = audit_of(request, number, Actor.LEAD)
    if audit.status != Status.DRAFTING:
        return _moved_on(request, audit)
    form = SignForm(request.POST if request.method == "POST" else None, audit=audit)
    if request.method == "POST" and form.is_valid() and form.save(actor=request.user):
        messages.success(request, _("The report was signed and handed to the review."))
        return redirect("portal:audit", number=number)
    sheet, gaps = _with_findings(request, audit, sign_gaps(audit))
    findings = list(audit.findings.in_order())
    by_code = {row.requirement.code: row for row in sheet.findings}
    advice = advice_on(audit=audit, findings=findings, reader=request.user)
    return render(
        request,
        "audits/portal/auditor/signature.html",
        {
            "audit": audit,
            "form": form,
            "sheet": sheet,
            "gaps": gaps,
            "advice": [(row, sheet.url_of(by_code.get(row.code))) for row in advice],
            "comments": _unanswered(request, audit),
            "trail": trail(audit, _("Signature")),
        },
        status=422 if form.is_bound else 200,
    )


def _moved_on(request: UserRequest, audit: Audit) -> HttpResponse:
    messages.info(
        request,
        _("The audit now stands at “%(status)s”; this step is not open.")
        % {"status": audit.get_status_display()},
    )
    return redirect("portal:audit", number=audit.number)


def _comments(request: UserRequest, audit: Audit) -> Any:
    return (
        FindingComment.objects.visible_to(request.user)
        .filter(finding__audit=audit)
        .select_related("author", "finding__requirement")
        .order_by("finding__requirement__order", "pk")
    )


def _unanswered(request: UserRequest, audit: Audit) -> Any:
    return _comments(request, audit).filter(answered_at=None).exclude(kind=CommentKind.ANSWER)


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: UserRequest, number: str) -> HttpResponse:
    """List the remarks of review and supplier with their answers, and take answers."""
    audit = audit_of(request, number)
    writable = policies.writes_findings(request.user, audit)
    answered: AnswerForm | None = None
    if request.method == "POST":
        comment = get_object_or_404(
            _comments(request, audit)
            .exclude(kind=CommentKind.ANSWER)
            .select_related("finding__audit"),
            pk=request.POST.get("comment") if request.POST.get("comment", "").isdigit() else None,
        )
        answered = AnswerForm(request.POST, comment=comment)
        if answered.is_valid() and answered.save(actor=request.user):
            messages.success(request, _("Your answer was recorded."))
            return redirect("portal:comments", number=number)
    lines: list[dict[str, Any]] = [
        {
            "thread": thread,
            "form": answered
            if answered is not None and answered.comment.pk == thread.comment.pk
            else AnswerForm(comment=thread.comment),
        }
        for thread in threads(_comments(request, audit))
    ]
    return render(
        request,
        "audits/portal/auditor/comments.html",
        {
            "audit": audit,
            "lines": lines,
            "waiting": sum(line["thread"].waits for line in lines),
            "writable": writable,
            "trail": trail(audit, _("Comments")),
        },
        status=422 if answered is not None else 200,
    )
