"""The end of the visit: the closing meeting, the signature, the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import policies
from audits.conversations import threads
from audits.forms.acts import ActForm
from audits.forms.closing import ClosingForm
from audits.forms.findings import AnswerForm
from audits.forms.visit import SignForm
from audits.models import FindingComment
from audits.portal.auditor.missing import linked
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.sheets import Sheet
from audits.services.checking import advice_on
from audits.services.guards import sign_gaps, visit_gaps
from audits.services.interviews import coverage_of
from audits.services.perform import refusals
from audits.terms import WRITABLE, Act, Actor, CommentKind, Status
from audits.workflow import Move

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: UserRequest, number: str) -> HttpResponse:
    """Show what is still to be judged; go through the findings with the site and have them signed.

    `?again` opens a further meeting in place of the one that was signed.
    """
    audit = audit_of(request, number, Actor.LEAD)
    if audit.status != Status.FIELDWORK:
        return _moved_on(request, audit)
    before = audit.closing_meetings.current()
    sent = (request.POST if request.method == "POST" else None,)
    form = ClosingForm(*sent, actor=request.user, audit=audit, before=before)
    if form.is_valid() and form.save():
        messages.success(
            request,
            _("The closing meeting is signed. The supplier can read the summary now."),
        )
        return redirect("portal:closing", number=number)
    if form.has_error(NON_FIELD_ERRORS, "changed"):
        form.seal_anew()
    sheet = Sheet(audit, request.user)
    obstacles = refusals(audit, Move(Act.FINISH_VISIT, request.user))
    return render(
        request,
        "audits/portal/auditor/closing.html",
        {
            "audit": audit,
            "form": form,
            "before": before,
            "shows_form": before is None or form.is_bound or "again" in request.GET,
            "finish": ActForm(audit=audit, act=Act.FINISH_VISIT, actor=request.user),
            "obstacles": [sentence for error in obstacles for sentence in error.messages],
            "sheet": sheet,
            "gaps": linked(sheet, visit_gaps(audit)),
            "unwritten": [row for row in form.told if not row.text],
            "samples": list(audit.samples.counted()),
            "heard": coverage_of(audit),
            "trail": trail(audit, _("Closing meeting")),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def finish(request: UserRequest, number: str) -> HttpResponse:
    """Finish the visit once the closing meeting is signed."""
    audit = audit_of(request, number, Actor.LEAD)
    form = ActForm(request.POST, audit=audit, act=Act.FINISH_VISIT, actor=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("The visit is finished. Complete the report and sign it."))
        return redirect("portal:signature", number=number)
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return redirect("portal:closing", number=number)


@require_GET
def completeness(request: UserRequest, number: str) -> HttpResponse:
    """Show the whole team what is missing before the visit ends and before the report is signed."""
    audit = audit_of(request, number)
    if audit.status not in WRITABLE:
        return _moved_on(request, audit)
    sheet = Sheet(audit, request.user)
    return render(
        request,
        "audits/portal/auditor/completeness.html",
        {
            "audit": audit,
            "sheet": sheet,
            "gaps": linked(sheet, sign_gaps(audit)),
            "comments": _unanswered(request, audit),
            "closing": audit.closing_meetings.current(),
            "leads": Actor.LEAD in policies.capacities(request.user, audit),
            "trail": trail(audit, _("Completeness check")),
        },
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
    sheet = Sheet(audit, request.user)
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
            "gaps": linked(sheet, sign_gaps(audit)),
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
        key = request.POST.get("comment", "")
        comment = get_object_or_404(
            _comments(request, audit)
            .exclude(kind=CommentKind.ANSWER)
            .select_related("finding__audit"),
            pk=key if key.isdecimal() else None,
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
