"""Acts on designations: designate or approve, suspend in part, lift, end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.console.designation_forms import DesignationForm, EndForm, LiftForm, SuspendForm
from accounts.console.designations import check
from accounts.models import Designation, Organisation
from accounts.services.designating import may_designate
from accounts.services.suspensions import check_suspension
from accounts.timeline import effects, span

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _trail(organisation: Organisation) -> list[dict[str, str]]:
    return [
        {"label": _("Designations"), "url": reverse("console:designations")},
        {
            "label": organisation.name,
            "url": reverse("console:organisation", args=[organisation.pk]),
        },
    ]


@form_page
def designate(request: UserRequest, pk: UUID) -> HttpResponse:
    """Designate a secretariat (scheme owner) or approve a body (owner or its secretariat)."""
    check(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if not may_designate(request.user, organisation):
        raise PermissionDenied
    form = DesignationForm(request.POST or None, organisation=organisation, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("%(name)s is designated.") % {"name": organisation.name})
        return redirect("console:organisation", pk=pk)
    return render(
        request,
        "accounts/console/designate.html",
        {"organisation": organisation, "form": form, "trail": _trail(organisation)},
        status=422 if form.errors else 200,
    )


def _held(request: UserRequest, pk: UUID, held: UUID) -> Designation:
    """Return a designation of the organisation for somebody who may change it."""
    check(request)
    visible = Designation.objects.visible_to(request.user).select_related("organisation")
    designation = get_object_or_404(visible, pk=held, organisation=pk)
    if not may_designate(request.user, designation.organisation):
        raise PermissionDenied
    return designation


def _act(
    request: UserRequest,
    designation: Designation,
    form_class: type[SuspendForm | LiftForm | EndForm],
    *,
    done: str,
    **texts: Any,
) -> HttpResponse:
    """Show the form of one act with what follows from it, and do it."""
    organisation = designation.organisation
    last = designation.ends_on
    if request.method != "POST" and last is not None and last < timezone.localdate():
        messages.info(request, _("This designation has ended and can no longer be changed."))
        return redirect("console:organisation", pk=organisation.pk)
    form = form_class(
        request.POST if request.method == "POST" else None,
        designation=designation,
        actor=request.user,
    )
    if form.is_valid() and form.save():
        messages.success(request, done)
        return redirect("console:organisation", pk=organisation.pk)
    failed, stale, entered = bool(form.errors), form.is_stale, ""
    if stale:
        # The page shows how it stands now, and beside it what would have been lost.
        designation.refresh_from_db()
        entered = form.entered()
        kept = {"reason": form.cleaned_data["reason"]}
        form = form_class(designation=designation, actor=request.user, initial=kept)
    return render(
        request,
        "accounts/console/designation_act.html",
        {
            "organisation": organisation,
            "designation": designation,
            "days": span(designation.starts_on, designation.ends_on),
            "stops": effects(designation.stops),
            "form": form,
            "stale": stale,
            "entered": entered,
            "trail": _trail(organisation),
            **texts,
        },
        status=422 if failed else 200,
    )


@form_page
def suspend_designation(request: UserRequest, pk: UUID, held: UUID) -> HttpResponse:
    """Stop some of what a designation permits, or change what is stopped."""
    designation = _held(request, pk, held)
    check_suspension(request.user, designation)
    again = designation.suspended_at is not None
    return _act(
        request,
        designation,
        SuspendForm,
        done=_("The designation is suspended in part."),
        title=_("Change the suspension") if again else _("Suspend in part"),
        submit=_("Change the suspension") if again else _("Suspend"),
        grave=True,
        consequences=[
            _("What is stopped stays stopped, from now on, until the suspension is lifted."),
            _("Results that have been issued stay valid, and reports verify as before."),
            _("Audits under way stop before the next step that is not permitted; nothing is lost."),
            _told(),
        ],
    )


@form_page
def lift_designation(request: UserRequest, pk: UUID, held: UUID) -> HttpResponse:
    """Permit again what the suspension stopped."""
    designation = _held(request, pk, held)
    check_suspension(request.user, designation)
    if request.method != "POST" and designation.suspended_at is None:
        messages.info(request, _("The designation is not suspended: there is nothing to lift."))
        return redirect("console:organisation", pk=pk)
    return _act(
        request,
        designation,
        LiftForm,
        done=_("The suspension is lifted."),
        title=_("Lift the suspension"),
        submit=_("Lift the suspension"),
        grave=False,
        consequences=[
            _("Everything that was stopped is permitted again from now on."),
            _("To permit only a part of it, change the suspension instead."),
            _told(),
        ],
    )


@form_page
def end_designation(request: UserRequest, pk: UUID, held: UUID) -> HttpResponse:
    """Fix the last day of a designation."""
    designation = _held(request, pk, held)
    check_suspension(request.user, designation)
    return _act(
        request,
        designation,
        EndForm,
        done=_("The end of the designation is fixed."),
        title=_("End the designation"),
        submit=_("End the designation"),
        grave=True,
        consequences=[
            _("After the last day nothing is permitted any more, and the end cannot be put off."),
            _("Audits under way cannot be continued after it: settle them with the secretariat."),
            _("Results that have been issued stay valid, and reports verify as before."),
            _told(),
        ],
    )


def _told() -> str:
    return _(
        "The organisation's administrators and coordinators, its secretariat and the scheme owner "
        "are told by e-mail, with the reason."
    )
