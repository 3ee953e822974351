"""Printed papers at the scheme owner's desk: what was damaged, what differs, a year printed again."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import policies as accounts
from reports.forms.reprints import ReprintForm
from reports.models import Remaking, Reprint
from reports.reading import as_attachment
from reports.services import reprinting
from reports.services.checking import rounds
from reports.services.printing import read_version
from reports.template_versions import REPORT
from reports.terms import JobState
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.http import UserRequest

P = ParamSpec("P")
MEDIA_TYPES = {"pdf": "application/pdf", "zip": "application/zip"}
# The newest batches; the record of the owner holds them all.
SHOWN = 20


def for_owner(
    view: Callable[Concatenate[UserRequest, P], HttpResponse],
) -> Callable[Concatenate[UserRequest, P], HttpResponse]:
    """Let only the scheme owner's people in."""

    @wraps(view)
    def inner(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not accounts.is_scheme_owner(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


@require_GET
@for_owner
def papers(request: UserRequest) -> HttpResponse:
    """Show how far the nightly round is, and each paper that it had made again."""
    repairs = Remaking.objects.visible_to(request.user).repairs().order_by("-created_at", "-pk")
    return render(
        request,
        "reports/console/papers.html",
        {"rounds": rounds(), "page": paginate(request, repairs)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def reprints(request: UserRequest) -> HttpResponse:
    """Show what printing a year again would do, and earlier batches; by POST start one."""
    may_start = accounts.administers_scheme(request.user)
    if request.method == "POST" and not may_start:
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = ReprintForm(sent, actor=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("The reports of the year are being printed again."))
        return redirect("console:reprint", pk=form.made.pk)
    batches = Reprint.objects.visible_to(request.user).select_related("started_by")
    return render(
        request,
        "reports/console/reprints.html",
        {
            "form": form,
            "years": reprinting.years(),
            "may_start": may_start,
            "version": REPORT,
            "batches": batches.order_by("-created_at")[:SHOWN],
        },
        status=422 if form.errors else 200,
    )


@require_GET
@for_owner
def reprint(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show how far a batch has come, with the reports that differ or failed."""
    batch = _batch(request, pk)
    items = Remaking.objects.filter(batch=batch)
    counts = items.counts()
    unfinished = counts["queued"] + counts["running"]
    total = sum(counts[state] for state in JobState.values)
    notable = items.filter(Q(identical=False) | Q(state=JobState.FAILED)).order_by("name", "pk")
    template = "reprint_progress" if request.htmx else "reprint"
    return render(
        request,
        f"reports/console/{template}.html",
        {
            "batch": batch,
            "counts": counts,
            "waiting": counts["queued"] + counts["held"],
            "ended": counts["ready"] + counts["failed"],
            "total": total,
            "unfinished": unfinished,
            "page": paginate(request, notable),
            "may_act": accounts.administers_scheme(request.user),
        },
    )


@require_POST
@for_owner
def reprint_pause(request: UserRequest, pk: UUID) -> HttpResponse:
    """Pause a batch."""
    reprinting.pause(actor=request.user, batch=_batch(request, pk))
    return redirect("console:reprint", pk=pk)


@require_POST
@for_owner
def reprint_resume(request: UserRequest, pk: UUID) -> HttpResponse:
    """Go on with a batch."""
    reprinting.resume(actor=request.user, batch=_batch(request, pk))
    return redirect("console:reprint", pk=pk)


@require_POST
@for_owner
def reprint_retry(request: UserRequest, pk: UUID) -> HttpResponse:
    """Try the failed reports of a batch again."""
    try:
        count = reprinting.retry(actor=request.user, batch=_batch(request, pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = ngettext(
            "%(count)d report is tried again.", "%(count)d reports are tried again.", count
        )
        messages.success(request, said % {"count": count})
    return redirect("console:reprint", pk=pk)


@require_GET
@for_owner
def earlier_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out the file that a paper had before it was made again."""
    remaking = get_object_or_404(Remaking.objects.visible_to(request.user), pk=pk)
    row = remaking.row()
    try:
        content = read_version(row, remaking.before_sha256)
    except ValidationError as error:
        raise Http404(" ".join(error.messages)) from error
    name = f"{remaking.before_sha256[:12]}_{row.file_name}"
    return as_attachment(content, name, MEDIA_TYPES[row.suffix])


def _batch(request: UserRequest, pk: UUID) -> Reprint:
    rows = Reprint.objects.visible_to(request.user).select_related("started_by")
    return get_object_or_404(rows, pk=pk)
