"""The page of one auditor, its acts with a form each, and the entry of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET

from accounts.models import OrganisationEvent
from accounts.timeline import entries
from audits.auditors.models import Auditor, Engagement, Qualification
from audits.auditors.services.qualifying import steps_of
from audits.auditors.services.register import bodies_of
from audits.auditors.services.registering import describes, keeps_days, registers
from audits.console.access import for_desks, form_page, status_of
from audits.console.register import languages_of, prefectures_of
from audits.forms.auditors import (
    AbsenceForm,
    AuditorForm,
    DeactivateForm,
    DescribeForm,
    ReactivateForm,
    RegisterForm,
    RemoveAbsenceForm,
    StepForm,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from accounts.http import UserRequest
    from accounts.models import User

SHOWN = 20


@dataclass(frozen=True)
class AuditorAct:
    """Something that is done with an auditor: what it is called, its form, and who may do it."""

    label: _StrPromise
    form: type[AuditorForm]
    may: Callable[[User, Auditor], bool]
    # Whether only for somebody active, or only for somebody who is not.
    active: bool | None = None
    grave: bool = False


def _registers(user: User, auditor: Auditor) -> bool:
    return registers(user, auditor.body)


ACTS: dict[str, AuditorAct] = {
    "qualification": AuditorAct(
        gettext_lazy("Enter a step of the qualification"), StepForm, _registers
    ),
    "description": AuditorAct(
        gettext_lazy("Change languages and prefectures"), DescribeForm, describes
    ),
    "absence": AuditorAct(gettext_lazy("Enter unavailable days"), AbsenceForm, keeps_days),
    "absence-removal": AuditorAct(
        gettext_lazy("Take unavailable days out"), RemoveAbsenceForm, keeps_days
    ),
    "deactivation": AuditorAct(
        gettext_lazy("Deactivate"), DeactivateForm, _registers, active=True, grave=True
    ),
    "reactivation": AuditorAct(
        gettext_lazy("Reactivate"), ReactivateForm, _registers, active=False
    ),
}
# Removal stands beside each absence.
LISTED = tuple(name for name in ACTS if name != "absence-removal")


@require_GET
@for_desks
def auditor(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one auditor: qualifications step by step, days away, engagements, record."""
    one = _auditor_or_404(request, pk)
    user, today = request.user, timezone.localdate()
    qualifications = (
        Qualification.objects.visible_to(request.user)
        .filter(auditor=one)
        .select_related("standard")
    )
    ties = Engagement.objects.visible_to(user).filter(Q(person=one.user_id) | Q(body=one.body_id))
    record = OrganisationEvent.objects.visible_to(user).filter(
        organisation=one.body_id, payload__auditor=one.registration_number
    )
    events = list(record.select_related("actor").order_by("-sequence")[: SHOWN + 1])
    return render(
        request,
        "audits/console/auditor.html",
        {
            "auditor": one,
            "languages": languages_of(one),
            "prefectures": prefectures_of(one),
            "qualifications": [
                {"held": row, "steps": steps_of(row)}
                for row in qualifications.order_by("-standard__effective_on", "level")
            ],
            "absences": one.absences.filter(ends_on__gte=today),
            "engagements": ties.filter(withdrawn_at=None)
            .select_related("supplier", "person")
            .order_by("-starts_on"),
            "acts": [
                (row.label, reverse("console:auditor_act", args=[one.pk, name]), row.grave)
                for name, row in ACTS.items()
                if name in LISTED and _open(row, user, one)
            ],
            "keeps_days": keeps_days(user, one),
            "timeline": entries(events[:SHOWN]),
            "more": len(events) > SHOWN,
            "today": today,
            "trail": _trail(),
        },
    )


@for_desks
@form_page
def act(request: UserRequest, pk: UUID, act: str) -> HttpResponse:
    """Do one of the acts with an auditor."""
    if act not in ACTS:
        raise Http404
    one, what = _auditor_or_404(request, pk), ACTS[act]
    if not what.may(request.user, one):
        raise PermissionDenied
    if not _open(what, request.user, one):
        return redirect("console:auditor", pk=pk)
    form = what.form(request.POST or None, auditor=one, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("Done: %(act)s.") % {"act": what.label})
        return redirect("console:auditor", pk=pk)
    return render(
        request,
        "audits/console/auditor_act.html",
        {
            "auditor": one,
            "what": what,
            "form": form,
            "trail": [*_trail(), {"label": one.user.name, "url": _address(one)}],
        },
        status=status_of(form.errors),
    )


@for_desks
@form_page
def new(request: UserRequest) -> HttpResponse:
    """Enter somebody into the register."""
    bodies = bodies_of(request.user)
    if not bodies.exists():
        raise PermissionDenied
    form = RegisterForm(request.POST or None, actor=request.user, bodies=bodies)
    if request.method == "POST" and form.is_valid() and (made := form.save()):
        messages.success(request, _("The auditor is registered. Enter the qualification next."))
        return redirect("console:auditor", pk=made.pk)
    return render(
        request,
        "audits/console/auditor_new.html",
        {"form": form, "trail": _trail()},
        status=status_of(form.errors),
    )


def _open(what: AuditorAct, user: User, one: Auditor) -> bool:
    return what.may(user, one) and what.active in (None, one.is_active)


def _auditor_or_404(request: UserRequest, pk: UUID) -> Auditor:
    rows = Auditor.objects.visible_to(request.user).select_related("user", "body")
    return get_object_or_404(rows, pk=pk)


def _address(one: Auditor) -> str:
    return reverse("console:auditor", args=[one.pk])


def _trail() -> list[dict[str, str]]:
    return [{"label": _("Auditors"), "url": reverse("console:auditors")}]
