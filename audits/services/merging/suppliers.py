"""Two rows of one company become one: everything of the other goes over, and the row stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.records import record
from audits.auditors.models import Engagement
from audits.models import Audit
from audits.services.conflicts import RUNNING, refresh_conflict
from audits.services.merging.looking import FIELDS, obstacles_of_suppliers
from audits.services.merging.people import move_invitations, move_people
from audits.services.merging.sites import check, join, lock_audits, lock_sites
from audits.services.merging.telling import tell_of_merge
from audits.services.records import append_event
from suppliers.models import FormerName, Site, Supplier
from suppliers.services.duplicates import settle_merge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from accounts.models import User

# Fields under which search and imports find a supplier.
NAMES = ("name_ja", "name_kana", "name_en", "corporate_number")


@transaction.atomic
def merge_suppliers(
    *,
    actor: User,
    keep: Supplier,
    drop: Supplier,
    reason: str,
    taken: Collection[str] = (),
    same_sites: Mapping[UUID, UUID] | None = None,
) -> Supplier:
    """Merge `drop` into `keep` and return the latter, with everything that hung on either.

    `taken` names those of FIELDS whose value comes from `drop`; `same_sites` leads from sites of
    `drop` to the sites of `keep` that are the same place. Sites, people and engagements go over;
    grants and audits stay with their sites; what was issued is not touched. Names and numbers that
    no longer show lead to `keep` from now on. Running audits are looked at again for conflicts.

    Raises PermissionDenied for those who may not import suppliers, ValidationError with everything
    that stands in the way: a second call finds that it is done.
    """
    said = check(actor, reason)
    keep, drop = _lock([keep.pk, drop.pk], keep.pk)
    sites = lock_sites([keep.pk, drop.pk])
    pairs = _pairs(sites, same_sites or {})
    if found := obstacles_of_suppliers(actor, keep, drop, pairs):
        raise ValidationError(found)
    audits = lock_audits([keep.pk, drop.pk])
    moved = [audit for audit in audits if sites[audit.site_id].supplier_id == drop.pk]
    done: dict[str, Any] = {
        "supplier": str(keep.pk),
        "merged": str(drop.pk),
        "was": drop.name_ja,
        "number": drop.corporate_number or "",
        "fields": _take(keep, drop, taken),
        "sites": [str(site.pk) for site in sites.values() if site.supplier_id == drop.pk],
        "audits": [audit.number for audit in moved],
    }
    done["into"] = keep.name_ja
    # First, so that a name that both have is free when the sites go over.
    done["same_sites"] = [join(one, other)[1] for one, other in pairs.items()]
    _move_sites(keep, sites)
    done["invitations"] = move_invitations(keep, drop)
    done["memberships"] = move_people(keep, drop)
    done["engagements"] = [
        str(pk)
        for pk in Engagement.objects.filter(supplier=drop)
        .order_by("pk")
        .values_list("pk", flat=True)
    ]
    Engagement.objects.filter(supplier=drop).update(supplier=keep)
    settle_merge(actor=actor, kept=keep, gone=drop, reason=said)
    for audit in moved:
        append_event(audit=audit, actor=actor, act="supplier_merged", comment=said, payload=done)
    ends = sorted((keep, drop), key=lambda each: each.organisation_id)
    for end in ends:
        record(
            organisation=end.organisation,
            actor=actor,
            act="supplier_merged" if end == keep else "supplier_merged_into",
            comment=said,
            payload=done,
        )
    running = Audit.objects.filter(site__supplier=keep, status__in=RUNNING).order_by("pk")
    for audit in list(running):
        refresh_conflict(audit, actor=actor)
    tell_of_merge(keep, drop, said)
    return keep


def _lock(keys: list[UUID], first: UUID) -> tuple[Supplier, Supplier]:
    """Return both suppliers, locked in the order of their keys; the one of `first` first."""
    rows = Supplier.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    found = {row.pk: row for row in rows.select_related("organisation").order_by("pk")}
    return found[first], found[next((key for key in keys if key != first), first)]


def _pairs(sites: Mapping[UUID, Site], same: Mapping[UUID, UUID]) -> dict[Site, Site]:
    try:
        return {sites[one]: sites[other] for one, other in same.items()}
    except KeyError:
        raise ValidationError(_("A site belongs to neither supplier."), code="foreign") from None


def _take(keep: Supplier, drop: Supplier, taken: Collection[str]) -> dict[str, list[str | None]]:
    """Give `keep` the values that come from `drop`, keep what no longer shows; return what changed."""
    changed = {
        name: (getattr(keep, name), getattr(drop, name))
        for name in FIELDS
        if name in taken and getattr(keep, name) != getattr(drop, name)
    }
    FormerName.objects.filter(supplier=drop).update(supplier=keep)
    _remember(keep, drop)
    if any(changed[name][0] for name in (*NAMES, "prefecture") if name in changed):
        _remember(keep, keep)
    Supplier.objects.filter(merged_into=drop).update(merged_into=keep)
    drop.corporate_number = None
    drop.merged_into, drop.merged_at = keep, timezone.now()
    drop.save()
    for name, (_before, after) in changed.items():
        setattr(keep, name, after)
    keep.full_clean()
    keep.save()
    organisation = keep.organisation
    organisation.name_ja, organisation.name_en = keep.name_ja, keep.name_en
    organisation.save(update_fields=["name_ja", "name_en"])
    return {
        name: [None if value is None else str(value) for value in values]
        for name, values in changed.items()
    }


def _remember(keep: Supplier, named: Supplier) -> None:
    """Let the names and the number of `named` lead to `keep` from now on."""
    FormerName.objects.create(
        supplier=keep,
        name_ja=named.name_ja,
        name_kana=named.name_kana,
        name_en=named.name_en,
        prefecture=named.prefecture,
        corporate_number=named.corporate_number or "",
    )


def _move_sites(keep: Supplier, sites: Mapping[UUID, Site]) -> None:
    """Let every site belong to `keep`; brands that follow changes read all of them again."""
    for site in sites.values():
        site.supplier = keep
        site.save(update_fields=["supplier", "updated_at"])
