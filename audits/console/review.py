"""The review desk: findings beside their evidence, comments, pass or send back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audits import policies
from audits.console.access import (
    audit_for,
    audit_or_404,
    for_desks,
    form_page,
    not_now,
    open_for,
    status_of,
)
from audits.console.audit import done, tally, trail
from audits.console.review_rows import SHOWN, bands, choices, rows_of
from audits.forms.review import KEEP, PASS, ReleaseForm, ReviewForm
from audits.models import Audit, Evidence, Finding, FindingComment, InterviewNote
from audits.services.checking import advice_on
from audits.services.commenting import kept_comments
from audits.services.document_list import DocumentList
from audits.services.meetings import contested_words
from audits.services.perform import refusals
from audits.services.previous import previous_of
from audits.services.reviewing import is_taken, may_release, take_review
from audits.terms import Act
from audits.weaving import cells
from audits.workflow import Move

if TYPE_CHECKING:
    from accounts.http import UserRequest


@for_desks
@form_page
def review(request: UserRequest, number: str) -> HttpResponse:
    """Read the report finding by finding; pass it or send it back."""
    audit = audit_for(request, number, Act.PASS_REVIEW, Act.SEND_BACK)
    if request.method != "POST" and not open_for(audit, Act.PASS_REVIEW):
        return not_now(request, audit)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    findings = _findings(request, audit)
    data = request.POST.copy()
    if "show" in data:
        # Whoever narrows the desk goes on with what was written.
        data.setdefault("verdict", KEEP)
    form = ReviewForm(
        data or None,
        audit=audit,
        actor=request.user,
        findings=findings,
        kept=kept_comments(actor=request.user, audit=audit),
    )
    if request.method == "POST" and form.is_valid() and form.save():
        return _after(request, audit, form.cleaned_data["verdict"], shown)
    earlier = previous_of(request.user, audit)
    remarks = advice_on(audit=audit, findings=findings, reader=request.user)
    before = earlier.findings if earlier else {}
    rows = rows_of(findings, form, before, remarks, contested_words(audit))
    there = {row.code for row in rows if SHOWN[shown][1](row)}
    return render(
        request,
        "audits/console/review.html",
        {
            "audit": audit,
            "form": form,
            "bands": list(bands(rows, shown)),
            "choices": choices(rows, shown),
            "cells": cells(
                findings, url=lambda finding: _to(request, finding.requirement.code, there)
            ),
            "tally": tally(findings),
            "talks": list(
                InterviewNote.objects.visible_to(request.user).filter(audit=audit).defer("text")
            ),
            "papers": [item for item in DocumentList(audit, request.user).items if item.files],
            "holder": policies.review_holder(audit),
            "notes": policies.reads_working_notes(request.user, audit),
            "earlier": earlier,
            "remarks": [
                (remark, _to(request, remark.code, there) if remark.code else "")
                for remark in remarks
            ],
            "obstacles": []
            if form.is_bound
            else refusals(audit, Move(Act.PASS_REVIEW, request.user)),
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )


def _to(request: UserRequest, code: str, there: set[str]) -> str:
    """Return where a finding stands: on this page, or on the desk with nothing left out."""
    return f"{'' if code in there else request.path}#f-{code}"


def _after(request: UserRequest, audit: Audit, verdict: str, shown: str) -> HttpResponse:
    """Lead on: to the audit once it moved, back to the desk (narrowed as asked) otherwise."""
    if verdict == KEEP and request.htmx:
        return HttpResponse(_("Kept at %(time)s.") % {"time": time_format(timezone.localtime())})
    if verdict != KEEP:
        messages.success(request, done(Act.PASS_REVIEW if verdict == PASS else Act.SEND_BACK))
        return redirect("console:audit", number=audit.number)
    messages.success(request, _("Your comments are kept. Nobody else sees them yet."))
    wanted = request.POST.get("show", shown)
    query = f"?show={wanted}" if wanted in SHOWN and wanted else ""
    return redirect(f"{reverse('console:review', args=[audit.number])}{query}")


@for_desks
@require_POST
def take(request: UserRequest, number: str) -> HttpResponse:
    """Take the review, so that nobody else of the pool does the same work."""
    audit = audit_for(request, number, Act.PASS_REVIEW)
    try:
        take_review(actor=request.user, audit=audit)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("console:audit", number=number)
    messages.success(request, _("You have taken this review."))
    return redirect("console:review", number=number)


@for_desks
@form_page
def release(request: UserRequest, number: str) -> HttpResponse:
    """Release the review: who took it, or, with a reason, an administrator of the secretariat."""
    audit = audit_or_404(request, number)
    if not may_release(request.user, audit):
        raise PermissionDenied(
            _("A review is released by who took it, or by an administrator of the secretariat.")
        )
    sent = request.method == "POST"
    if not sent and not is_taken(audit):
        return not_now(request, audit)
    form = ReleaseForm(request.POST if sent else None, audit=audit, actor=request.user)
    if sent and form.is_valid() and form.save():
        messages.success(request, _("The review is released."))
        return redirect("console:audit", number=number)
    return render(
        request,
        "audits/console/release.html",
        {"audit": audit, "form": form, "trail": trail(audit)},
        status=status_of(form.errors),
    )


def _findings(request: UserRequest, audit: Audit) -> list[Finding]:
    visible = Finding.objects.visible_to(request.user).filter(audit=audit).in_order()
    return list(
        visible.with_origin().prefetch_related(
            Prefetch("evidence", Evidence.objects.visible_to(request.user).order_by("number")),
            Prefetch(
                "comments",
                FindingComment.objects.visible_to(request.user).select_related("author"),
            ),
        )
    )
