"""Pages on which a supplier decides which brand sees what of a site, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suppliers import policies
from suppliers.forms.sharing import SharingForm
from suppliers.models import SharingGrant
from suppliers.portal.access import kept_site, own_site, sent
from suppliers.services.sharing import revoke_sharing
from suppliers.showing import SHOWS_ALL
from suppliers.terms import Level
from ui.paging import paginate

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from suppliers.models import Site


@require_http_methods(["GET", "HEAD", "POST"])
def list_grants(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show who sees what of the site, and grant."""
    site = kept_site(request, pk) if request.method == "POST" else own_site(request, pk)
    form = SharingForm(**sent(request), site=site, actor=request.user)
    if form.is_valid():
        try:
            grant = form.save()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("%(brand)s can now see this site: %(level)s. You find the receipt below.")
                % {"brand": grant.brand.name, "level": grant.get_level_display()},
            )
            return redirect("portal:sharing", pk=site.pk)
    grants = SharingGrant.objects.visible_to(request.user).filter(site=site)
    grants = grants.select_related("brand", "granted_by")
    today = timezone.localdate()
    live = grants.filter(revoked_at=None, ends_on__gte=today).order_by("ends_on", "pk")
    past = grants.exclude(revoked_at=None, ends_on__gte=today).order_by("-created_at")
    return render(
        request,
        "suppliers/portal/sharing.html",
        {
            "site": site,
            "form": form,
            "manages": policies.manages(request.user, site.supplier),
            "live": [(grant, SHOWS_ALL[Level(grant.level)]) for grant in live],
            "past": paginate(request, past, 20),
            "trail": _trail(site),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_grant(request: UserRequest, pk: UUID, grant: UUID) -> HttpResponse:
    """Take a grant back, after having read what follows."""
    site = kept_site(request, pk)
    row = get_object_or_404(
        SharingGrant.objects.visible_to(request.user).select_related("brand"), site=site, pk=grant
    )
    if request.method == "POST":
        revoke_sharing(actor=request.user, grant=row)
        level, said = (
            messages.SUCCESS,
            _("%(brand)s no longer sees this site. You find the receipt below."),
        )
    else:
        level, said = messages.INFO, _("This permission was taken back already.")
    if row.revoked_at is not None:
        _say_ended(request, row, level, said)
        return redirect("portal:sharing", pk=site.pk)
    trail = [*_trail(site), {"label": _("Take back")}]
    trail[-2]["url"] = reverse("portal:sharing", kwargs={"pk": pk})
    return render(
        request,
        "suppliers/portal/sharing_revoke.html",
        {"site": site, "grant": row, "shows": SHOWS_ALL[Level(row.level)], "trail": trail},
    )


def _say_ended(request: UserRequest, grant: SharingGrant, level: int, said: str) -> None:
    """Say that a permission has ended; a colleague may have replaced it by one that has not."""
    live = SharingGrant.objects.visible_to(request.user).live()
    if live.filter(site=grant.site_id, brand=grant.brand_id).exists():
        level = messages.WARNING
        said = _(
            "This permission was replaced in the meantime, and %(brand)s still sees this site. "
            "Take the new permission back as well if it should not."
        )
    messages.add_message(request, level, said % {"brand": grant.brand.name})


def _trail(site: Site) -> list[dict[str, str]]:
    return [
        {"label": _("My sites"), "url": reverse("portal:sites")},
        {"label": site.name, "url": reverse("portal:site", kwargs={"pk": site.pk})},
        {"label": _("Sharing")},
    ]
