"""Who may do what with a supplier, its sites and what it shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import policies as accounts
from accounts.terms import Kind, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from suppliers.models import Site, Supplier


def manages(user: User | AnonymousUser, supplier: Supplier) -> bool:
    """Say whether the user acts for the supplier: describes sites, applies, shares."""
    return accounts.holds(user, supplier.organisation_id, Role.MANAGER, Role.ADMINISTRATOR)


def edits_site(user: User | AnonymousUser, site: Site) -> bool:
    """Say whether the user may change the site's data and profile; nobody once it was merged."""
    return site.merged_into_id is None and manages(user, site.supplier)


def reads_every_supplier(user: User | AnonymousUser) -> bool:
    """Say whether the user sees all suppliers: scheme owner, secretariats and observers do."""
    return bool(
        accounts.organisation_ids(user, Kind.SCHEME_OWNER)
        or accounts.organisation_ids(user, Kind.SECRETARIAT)
        or accounts.is_observer(user)
    )
