"""Two rows of one place become one: the other keeps its audits and grants, and begins nothing new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Organisation
from accounts.services.records import record
from accounts.terms import Kind
from audits.models import Audit, SelfCheck
from audits.services.merging.looking import home_first, obstacles_of_sites
from audits.services.records import append_event
from suppliers.models import Site
from suppliers.services.duplicates import settle_merge

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from accounts.models import User

# What the row that goes on takes from the other where it says nothing itself.
FILLED = ("name_en", "address", "processes", "os_id", "declared_workers")


@transaction.atomic
def merge_sites(*, actor: User, one: Site, other: Site, reason: str) -> Site:
    """Make two sites of a supplier one; return the one under which the place goes on.

    Nothing that was audited, shared or reported changes its site, so no brand sees more or less
    than before. Raises PermissionDenied for those who may not import suppliers, ValidationError
    with what stands in the way.
    """
    said = check(actor, reason)
    locked = lock_sites({one.supplier_id, other.supplier_id})
    one, other = locked[one.pk], locked[other.pk]
    if found := obstacles_of_sites(actor, one, other):
        raise ValidationError(found)
    audits = lock_audits([one.supplier_id])
    home, done = join(one, other)
    for audit in audits:
        if audit.site_id in (one.pk, other.pk):
            append_event(audit=audit, actor=actor, act="sites_merged", comment=said, payload=done)
    record(
        organisation=one.supplier.organisation,
        actor=actor,
        act="sites_merged",
        comment=said,
        payload=done,
    )
    settle_merge(kept=home, gone=other if home == one else one, actor=actor, reason=said)
    return home


def check(actor: User, reason: str) -> str:
    """Return the reason without blanks; refuse who may not merge, and a merge without a reason."""
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Give a reason: it is kept in the records, and the supplier reads it.")}
        )
    # An import writes to suppliers that it has read before: it and every merge wait for each other.
    list(Organisation.objects.select_for_update().filter(kind=Kind.SCHEME_OWNER).order_by("pk"))
    return reason.strip()


def lock_sites(suppliers: Collection[UUID]) -> dict[UUID, Site]:
    """Return the sites of the suppliers by key, locked in the order of their keys."""
    rows = Site.objects.select_for_update(of=("self",)).filter(supplier__in=suppliers)
    return {row.pk: row for row in rows.select_related("supplier__organisation").order_by("pk")}


def lock_audits(suppliers: Collection[UUID]) -> list[Audit]:
    """Return the audits of the suppliers, locked in the order of their keys; after the sites."""
    rows = Audit.objects.select_for_update().filter(site__supplier__in=suppliers)
    return list(rows.order_by("pk"))


def join(one: Site, other: Site) -> tuple[Site, dict[str, Any]]:
    """Merge one locked row of a place into the other; return the row that goes on, and what was done."""
    home, gone = home_first(one, other)
    before = {name: getattr(home, name) for name in FILLED}
    for name in FILLED:
        if getattr(home, name) in ("", None, []):
            setattr(home, name, getattr(gone, name))
    home.save()
    earlier = list(Site.objects.filter(merged_into=gone).order_by("pk"))
    now = timezone.now()
    for row in (gone, *earlier):
        row.merged_into, row.merged_at = home, row.merged_at or now
        row.save()
    if not SelfCheck.objects.filter(site=home).exists():
        SelfCheck.objects.filter(site=gone).update(site=home)
    filled = {name: getattr(home, name) for name in FILLED if getattr(home, name) != before[name]}
    done = {
        "site": str(home.pk),
        "into": home.name_ja,
        "merged": str(gone.pk),
        "was": gone.name_ja,
        "filled": filled,
        "earlier": [str(row.pk) for row in earlier],
    }
    return home, done
