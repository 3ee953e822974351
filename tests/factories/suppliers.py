"""Suppliers, sites, their profiles and what they share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from accounts.terms import Kind
from suppliers.models import SharingGrant, Site, SiteProfile, Supplier
from suppliers.terms import Level as SharingLevel
from tests.factories.memory import memory
from tests.factories.people import make_organisation, make_user, numbers


@memory.remembered
def make_supplier(**fields: Any) -> Supplier:
    number = next(numbers)
    fields.setdefault("name_ja", f"株式会社 織物{number}")
    fields.setdefault("name_en", f"Orimono {number} Co.")
    fields.setdefault("prefecture", 38)
    organisation = fields.pop("organisation", None) or make_organisation(
        Kind.SUPPLIER, name_ja=fields["name_ja"]
    )
    return Supplier.objects.create(organisation=organisation, **fields)


@memory.remembered
def make_site(supplier: Supplier | None = None, **fields: Any) -> Site:
    number = next(numbers)
    fields.setdefault("name_ja", f"第{number}工場")
    fields.setdefault("name_en", f"Mill {number}")
    fields.setdefault("prefecture", 38)
    fields.setdefault("processes", ["weaving", "dyeing"])
    return Site.objects.create(supplier=supplier or make_supplier(), **fields)


@memory.remembered
def make_profile(site: Site | None = None, **fields: Any) -> SiteProfile:
    fields.setdefault("as_of", timezone.localdate())
    fields.setdefault("workers_male", 20)
    fields.setdefault("workers_female", 26)
    fields.setdefault("workers_fixed_term", 6)
    total = fields["workers_male"] + fields["workers_female"]
    fields.setdefault("workers_regular", total - fields["workers_fixed_term"])
    fields.setdefault("technical_interns", 9)
    fields.setdefault("languages", ["ja", "vi"])
    fields.setdefault("has_dormitory", True)
    return SiteProfile.objects.create(site=site or make_site(), **fields)


@memory.remembered
def make_grant(
    site: Site,
    brand: Organisation,
    level: SharingLevel = SharingLevel.FULL,
    granted_by: User | None = None,
    **fields: Any,
) -> SharingGrant:
    today = timezone.localdate()
    fields.setdefault("starts_on", today - timedelta(days=1))
    fields.setdefault("ends_on", today + timedelta(days=365))
    # The usual audit of the tests ends without a grade, after the permission was given.
    fields.setdefault("future", True)
    fields.setdefault("ungraded", True)
    return SharingGrant.objects.create(
        site=site, brand=brand, level=level, granted_by=granted_by or make_user(), **fields
    )
