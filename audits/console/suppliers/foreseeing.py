"""What a merge will do, as sentences for those who are about to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.models import Audit, Result
from audits.services.merging import home_first, tied_by_merge
from audits.services.results import STANDING
from suppliers.models import SharingGrant
from ui.language import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from accounts.models import User
    from audits.services.merging import Counts
    from suppliers.models import Site, Supplier


def of_suppliers(
    reader: User,
    keep: Supplier,
    drop: Supplier,
    counts: Mapping[UUID, Counts],
    same_sites: Mapping[Site, Site],
) -> Iterator[str]:
    """Yield what happens when `drop` is merged into `keep`; of audits only visible ones are named."""
    went, names = counts[drop.pk], {"keep": keep.name, "drop": drop.name}
    yield _("“%(drop)s” stays as an entry that leads to “%(keep)s”; nothing is deleted.") % names
    yield _("Its names and its number lead to “%(keep)s” from now on, in searches and imports.") % (
        names
    )
    if went.sites or went.audits:
        yield _(
            "Its sites (%(sites)d) with their audits (%(audits)d, of which %(running)d under way) "
            "belong to “%(keep)s”."
        ) % {**names, "sites": went.sites, "audits": went.audits, "running": went.open_audits}
    if went.people:
        yield _(
            "Its people (%(people)d) keep their sign-in and act for “%(keep)s”; they see all of its "
            "sites and audits, and its people see theirs."
        ) % {**names, "people": went.people}
    if went.engagements:
        yield _("Its engagements (%(count)d) count for “%(keep)s”.") % {
            **names,
            "count": went.engagements,
        }
    if went.grants or counts[keep.pk].grants:
        yield _("What brands see stays as it is: each site goes on being shared as it is today.")
    for site, other in same_sites.items():
        home, gone = home_first(site, other)
        yield _("“%(gone)s” and “%(home)s” become one site; it goes on as “%(home)s”.") % {
            "gone": gone.name,
            "home": home.name,
        }
    visible = Audit.objects.visible_to(reader)
    tied = list(tied_by_merge(keep, drop))
    shown = set(
        visible.filter(pk__in=[audit.pk for audit, _names in tied]).values_list("pk", flat=True)
    )
    for audit, people in tied:
        yield _(
            "Audit %(number)s is flagged for a conflict of interest (%(people)s) until it is settled."
        ) % {
            "number": audit.number if audit.pk in shown else "–",
            "people": listed(people) if audit.pk in shown else "–",
        }
    yield _("Issued reports and results keep the names that stood when they were issued.")
    yield _("The managers of both are told. A merge cannot be undone.")


def of_sites(home: Site, gone: Site) -> Iterator[str]:
    """Yield what happens when `gone` is merged into `home`."""
    names = {"home": home.name, "gone": gone.name}
    yield (
        _(
            "The place goes on as “%(home)s”: it has the audit under way, or the newer result, or was "
            "registered first."
        )
        % names
    )
    yield _(
        "“%(gone)s” keeps its audits (%(audits)d) and stays readable; nothing new begins there."
    ) % {**names, "audits": Audit.objects.filter(site=gone).count()}
    yield _("What “%(home)s” does not say itself (address, English name, OS ID) is filled in.") % (
        names
    )
    if count := SharingGrant.objects.live().filter(site__in=(home, gone)).count():
        yield _(
            "What brands see stays as it is: the permissions (%(count)d) hold for the results of the "
            "site for which they were given."
        ) % {"count": count}
    if Result.objects.filter(audit__site=gone, status__in=STANDING).exists():
        yield (
            _(
                "A result of “%(gone)s” that stands goes on standing until the next audit of the place."
            )
            % names
        )
    yield _("A merge cannot be undone.")
