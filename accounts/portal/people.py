"""The people of the organisations that one runs: who they are, inviting more, ending a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import policies
from accounts.models import Invitation, Membership
from accounts.portal.people_forms import InviteForm
from accounts.services.inviting import (
    end_membership,
    invite_again,
    looked_after_by,
    manages_people,
    may_invite,
    take_back_invitation,
)
from accounts.terms import Kind
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from accounts.models.organisations import OrganisationQuerySet
    from ui.tables import Value


@require_GET
def list_organisations(request: UserRequest) -> HttpResponseBase:
    """List the organisations whose people one looks after; who has one goes straight to it."""
    if not policies.runs_people(request.user):
        raise PermissionDenied
    rows = looked_after_by(request.user)
    words = request.GET.get("q", "").replace("\x00", "").split()[:5]
    kind = request.GET.get("kind", "")
    for word in words:
        rows = rows.filter(Q(name_ja__icontains=word[:50]) | Q(name_en__icontains=word[:50]))
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if not words and not kind:
        only = list(rows[:2])
        if len(only) == 1:
            return redirect("people_of", pk=only[0].pk)
    today = timezone.localdate()
    in_force = Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today)
    rows = rows.annotate(
        people=Count("memberships__user", filter=in_force, distinct=True)
    ).order_by("kind", "name_ja", "pk")
    header = [_("Organisation"), _("Kind"), _("People")]
    if file := download(request, "orime-people", header, lambda: _lines(rows)):
        return file
    return render(
        request,
        "accounts/people.html",
        {
            "page": paginate(request, rows),
            "q": request.GET.get("q", ""),
            "kind": kind,
            "kinds": Kind.choices,
            "filtered": bool(words or kind),
        },
    )


def _lines(rows: OrganisationQuerySet) -> Iterator[list[Value]]:
    for row in in_batches(rows):
        yield [row.name, row.get_kind_display(), row.people]


@require_http_methods(["GET", "HEAD", "POST"])
def show_organisation(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show the people of one organisation and who is invited; a POST invites one more."""
    organisation = get_object_or_404(looked_after_by(request.user), pk=pk)
    invites = may_invite(request.user, organisation)
    form = InviteForm(request.POST or None, actor=request.user, organisation=organisation)
    if form.is_valid() and form.save():
        messages.success(
            request,
            _("The invitation is on its way to %(address)s.")
            % {"address": form.cleaned_data["email"]},
        )
        return redirect("people_of", pk=pk)
    places = Membership.objects.in_force().filter(organisation=organisation)
    return render(
        request,
        "accounts/people_of.html",
        {
            "organisation": organisation,
            "places": places.select_related("user").order_by("role", "user__name", "pk"),
            "invitations": Invitation.objects.visible_to(request.user)
            .filter(organisation=organisation, answered_at=None)
            .select_related("user", "invited_by"),
            "form": form if invites else None,
            "invites": invites,
            "manages": manages_people(request.user, organisation),
            "several": looked_after_by(request.user).count() > 1,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def end_role(request: UserRequest, pk: UUID, place: int) -> HttpResponse:
    """End one role in an organisation today."""
    organisation = get_object_or_404(looked_after_by(request.user), pk=pk)
    rows = Membership.objects.in_force().filter(organisation=organisation)
    membership = get_object_or_404(rows.select_related("user"), pk=place)
    return _done(
        request,
        pk,
        lambda: end_membership(actor=request.user, membership=membership),
        _("The role of %(name)s has ended.") % {"name": membership.user.name},
    )


@require_POST
def change_invitation(request: UserRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Send an invitation again (`do=again`) or take it back (`do=take_back`)."""
    rows = Invitation.objects.visible_to(request.user).filter(organisation=pk)
    row = get_object_or_404(rows.select_related("organisation"), pk=invitation)
    match request.POST.get("do"):
        case "again":
            act, said = invite_again, _("The invitation was sent again.")
        case "take_back":
            act, said = take_back_invitation, _("The invitation was taken back.")
        case _:
            raise Http404
    return _done(request, pk, lambda: act(actor=request.user, invitation=row), said)


def _done(request: UserRequest, pk: UUID, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("people_of", pk=pk)
