"""What a merge would do, and what stands in its way, told before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Membership
from audits.auditors.models import Engagement
from audits.models import Audit, Result, SchemeSettings
from audits.services.conflicts import RUNNING
from audits.services.results import STANDING
from audits.services.ties import ties_with
from audits.terms import Answer
from suppliers.models import FormerName, SharingGrant, Site
from ui.calendars import add_months

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from uuid import UUID

    from accounts.models import User
    from suppliers.models import Supplier

# What is chosen from one of the two, field by field.
FIELDS = (
    "corporate_number",
    "name_ja",
    "name_kana",
    "name_en",
    "prefecture",
    "address",
    "established_on",
)


@dataclass(frozen=True)
class Counts:
    """How much hangs on a supplier."""

    sites: int = 0
    people: int = 0
    audits: int = 0
    open_audits: int = 0
    engagements: int = 0
    grants: int = 0


def counts_of(suppliers: Collection[Supplier]) -> dict[UUID, Counts]:
    """Return how much hangs on each of the suppliers; as many queries for two as for one."""
    by_organisation = {supplier.organisation_id: supplier.pk for supplier in suppliers}

    def counted(rows: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
        return {by_organisation.get(key, key): count for key, count in rows}

    audits = Audit.objects.filter(site__supplier__in=suppliers).order_by()
    grants = SharingGrant.objects.live().filter(site__supplier__in=suppliers).order_by()
    members = Membership.objects.in_force().filter(organisation__in=by_organisation).order_by()
    sites = Site.objects.current().filter(supplier__in=suppliers).order_by()
    ties = Engagement.objects.filter(supplier__in=suppliers, withdrawn_at=None).order_by()
    found = {
        "sites": counted(sites.values_list("supplier").annotate(n=Count("pk"))),
        "people": counted(
            members.values_list("organisation").annotate(n=Count("user", distinct=True))
        ),
        "audits": counted(audits.values_list("site__supplier").annotate(n=Count("pk"))),
        "open_audits": counted(audits.open().values_list("site__supplier").annotate(n=Count("pk"))),
        "engagements": counted(ties.values_list("supplier").annotate(n=Count("pk"))),
        "grants": counted(grants.values_list("site__supplier").annotate(n=Count("pk"))),
    }
    return {
        supplier.pk: Counts(**{name: rows.get(supplier.pk, 0) for name, rows in found.items()})
        for supplier in suppliers
    }


def home_first(one: Site, other: Site) -> tuple[Site, Site]:
    """Return two rows of one place, first the one under which it goes on.

    The one with an audit under way, else the one with the newest result that stands, else the one
    that was registered first: so no audit and no grant has to change its site.
    """
    both = [one.pk, other.pk]
    busy = set(Audit.objects.open().filter(site__in=both).values_list("site", flat=True))
    rows = Result.objects.filter(audit__site__in=both, status__in=STANDING).order_by()
    results = dict(rows.values_list("audit__site").annotate(newest=Max("issued_on")))

    def rank(site: Site) -> tuple[bool, bool, int, float]:
        newest = results.get(site.pk)
        return (
            site.pk not in busy,
            newest is None,
            -newest.toordinal() if newest else 0,
            site.created_at.timestamp(),
        )

    first, second = sorted((one, other), key=rank)
    return first, second


def obstacles_of_suppliers(
    actor: User, keep: Supplier, drop: Supplier, same_sites: Mapping[Site, Site]
) -> list[ValidationError]:
    """Return why the two cannot become one, as sentences; `same_sites` leads from drop's to keep's."""
    if found := list(_merged_already(keep, drop)):
        return found
    if keep.pk == drop.pk:
        return [ValidationError(_("Choose two different suppliers."), code="same")]
    found += _two_numbers(keep, drop)
    found += _others_audits(actor, [keep.pk, drop.pk])
    for site, partner in same_sites.items():
        if site.supplier_id != drop.pk or partner.supplier_id != keep.pk:
            found.append(ValidationError(_("A site belongs to neither supplier."), code="foreign"))
    found += _both_busy(same_sites.items())
    found += _same_names(keep, drop, same_sites)
    return found


def obstacles_of_sites(actor: User, one: Site, other: Site) -> list[ValidationError]:
    """Return why two sites of a supplier cannot become one, as sentences."""
    if one.pk == other.pk or one.supplier_id != other.supplier_id:
        return [ValidationError(_("Choose two different sites of one supplier."), code="same")]
    if one.merged_into_id is not None or other.merged_into_id is not None:
        return [ValidationError(_("One of the two sites was merged already."), code="merged")]
    return [*_others_audits(actor, [one.supplier_id]), *_both_busy([(one, other)])]


def tied_by_merge(keep: Supplier, drop: Supplier) -> Iterator[tuple[Audit, list[str]]]:
    """Yield the running audits of either whose team has a tie with the other, and of whom.

    The audits are flagged by the merge, as by a new engagement; nothing else follows by itself.
    """
    months = SchemeSettings.objects.current().engagement_months
    since = add_months(timezone.localdate(), -months)
    for supplier, other in ((keep, drop), (drop, keep)):
        running = Audit.objects.filter(site__supplier=supplier, status__in=RUNNING).order_by(
            "number"
        )
        audits = list(running.prefetch_related("team__auditor__user"))
        ties = ties_with(other, since) if audits else None
        for audit in audits:
            team = [row.auditor for row in audit.team.all() if row.answer != Answer.DECLINED]
            names = [
                one.user.name
                for one in team
                if ties is not None and any(ties.of(one.user_id, {one.body_id}))
            ]
            if names:
                yield audit, names


def _merged_already(*suppliers: Supplier) -> Iterator[ValidationError]:
    for supplier in suppliers:
        if supplier.merged_into is not None:
            yield ValidationError(
                _("“%(name)s” was merged into “%(into)s” already."),
                code="merged",
                params={"name": supplier.name, "into": supplier.merged_into.name},
            )


def _two_numbers(keep: Supplier, drop: Supplier) -> Iterator[ValidationError]:
    mine, other = keep.corporate_number, drop.corporate_number
    if not mine or not other or mine == other:
        return
    formerly = FormerName.objects.filter(supplier=keep, corporate_number=other)
    if not formerly.exists():
        yield ValidationError(
            _(
                "Both have a corporate number, and the numbers differ (%(one)s, %(other)s): they are "
                "two companies. If one of the numbers is wrong, have it corrected first."
            ),
            code="two_numbers",
            params={"one": mine, "other": other},
        )


def _others_audits(actor: User, suppliers: Collection[UUID]) -> Iterator[ValidationError]:
    """A secretariat does not change whose audit another secretariat is making."""
    if accounts.administers_scheme(actor):
        return
    running = Audit.objects.open().filter(site__supplier__in=suppliers)
    if not all(
        accounts.coordinates(actor, one)
        for one in running.order_by().values_list("secretariat", flat=True).distinct()
    ):
        yield ValidationError(
            _(
                "An audit of another secretariat is under way there. Ask the scheme owner to merge "
                "them, or wait until it has ended."
            ),
            code="other_secretariat",
        )


def _both_busy(pairs: Iterable[tuple[Site, Site]]) -> Iterator[ValidationError]:
    pairs = list(pairs)
    keys = [site.pk for pair in pairs for site in pair]
    rows = Audit.objects.open().filter(site__in=keys).order_by("number")
    busy: dict[UUID, str] = dict(rows.values_list("site", "number"))
    for one, other in pairs:
        if one.pk in busy and other.pk in busy:
            yield ValidationError(
                _(
                    "Audits are under way at both “%(one)s” (%(first)s) and “%(other)s” (%(second)s). "
                    "Finish or cancel one of them first, or keep the two as separate sites."
                ),
                code="both_busy",
                params={
                    "one": one.name,
                    "first": busy[one.pk],
                    "other": other.name,
                    "second": busy[other.pk],
                },
            )


def _same_names(
    keep: Supplier, drop: Supplier, same_sites: Mapping[Site, Site]
) -> Iterator[ValidationError]:
    """A supplier has no two sites of one name, unless they are the same place."""
    mine = set(Site.objects.current().filter(supplier=keep).values_list("name_ja", flat=True))
    moving = Site.objects.current().filter(supplier=drop)
    for site in moving.exclude(pk__in=[each.pk for each in same_sites]).order_by("name_ja"):
        if site.name_ja in mine:
            yield ValidationError(
                _(
                    "Both have a site called “%(name)s”. Say that it is the same site, or have one "
                    "of them renamed first."
                ),
                code="same_names",
                params={"name": site.name_ja},
            )
