"""Submission papers of a result: choose to whom, answer what it asks for, have them made, fetch them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audits.models import Audit, Result
from audits.portal.supplier.facts import trail_to
from reports import policies
from reports.forms.submissions import SubmissionForm
from reports.models import SubmissionFile, SubmissionTarget
from reports.reading import as_attachment
from reports.remaining import remaining_words, warning
from reports.services.papers import lined_up
from reports.services.printing import read_file
from reports.services.submissions import member_of, refusals
from reports.snapshot.submissions import remaining_of, warnings_of
from reports.target_words import papers_text
from reports.terms import SubmissionPaper
from suppliers import policies as suppliers
from ui.paging import paginate

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: UserRequest, number: str) -> HttpResponse:
    """Show what is submitted of the newest result to a target, with what was made; by POST make it."""
    audit = _audit(request, number)
    result = Result.objects.filter(audit=audit).order_by("-revision").first()
    if result is None:
        raise Http404
    result.audit = audit
    manages = suppliers.manages(request.user, audit.site.supplier)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    targets = list(SubmissionTarget.objects.offered())
    target = _chosen(request, targets)
    refused = refusals(result, target) if target else []
    form = None
    if manages and target and not refused:
        sent = {"data": request.POST} if request.method == "POST" else {}
        form = SubmissionForm(**sent, result=result, target=target, actor=request.user)
        if form.is_valid() and form.save():
            messages.success(
                request,
                _("The papers are being made: %(number)s.") % {"number": form.made.submission},
            )
            return redirect(_address(number, target))
    made = SubmissionFile.objects.visible_to(request.user).filter(submission__result__audit=audit)
    made = made.select_related("submission__target", "submission__made_by", "submission__result")
    page = paginate(request, lined_up(made.order_by("-created_at", "-pk")), 20)
    template = "submission_files" if request.htmx else "submission"
    return render(
        request,
        f"reports/portal/{template}.html",
        {
            "audit": audit,
            "result": result,
            "manages": manages,
            "targets": targets,
            "target": target,
            "refused": refused,
            "form": form,
            **(_validity(result, target) if target else {}),
            "page": page,
            "rows": [(row, _members(row)) for row in page],
            "unfinished": any(row.is_unfinished for row in page),
            "trail": trail_to(audit, _("Submission papers")) if manages else [],
        },
        status=422 if form is not None and form.errors else 200,
    )


def _audit(request: UserRequest, number: str) -> Audit:
    rows = Audit.objects.visible_to(request.user).with_people()
    audit = get_object_or_404(rows.select_related("standard"), number=number)
    if not policies.reads_submissions(request.user, audit):
        raise Http404
    return audit


def _chosen(request: UserRequest, targets: list[SubmissionTarget]) -> SubmissionTarget | None:
    """Return the target that the address asks for, else the first."""
    asked = request.GET.get("target", "")
    return next((row for row in targets if str(row.pk) == asked), targets[0] if targets else None)


def _address(number: str, target: SubmissionTarget) -> str:
    return f"{reverse('portal:submission', args=[number])}?target={target.pk}"


def _validity(result: Result, target: SubmissionTarget) -> dict[str, Any]:
    today = timezone.localdate()
    remaining = remaining_of(result, today, target.minimum_months)
    return {
        "today": today,
        "papers": papers_text(target),
        "remaining": remaining_words(remaining),
        "warnings": [
            warning(code, remaining)
            for code in warnings_of(result, today, target.minimum_months)
            # It stands beside the grade, as everywhere.
            if code != "provisional"
        ],
    }


def _members(row: SubmissionFile) -> list[tuple[int, str, dict[str, Any]]]:
    """Return the files of a set with their places and titles."""
    return [
        (place, str(SubmissionPaper(member["paper"]).label), member)
        for place, member in enumerate(row.members, start=1)
    ]


@require_GET
def submission_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one set as ZIP."""
    row = _ready(request, pk)
    try:
        return as_attachment(read_file(row), row.file_name, "application/zip")
    except ValidationError as error:
        return _refused(request, row, error)


@require_GET
def submission_member(request: UserRequest, pk: UUID, place: int) -> HttpResponse:
    """Hand out one file of a set alone."""
    row = _ready(request, pk)
    try:
        name, content = member_of(row, place)
    except ValidationError as error:
        if getattr(error, "code", "") == "missing":
            raise Http404 from error
        return _refused(request, row, error)
    return as_attachment(content, name)


def _ready(request: UserRequest, pk: UUID) -> SubmissionFile:
    rows = SubmissionFile.objects.visible_to(request.user).ready()
    return get_object_or_404(rows.select_related("submission__result__audit"), pk=pk)


def _refused(request: UserRequest, row: SubmissionFile, error: ValidationError) -> HttpResponse:
    messages.error(request, " ".join(error.messages))
    return redirect("portal:submission", number=row.submission.result.audit.number)
