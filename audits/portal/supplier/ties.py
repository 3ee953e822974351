"""Ties between the own company and auditors or their offices: what is known, what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import policies as accounts
from accounts.models import Organisation
from accounts.terms import Kind
from audits.auditors.models import Engagement
from audits.forms.engagements import DeclareForm, EndForm
from suppliers import policies as suppliers
from suppliers.models import Supplier
from ui.paging import paginate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from accounts.http import UserRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _ours(request: UserRequest) -> Supplier:
    """Return the reader's own company, or 404."""
    mine = accounts.organisation_ids(request.user, Kind.SUPPLIER)
    found = (
        Supplier.objects.visible_to(request.user)
        .filter(organisation__in=mine)
        .order_by("pk")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _managed(request: UserRequest) -> Supplier:
    """Return the own company for somebody who acts for it: 403 for a reader."""
    ours = _ours(request)
    if not suppliers.manages(request.user, ours):
        raise PermissionDenied
    return ours


def _known(request: UserRequest, ours: Supplier) -> QuerySet[Engagement]:
    return (
        Engagement.objects.visible_to(request.user)
        .filter(supplier=ours)
        .select_related("person", "body")
        .order_by(
            F("withdrawn_at").desc(nulls_first=True),
            F("ends_on").desc(nulls_first=True),
            "-starts_on",
            "pk",
        )
    )


@require_GET
def list_ties(request: UserRequest) -> HttpResponse:
    """List the ties that the scheme knows of, running ones first."""
    ours = _ours(request)
    return render(
        request,
        "audits/portal/supplier/ties.html",
        {
            "page": paginate(request, _known(request, ours)),
            "manages": suppliers.manages(request.user, ours),
            "today": timezone.localdate(),
        },
    )


@form_page
def declare_tie(request: UserRequest) -> HttpResponse:
    """Declare that an auditor or an office advises the company, or is close to it otherwise."""
    ours = _managed(request)
    offices = Organisation.objects.visible_to(request.user).filter(kind=Kind.AUDIT_BODY)
    form = DeclareForm(
        request.POST or None,
        actor=request.user,
        supplier=ours,
        offices=offices.order_by("name_ja"),
    )
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The tie is declared. It is taken into account from now on."))
        return redirect("portal:our_ties")
    return render(
        request,
        "audits/portal/supplier/tie.html",
        {"form": form, "trail": _trail()},
        status=422 if form.errors else 200,
    )


@form_page
def end_tie(request: UserRequest, pk: UUID) -> HttpResponse:
    """Enter the last day of a tie."""
    ours = _managed(request)
    one = get_object_or_404(_known(request, ours).filter(withdrawn_at=None), pk=pk)
    form = EndForm(request.POST or None, engagement=one, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The last day is entered."))
        return redirect("portal:our_ties")
    return render(
        request,
        "audits/portal/supplier/tie.html",
        {"form": form, "engagement": one, "trail": _trail()},
        status=422 if form.errors else 200,
    )


def _trail() -> list[dict[str, str]]:
    return [{"label": _("Advisers and auditors"), "url": reverse("portal:our_ties")}]
