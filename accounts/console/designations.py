"""Secretariats and bodies: the list, and the page of one with its designations and its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies
from accounts.models import Designation, Organisation, OrganisationEvent
from accounts.services.designating import may_designate
from accounts.services.suspensions import may_change_suspension
from accounts.terms import Effect, Kind
from accounts.timeline import effects, entries

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.http import UserRequest

INSTITUTIONS = (Kind.SECRETARIAT, Kind.AUDIT_BODY)
# The page shows the newest entries of the record; the rest is behind a link.
SHOWN = 20


def check(request: UserRequest) -> None:
    """Let only those in who use the console."""
    if not policies.uses_console(request.user):
        raise PermissionDenied


@require_GET
def designations(request: UserRequest) -> HttpResponse:
    """List secretariats, each with its bodies, and by which designation they act today."""
    check(request)
    institutions = (
        Organisation.objects.visible_to(request.user)
        .filter(kind__in=INSTITUTIONS)
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
    held = [_held(row, today) for row in organisation.designations.all()]
    states = {row["state"] for row in held}
    return {
        "organisation": organisation,
        # What is over is on the organisation's page.
        "designations": [row for row in held if row["state"] != "over"],
        "state": next(
            (state for state in ("suspended", "in_force", "coming") if state in states), "none"
        ),
        "may_designate": may_designate(request.user, organisation),
    }


def _held(row: Designation, today: date) -> dict[str, Any]:
    """Return one designation with its state: over, coming, suspended or in force."""
    if row.ends_on is not None and row.ends_on < today:
        state = "over"
    elif row.suspended_at is not None:
        state = "suspended"
    else:
        state = "coming" if row.starts_on > today else "in_force"
    return {"designation": row, "state": state, "stops": effects(row.stops)}


@require_GET
def organisation(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one secretariat or body: what it may do today, its designations, its record."""
    check(request)
    visible = Organisation.objects.visible_to(request.user).select_related("parent")
    shown = get_object_or_404(visible.filter(kind__in=INSTITUTIONS), pk=pk)
    today = timezone.localdate()
    may = may_designate(request.user, shown)
    designated = Designation.objects.visible_to(request.user).filter(organisation=shown)
    held = [
        _held(row, today) | {"may_change": may and may_change_suspension(request.user, row)}
        for row in designated.order_by("-starts_on")
    ]
    record = OrganisationEvent.objects.visible_to(request.user).filter(organisation=shown)
    events = list(record.select_related("actor").order_by("-sequence")[: SHOWN + 1])
    return render(
        request,
        "accounts/console/organisation.html",
        {
            "organisation": shown,
            "bodies": Organisation.objects.visible_to(request.user)
            .bodies_of([shown.pk])
            .order_by("name_ja"),
            "designations": held,
            "permits": [
                (effect.label, any(row["designation"].permits(effect, today) for row in held))
                for effect in Effect
            ],
            "may_designate": may,
            # Beside one without an end, or one that the owner suspended, another would be refused.
            "may_add": may
            and all(
                row["state"] == "over"
                or (row["may_change"] and row["designation"].ends_on is not None)
                for row in held
            ),
            "may_read_record": bool(events) or _reads_record(request, shown),
            "timeline": entries(events[:SHOWN]),
            "more": len(events) > SHOWN,
            "trail": [{"label": _("Designations"), "url": reverse("console:designations")}],
        },
    )


def _reads_record(request: UserRequest, organisation: Organisation) -> bool:
    """Say whether an empty record is empty, and not only hidden from the reader."""
    user = request.user
    return (
        policies.is_scheme_owner(user)
        or policies.is_observer(user)
        or policies.holds(user, organisation.pk)
        or policies.holds(user, organisation.parent_id)
    )
