"""Where to go after signing in, and the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts import policies
from accounts.services.people import choose_language
from accounts.terms import Kind, Locale, Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.http import UserRequest


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """Send everybody to the door that is theirs."""
    desk_only = policies.uses_console(request.user) and not policies.organisation_ids(
        request.user, Kind.AUDIT_BODY, {Role.AUDITOR}
    )
    return redirect("console:home" if desk_only else "portal:home")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language, kept on the user when signed in and in a cookie otherwise."""
    locale = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    if locale in Locale.values:
        if request.user.is_authenticated:
            choose_language(actor=request.user, locale=locale)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            locale,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
