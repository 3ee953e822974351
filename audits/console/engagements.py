"""Engagements that keep people from auditing: the list, a new one, its end or withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies
from accounts.models import Organisation
from accounts.terms import Kind, Role
from audits.auditors.models import Engagement
from audits.auditors.services.engaging import may_end, may_judge
from audits.console.access import for_desks, form_page
from audits.forms.engagements import DeclareForm, EndForm, WithdrawForm
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from accounts.models import User
    from ui.tables import Value

# Two forms on a page ask for a reason.
END_ID = "id_end_%s"
DESK = {Role.COORDINATOR, Role.ADMINISTRATOR}


def offices_of(user: User) -> QuerySet[Organisation]:
    """Return the bodies for which the user declares: own, those of the own secretariat, or all."""
    bodies = Organisation.objects.visible_to(user).filter(kind=Kind.AUDIT_BODY)
    if not policies.administers_scheme(user):
        bodies = bodies.filter(
            Q(pk__in=policies.organisation_ids(user, Kind.AUDIT_BODY, DESK))
            | Q(parent__in=policies.organisation_ids(user, Kind.SECRETARIAT, DESK))
        )
    return bodies.order_by("name_ja")


@require_GET
@for_desks
def engagements(request: UserRequest) -> HttpResponseBase:
    """List engagements, running ones first; or download them."""
    words = request.GET.get("q", "").strip()[:100]
    rows = (
        Engagement.objects.visible_to(request.user)
        .select_related("person", "body", "supplier", "declared_by")
        .order_by(
            F("withdrawn_at").desc(nulls_first=True),
            F("ends_on").desc(nulls_first=True),
            "-starts_on",
            "pk",
        )
    )
    if words:
        rows = rows.filter(
            Q(person__name__icontains=words)
            | Q(body__name_ja__icontains=words)
            | Q(supplier__name_ja__icontains=words)
            | Q(supplier__name_en__icontains=words)
        )
    if sent := download(request, "orime-engagements", _header(), lambda: _rows(rows)):
        return sent
    return render(
        request,
        "audits/console/engagements.html",
        {
            "page": paginate(request, rows),
            "words": words,
            "today": timezone.localdate(),
            "declares": offices_of(request.user).exists(),
        },
    )


@for_desks
@form_page
def declare(request: UserRequest) -> HttpResponse:
    """Declare an engagement of an office or of one of its auditors."""
    offices = offices_of(request.user)
    if not offices.exists():
        raise PermissionDenied
    form = DeclareForm(request.POST or None, actor=request.user, offices=offices)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The engagement is declared; running audits were checked."))
        return redirect("console:engagements")
    return render(
        request,
        "audits/console/engagement_new.html",
        {"form": form, "trail": _trail()},
        status=422 if form.errors else 200,
    )


@for_desks
@form_page
def engagement(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one engagement; end it, or withdraw what was declared by mistake."""
    one = get_object_or_404(
        Engagement.objects.visible_to(request.user).select_related(
            "person", "body", "supplier", "declared_by"
        ),
        pk=pk,
    )
    user = request.user
    ends, withdraws = may_end(user, one), may_judge(user, one) and one.withdrawn_at is None
    end_form, withdraw_form = (
        EndForm(engagement=one, actor=user, auto_id=END_ID),
        WithdrawForm(engagement=one, actor=user),
    )
    if request.method == "POST":
        chosen: EndForm | WithdrawForm
        if "withdraw" in request.POST and withdraws:
            chosen = withdraw_form = WithdrawForm(request.POST, engagement=one, actor=user)
        elif "end" in request.POST and ends:
            chosen = end_form = EndForm(request.POST, engagement=one, actor=user, auto_id=END_ID)
        else:
            raise PermissionDenied
        if chosen.is_valid() and chosen.save():
            messages.success(request, _("The engagement was changed; running audits were checked."))
            return redirect("console:engagements")
    return render(
        request,
        "audits/console/engagement.html",
        {
            "engagement": one,
            "end_form": end_form if ends else None,
            "withdraw_form": withdraw_form if withdraws else None,
            "trail": _trail(),
        },
        status=422 if end_form.errors or withdraw_form.errors else 200,
    )


def _trail() -> list[dict[str, str]]:
    return [{"label": _("Engagements"), "url": reverse("console:engagements")}]


def _header() -> list[str]:
    return [
        _("Person"),
        _("Office"),
        _("Supplier"),
        _("Kind"),
        _("From"),
        _("Until"),
        _("Declared as"),
        _("Withdrawn"),
    ]


def _rows(found: QuerySet[Engagement]) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.person.name if row.person else "",
            row.body.name if row.body else "",
            row.supplier.name,
            row.get_kind_display(),
            row.starts_on,
            row.ends_on,
            row.get_declared_as_display(),
            row.withdrawn_at,
        ]
