"""Whose sites the supplier's pages show, and who may act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts import policies as accounts
from accounts.terms import Kind
from suppliers import policies
from suppliers.models import Site, Supplier

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.http import UserRequest
    from accounts.models import User
    from suppliers.models.sites import SiteQuerySet


def own_organisations(user: User) -> set[UUID]:
    """Return the supplier organisations the user belongs to; 403 for people without any."""
    mine = accounts.organisation_ids(user, Kind.SUPPLIER)
    if not mine:
        raise PermissionDenied
    return mine


def own_sites(user: User) -> SiteQuerySet:
    """Return the sites of the user's own company, not those that others show him or her."""
    mine = accounts.organisation_ids(user, Kind.SUPPLIER)
    return Site.objects.visible_to(user).filter(supplier__organisation__in=mine)


def own_site(request: UserRequest, pk: UUID) -> Site:
    """Return one own site, or 404."""
    return get_object_or_404(own_sites(request.user).select_related("supplier"), pk=pk)


def managed_site(request: UserRequest, pk: UUID) -> Site:
    """Return one own site that the user may change: 404 when not own, 403 for a reader."""
    site = own_site(request, pk)
    if not policies.edits_site(request.user, site):
        raise PermissionDenied
    return site


def kept_site(request: UserRequest, pk: UUID) -> Site:
    """Return one own site for somebody who acts for the supplier, also one that was merged.

    What was shared of it can be taken back, and what was said of it deleted, as long as it is there.
    """
    site = own_site(request, pk)
    if not policies.manages(request.user, site.supplier):
        raise PermissionDenied
    return site


def managed_suppliers(user: User) -> list[Supplier]:
    """Return the suppliers the user manages; 403 when there is none."""
    mine = (
        Supplier.objects.visible_to(user).current().filter(organisation__in=own_organisations(user))
    )
    managed = [supplier for supplier in mine if policies.manages(user, supplier)]
    if not managed:
        raise PermissionDenied
    return managed


def sent(request: UserRequest) -> dict[str, Any]:
    """Return what a form is bound to: nothing for a GET, the (possibly empty) body of a POST."""
    return {"data": request.POST} if request.method == "POST" else {}
