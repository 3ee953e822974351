"""The portal's first page for each kind of person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from accounts import policies
from accounts.terms import Kind, Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

# Which page is whose; the first that fits is shown.
DOORS = (
    (Kind.AUDIT_BODY, {Role.AUDITOR}, "portal:today"),
    (Kind.SUPPLIER, None, "portal:sites"),
    (Kind.BRAND, None, "portal:shared"),
)


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """Show an auditor the day's work, a supplier its sites, a brand what is shared with it."""
    for kind, roles, page in DOORS:
        if policies.organisation_ids(request.user, kind, roles):
            return redirect(page)
    if policies.uses_console(request.user):
        return redirect("console:home")
    raise PermissionDenied
