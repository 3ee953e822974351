"""Keeping which brand read what, so that the supplier who shared it can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from accounts import policies
from accounts.terms import Kind
from reports.models.reads import ReadRecord

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit
    from reports.models.reads import What


def record_read(*, reader: User, audit: Audit, what: What) -> ReadRecord:
    """Write down that the service account of a brand was sent this; once for each answer."""
    brands = policies.organisation_ids(reader, Kind.BRAND)
    if len(brands) != 1:
        raise PermissionDenied
    return ReadRecord.objects.create(
        reader=reader, brand_id=next(iter(brands)), audit=audit, what=what
    )
