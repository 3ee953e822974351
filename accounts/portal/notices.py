"""What I have been told: the notices addressed to the person who is signed in, and how they come."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.filters import NoticeFilter
from accounts.models import Notice
from accounts.portal.notice_forms import RhythmForm
from accounts.services.notices import read_notice, read_notices
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
    chosen = NoticeFilter(request.GET, mine, request=request)
    return render(
        request,
        "accounts/notices.html",
        {
            "filter": chosen,
            "page": paginate(request, chosen.qs),
            "unread": mine.unread().count(),
        },
    )


@require_GET
def notice(request: UserRequest, pk: UUID) -> HttpResponse:
    """Open a notice: it is read from now on, and the page that it is about is shown."""
    opened = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    read_notice(actor=request.user, notice=opened)
    return redirect(opened.path or "notices")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_rhythm(request: UserRequest) -> HttpResponse:
    """Choose how often mail comes."""
    form = RhythmForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choice is kept. It holds from the next mail on."))
        return redirect("notices")
    status = 422 if form.errors else 200
    return render(request, "accounts/mail_rhythm.html", {"form": form}, status=status)
