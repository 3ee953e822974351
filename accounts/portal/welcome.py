"""The first step of somebody who was invited: opening the account, or answering an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import Invitation
from accounts.portal.people_forms import OpenAccountForm
from accounts.services.inviting import answer_invitation
from accounts.services.opening import person_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from accounts.http import UserRequest

BACKEND = "accounts.backends.SignInBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a link set a password; the account is open and the person signed in."""
    user = person_of(token)
    if user is None:
        return render(request, "accounts/welcome_over.html", status=410)
    form = OpenAccountForm(request.POST or None, user=user)
    if form.is_valid() and form.save():
        login(request, form.made, backend=BACKEND)
        messages.success(request, _("Your account is open. Welcome to Orime."))
        return redirect("home")
    invitations = Invitation.objects.open().filter(user=user)
    return render(
        request,
        "accounts/welcome.html",
        {
            "form": form,
            "person": user,
            "invitations": invitations.select_related("organisation", "invited_by"),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def show_invitation(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one's own invitation; accept it with `answer=yes`, decline it with `answer=no`."""
    rows = Invitation.objects.filter(user=request.user.pk)
    invitation = get_object_or_404(rows.select_related("organisation", "invited_by"), pk=pk)
    if request.method == "POST":
        accepted = request.POST.get("answer") == "yes"
        try:
            answer_invitation(actor=request.user, invitation=invitation, accepted=accepted)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("invitation", pk=pk)
        if accepted:
            messages.success(
                request,
                _("You now act for %(name)s.") % {"name": invitation.organisation.name},
            )
            return redirect("home")
        messages.success(request, _("You declined the invitation."))
    return render(request, "accounts/invitation.html", {"invitation": invitation})
