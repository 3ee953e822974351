"""What the register says of the auditor: qualifications, days away, ties to suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.auditors.models import Auditor, Engagement, Qualification
from audits.auditors.services.engaging import declarer_of
from audits.auditors.services.qualifying import steps_of
from audits.forms.auditors import AbsenceForm, RemoveAbsenceForm
from audits.forms.engagements import DeclareForm, EndForm
from audits.models import SchemeSettings
from audits.portal.auditor.places import auditors_only
from suppliers.prefectures import prefecture_name
from suppliers.terms import Language

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from accounts.http import UserRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: UserRequest) -> Auditor | None:
    """Return the reader's place in the register; auditors of a body may not be entered yet."""
    auditors_only(request.user)
    return (
        Auditor.objects.visible_to(request.user)
        .select_related("user", "body")
        .filter(user=request.user)
        .first()
    )


def _registered(request: UserRequest) -> Auditor:
    me = _me(request)
    if me is None:
        raise PermissionDenied
    return me


def _ties(request: UserRequest, me: Auditor) -> QuerySet[Engagement]:
    """Return the own engagements and those of the office, which bind the auditor too."""
    return (
        Engagement.objects.visible_to(request.user)
        .filter(Q(person=me.user_id) | Q(body=me.body_id), withdrawn_at=None)
        .select_related("supplier", "person", "body")
        .order_by("-starts_on")
    )


@form_page
def qualifications(request: UserRequest) -> HttpResponse:
    """Show the own place in the register; a POST enters days away."""
    me = _registered(request) if request.method == "POST" else _me(request)
    form = AbsenceForm(request.POST or None, auditor=me, actor=request.user) if me else None
    if request.method == "POST" and form and form.is_valid() and form.save():
        messages.success(request, _("The days are entered. No visit is planned on them."))
        return redirect("portal:qualifications")
    return render(
        request,
        "audits/portal/auditor/qualifications.html",
        {**(_shown(request, me) if me else {}), "auditor": me, "form": form},
        status=422 if form and form.errors else 200,
    )


def _shown(request: UserRequest, me: Auditor) -> dict[str, Any]:
    today = timezone.localdate()
    held = (
        Qualification.objects.visible_to(request.user).filter(auditor=me).select_related("standard")
    )
    return {
        "languages": [Language(code).label for code in me.languages if code in Language.values],
        "prefectures": [prefecture_name(code) for code in me.prefectures],
        "qualifications": [
            {"held": row, "steps": steps_of(row)}
            for row in held.order_by("-standard__effective_on", "level")
        ],
        "absences": me.absences.filter(ends_on__gte=today),
        "engagements": _ties(request, me),
        "months": SchemeSettings.objects.current().engagement_months,
        "today": today,
    }


@require_POST
def remove_absence(request: UserRequest) -> HttpResponse:
    """Take days away out again."""
    form = RemoveAbsenceForm(request.POST, auditor=_registered(request), actor=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("The days are taken out."))
    else:
        messages.error(request, _("These days are not entered any more."))
    return redirect("portal:qualifications")


@form_page
def declare(request: UserRequest) -> HttpResponse:
    """Declare an own engagement with a supplier."""
    form = DeclareForm(request.POST or None, actor=request.user, auditor=_registered(request))
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The engagement is declared; running audits were checked."))
        return redirect("portal:qualifications")
    return render(
        request,
        "audits/portal/auditor/engagement.html",
        {"form": form, "trail": _trail()},
        status=422 if form.errors else 200,
    )


@form_page
def end(request: UserRequest, pk: UUID) -> HttpResponse:
    """Enter the last day of an own engagement."""
    me = _registered(request)
    one = get_object_or_404(_ties(request, me), pk=pk)
    if not declarer_of(request.user, person=one.person, body=one.body, supplier=one.supplier):
        raise PermissionDenied
    form = EndForm(request.POST or None, engagement=one, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The last day is entered; running audits were checked."))
        return redirect("portal:qualifications")
    return render(
        request,
        "audits/portal/auditor/engagement.html",
        {"form": form, "engagement": one, "trail": _trail()},
        status=422 if form.errors else 200,
    )


def _trail() -> list[dict[str, str]]:
    return [{"label": _("My qualifications"), "url": reverse("portal:qualifications")}]
