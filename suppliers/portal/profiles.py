"""The page on which a supplier describes a site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suppliers.forms.profiles import ProfileForm
from suppliers.portal.access import managed_site, sent

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: UserRequest, pk: UUID) -> HttpResponse:
    """Write the site's profile; with `?sums` answer only the totals of what stands in the form."""
    site = managed_site(request, pk)
    form = ProfileForm(**sent(request), site=site)
    if "sums" in request.GET:
        return render(request, "suppliers/portal/profile_sums.html", {"sums": form.sums})
    if form.is_valid():
        profile = form.save(actor=request.user)
        messages.success(
            request, _("The profile was saved: %(count)d workers.") % {"count": profile.workers}
        )
        if kind := request.POST.get("tell"):
            way = reverse("portal:our_change_new", args=[site.pk])
            return redirect(f"{way}?{urlencode({'kind': kind})}")
        return redirect("portal:site", pk=site.pk)
    back = reverse("portal:site", kwargs={"pk": pk})
    trail = [
        {"label": _("My sites"), "url": reverse("portal:sites")},
        {"label": site.name, "url": back},
        {"label": _("Profile")},
    ]
    return render(
        request,
        "suppliers/portal/profile.html",
        {"form": form, "site": site, "trail": trail, "back": back, "sums": form.sums},
        status=422 if form.errors else 200,
    )
