"""How much of a site a client may read, as columns of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from suppliers.models import SharingGrant

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User


def shared(user: User, column: str, site: str = "pk") -> Subquery:
    """Return a column of the live grant to the user's brand; `site` is the path to the site's key.

    Read in the same statement as the row, so that a level lowered between two statements shows
    nothing. There is one live grant for a site and a brand.
    """
    grants = SharingGrant.objects.received_by(user).filter(site=OuterRef(site))
    return Subquery(grants.values(column)[:1])


def shared_since(user: User, moment: datetime) -> QuerySet[SharingGrant, object]:
    """Return the sites that were shared, or shared at another level, at the moment or later."""
    return (
        SharingGrant.objects.received_by(user)
        .filter(Q(created_at__gte=moment) | Q(starts_on__gte=timezone.localdate(moment)))
        .values("site")
    )
