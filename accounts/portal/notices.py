"""What I have been told: the notices addressed to the person who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Notice
from accounts.services.notices import read_notices
from ui.paging import paginate

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: UserRequest) -> HttpResponse:
    """List the notices, newest first; a POST marks all of them as read."""
    if request.method == "POST":
        read_notices(actor=request.user)
        return redirect("notices")
    mine = Notice.objects.visible_to(request.user).order_by("-created_at", "-pk")
    return render(
        request,
        "accounts/notices.html",
        {"page": paginate(request, mine), "unread": mine.unread().count()},
    )
