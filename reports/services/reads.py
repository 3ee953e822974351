"""Keeping which brand read what, so that the supplier who shared it can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from accounts import policies
from accounts.terms import Kind
from reports.models.reads import ReadRecord

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from audits.models import Audit
    from reports.models.reads import What


def record_read(
    *, reader: User, audit: Audit, what: What, brand: Organisation | None = None
) -> ReadRecord:
    """Write down that a brand was sent this; once for each answer or page.

    `brand` is for which brand a person reads who may belong to several; a service account belongs
    to one.
    """
    brands = policies.organisation_ids(reader, Kind.BRAND)
    if brand is not None:
        brands &= {brand.pk}
    if len(brands) != 1:
        raise PermissionDenied
    return ReadRecord.objects.create(
        reader=reader, brand_id=next(iter(brands)), audit=audit, what=what
    )
