"""Designations of secretariats and approvals of bodies: the list, and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import policies
from accounts.console.designation_forms import DesignationForm
from accounts.models import Designation, Organisation
from accounts.services.designating import may_designate
from accounts.terms import Effect, Kind

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.http import UserRequest


def _check(request: UserRequest) -> None:
    if not policies.uses_console(request.user):
        raise PermissionDenied


@require_GET
def designations(request: UserRequest) -> HttpResponse:
    """List secretariats, each with its bodies, and by which designation they act today."""
    _check(request)
    institutions = (
        Organisation.objects.visible_to(request.user)
        .filter(kind__in=[Kind.SECRETARIAT, Kind.AUDIT_BODY])
        .prefetch_related(
            Prefetch(
                "designations",
                Designation.objects.visible_to(request.user).order_by("-starts_on"),
            )
        )
        .order_by("name_ja")
    )
    today = timezone.localdate()
    rows = [_row(request, organisation, today) for organisation in institutions]
    groups = [
        [head, *(row for row in rows if row["organisation"].parent_id == head["organisation"].pk)]
        for head in rows
        if head["organisation"].kind == Kind.SECRETARIAT
    ]
    return render(request, "accounts/console/designations.html", {"groups": groups})


def _row(request: UserRequest, organisation: Organisation, today: date) -> dict[str, Any]:
    held = list(organisation.designations.all())
    in_force = [
        row
        for row in held
        if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
    ]
    suspended = [row for row in in_force if row.suspended_at is not None]
    return {
        "organisation": organisation,
        "designations": [
            {
                "designation": row,
                "stops": [Effect(stop).label for stop in row.stops if stop in Effect.values],
            }
            for row in held
        ],
        "state": "suspended" if suspended else "in_force" if in_force else "none",
        "may_designate": may_designate(request.user, organisation),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def designate(request: UserRequest, pk: UUID) -> HttpResponse:
    """Designate a secretariat (scheme owner) or approve a body (owner or its secretariat)."""
    _check(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if not may_designate(request.user, organisation):
        raise PermissionDenied
    form = DesignationForm(request.POST or None, organisation=organisation, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("%(name)s is designated.") % {"name": organisation.name})
        return redirect("console:designations")
    return render(
        request,
        "accounts/console/designate.html",
        {
            "organisation": organisation,
            "form": form,
            "trail": [{"label": _("Designations"), "url": reverse("console:designations")}],
        },
        status=422 if form.errors else 200,
    )
