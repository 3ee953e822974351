"""Who may read the export at all: the service account of one brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from accounts import policies
from accounts.terms import Kind

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class IsBrandClient(BasePermission):
    """The account belongs to exactly one organisation, a brand.

    A second membership would widen `visible_to` beyond what suppliers shared with the brand.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Raise with a code of its own, so that a client can tell it from a level too low."""
        if not request.user.is_authenticated:
            return False
        places = policies.positions(request.user)
        if {place.kind for place in places} != {Kind.BRAND} or len(
            {place.organisation_id for place in places}
        ) != 1:
            raise PermissionDenied(
                _("This service account does not belong to a brand."), code="no_brand"
            )
        return True
