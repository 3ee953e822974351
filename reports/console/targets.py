"""Submission targets: read by every desk, added and changed by the scheme owner with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies
from accounts.models import OrganisationEvent
from accounts.timeline import entries
from audits.console.access import for_desks, form_page
from reports.forms.targets import TargetForm
from reports.models import SubmissionTarget
from reports.target_words import ADDED, CHANGED, papers_text, requirement_text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

# The page shows the newest changes; the rest is in the record.
SHOWN = 20


@require_GET
@for_desks
def targets(request: UserRequest) -> HttpResponse:
    """Show to whom suppliers can submit a result, and what was changed."""
    rows = SubmissionTarget.objects.visible_to(request.user).known()
    events = OrganisationEvent.objects.visible_to(request.user).filter(act__in=(ADDED, CHANGED))
    return render(
        request,
        "reports/console/targets.html",
        {
            "rows": [
                (row, papers_text(row), [requirement_text(each) for each in row.requirements])
                for row in rows
            ],
            "may_change": policies.administers_scheme(request.user),
            "timeline": entries(events.select_related("actor").order_by("-at")[:SHOWN]),
        },
    )


@form_page
def target_new(request: UserRequest) -> HttpResponse:
    """Add a target."""
    return _edit(request, None)


@form_page
def target(request: UserRequest, pk: UUID) -> HttpResponse:
    """Change a target."""
    rows = SubmissionTarget.objects.visible_to(request.user)
    return _edit(request, get_object_or_404(rows, pk=pk))


def _edit(request: UserRequest, row: SubmissionTarget | None) -> HttpResponse:
    if not policies.administers_scheme(request.user):
        raise PermissionDenied
    sent = {"data": request.POST} if request.method == "POST" else {}
    form = TargetForm(**sent, actor=request.user, target=row)
    if form.is_valid() and form.save():
        messages.success(
            request, _("The submission target is kept: %(name)s.") % {"name": form.made}
        )
        return redirect("console:targets")
    heading = row.name if row else _("A new submission target")
    return render(
        request,
        "reports/console/target.html",
        {
            "form": form,
            "heading": heading,
            "trail": [
                {"label": _("Submission targets"), "url": reverse("console:targets")},
                {"label": heading},
            ],
        },
        status=422 if form.errors else 200,
    )
