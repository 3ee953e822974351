"""The brands' access to the export: service accounts, their tokens and when they were used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from knox.models import AuthToken

from accounts import policies
from accounts.console.api_client_forms import EndTokensForm, TokenForm
from accounts.models import Membership, Organisation
from accounts.terms import Kind

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from accounts.http import UserRequest

# Enough to tell two tokens apart, far too little to guess one.
HINT = 10


def _brands(request: UserRequest) -> QuerySet[Organisation]:
    """Return the brands; only those who run the scheme give and take access."""
    if not policies.administers_scheme(request.user):
        raise PermissionDenied
    return Organisation.objects.visible_to(request.user).filter(kind=Kind.BRAND)


def _accounts(brands: list[Organisation]) -> dict[UUID, dict[str, Any]]:
    """Return last use and live tokens by brand, in two queries."""
    places = list(
        Membership.objects.filter(user__is_service=True, organisation__in=brands).select_related(
            "user"
        )
    )
    found: dict[UUID, dict[str, Any]] = {
        place.organisation_id: {"last_use": place.user.last_login, "tokens": []} for place in places
    }
    brand_of = {place.user_id: place.organisation_id for place in places}
    live = AuthToken.objects.filter(user__in=brand_of, expiry__gt=timezone.now())
    for token in live.order_by("created"):
        found[brand_of[token.user_id]]["tokens"].append(
            {
                "hint": token.token_key[:HINT],
                "created": token.created,
                "expiry": token.expiry,
            }
        )
    return found


@require_GET
def api_clients(request: UserRequest) -> HttpResponse:
    """List the brands with their tokens."""
    brands = list(_brands(request).order_by("name_ja"))
    accounts = _accounts(brands)
    rows = [
        {"brand": brand, **accounts.get(brand.pk, {"last_use": None, "tokens": []})}
        for brand in brands
    ]
    return render(request, "accounts/console/api_clients.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_client(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one brand's tokens and make a new one, which is shown in this answer only.

    There is no redirect after the POST: the token would have to be kept somewhere for it.
    """
    brand = get_object_or_404(_brands(request), pk=pk)
    form = TokenForm(request.POST if request.method == "POST" else None)
    token = form.save(actor=request.user, brand=brand) if form.is_valid() else ""
    account = _accounts([brand]).get(brand.pk, {"last_use": None, "tokens": []})
    return render(
        request,
        "accounts/console/api_client.html",
        {
            "brand": brand,
            "form": TokenForm() if token else form,
            "token": token,
            **account,
            "trail": [{"label": _("API clients"), "url": reverse("console:api_clients")}],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def end_api_client(request: UserRequest, pk: UUID) -> HttpResponse:
    """End all tokens of a brand at once."""
    brand = get_object_or_404(_brands(request), pk=pk)
    form = EndTokensForm(request.POST)
    if form.is_valid():
        count = form.save(actor=request.user, brand=brand)
        messages.success(
            request,
            ngettext("%(count)d token was ended.", "%(count)d tokens were ended.", count)
            % {"count": count},
        )
    return redirect("console:api_client", pk=brand.pk)
