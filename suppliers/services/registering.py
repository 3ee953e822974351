"""Registering suppliers and sites, and writing a site's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.models import Organisation
from accounts.terms import Kind
from suppliers import policies
from suppliers.models import Site, SiteProfile, Supplier

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def create_supplier(*, actor: User, **fields: Any) -> Supplier:
    """Create a supplier with its organisation; `fields` are those of the model.

    Raises PermissionDenied for people outside owner and secretariats, ValidationError for bad data.
    """
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied
    organisation = Organisation.objects.create(
        kind=Kind.SUPPLIER, name_ja=fields["name_ja"], name_en=fields.get("name_en", "")
    )
    supplier = Supplier(organisation=organisation, **fields)
    supplier.full_clean()
    supplier.save()
    return supplier


@transaction.atomic
def create_site(*, actor: User, supplier: Supplier, **fields: Any) -> Site:
    """Create a site of the supplier; its own managers and the scheme's coordinators may."""
    if not (policies.manages(actor, supplier) or accounts.imports_suppliers(actor)):
        raise PermissionDenied
    if supplier.merged_into_id is not None:
        raise ValidationError(
            _("This supplier was merged into another one. Add the site to that one.")
        )
    site = Site(supplier=supplier, **fields)
    site.full_clean()
    site.save()
    return site


@transaction.atomic
def update_site(*, actor: User, site: Site, **fields: Any) -> Site:
    """Change the site's own data; only its managers may."""
    if not policies.edits_site(actor, site):
        raise PermissionDenied
    for name, value in fields.items():
        setattr(site, name, value)
    site.full_clean()
    site.save()
    return site


@transaction.atomic
def save_profile(*, actor: User, site: Site, **fields: Any) -> SiteProfile:
    """Write the profile of the site as of a date.

    A profile of the same date that no audit has frozen is corrected; otherwise a new one is kept
    beside the old ones. Raises ValidationError when head-counts contradict each other.
    """
    if not policies.edits_site(actor, site):
        raise PermissionDenied
    profile = (
        SiteProfile.objects.select_for_update()
        .filter(site=site, as_of=fields["as_of"], frozen_at=None)
        .first()
    ) or SiteProfile(site=site)
    for name, value in fields.items():
        setattr(profile, name, value)
    # The site's own list goes on changing; what an audit was planned from must not.
    profile.processes = list(site.processes)
    profile.full_clean()
    profile.save()
    return profile
