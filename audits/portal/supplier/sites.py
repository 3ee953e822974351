"""The supplier's first page: its sites, their results, and what has to be done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.models import Audit, Result
from audits.portal.supplier.access import own_audits, waiting_actions
from audits.portal.supplier.changes import hints_of, notices_of
from audits.portal.supplier.journey import TONES, Step, next_step
from audits.services.following_up import followed
from audits.terms import ResultStatus
from audits.workflow import ENDED
from suppliers import policies
from suppliers.models import SharingGrant, Site, SiteProfile
from suppliers.portal.access import own_organisations, own_site, own_sites
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User


@dataclass
class Row:
    """One site with what stands and what runs."""

    site: Site
    result: Result | None = None
    running: list[tuple[Audit, Step | None, str]] = field(default_factory=list)


@require_GET
def list_sites(request: UserRequest) -> HttpResponse:
    """Show the own sites; first of all what waits for the supplier."""
    own_organisations(request.user)
    sites = own_sites(request.user).current()
    sites = sites.select_related("supplier").order_by("name_ja", "pk")
    page = paginate(request, sites, 20)
    rows = _rows(request.user, list(page))
    todo = [
        (row.site, audit, step)
        for row in rows
        for audit, step, _tone in row.running
        if step is not None and step.ours
    ]
    todo.sort(key=lambda item: (item[2].due is None, item[2].due))
    return render(
        request,
        "audits/portal/supplier/sites.html",
        {
            "page": page,
            "rows": rows,
            "todo": todo,
            "manages": any(policies.manages(request.user, row.site.supplier) for row in rows)
            or (not rows and _manages_any(request.user)),
        },
    )


def _manages_any(user: User) -> bool:
    return any(place.role in ("manager", "administrator") for place in user.positions)


def _rows(user: User, sites: Iterable[Site]) -> list[Row]:
    """Return the rows of the sites in a constant number of queries."""
    rows = {site.pk: Row(site) for site in sites}
    audits = list(
        own_audits(user).filter(site__in=rows).exclude(status__in=ENDED).order_by("-created_at")
    )
    waiting = waiting_actions(user, audits)
    for audit in audits:
        step = next_step(audit, waiting.get(audit.pk))
        rows[audit.site_id].running.append((audit, step, TONES.get(audit.status, "indigo")))
    results = Result.objects.visible_to(user).filter(audit__site__in=rows)
    # The newest one even when it no longer stands: the page says what became of it.
    newest_last = results.exclude(status=ResultStatus.SUPERSEDED).order_by("issued_on", "revision")
    for result in newest_last.select_related("audit"):
        rows[result.audit.site_id].result = result
    return list(rows.values())


@require_GET
def show_site(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one site: data, profiles, audits, sharing."""
    site = own_site(request, pk)
    row = _rows(request.user, [site])[0]
    audits = own_audits(request.user).filter(site=site).order_by("-created_at")
    grades: dict[UUID, list[Result]] = defaultdict(list)
    for result in Result.objects.visible_to(request.user).filter(audit__site=site):
        grades[result.audit_id].append(result)
    profiles = SiteProfile.objects.visible_to(request.user).filter(site=site)
    latest = SiteProfile.objects.visible_to(request.user).latest_of(site)
    grants = SharingGrant.objects.visible_to(request.user).live().filter(site=site)
    # Changes at the place are reported where it goes on.
    standing = followed(site) if site.merged_into_id is None else None
    manages = policies.edits_site(request.user, site)
    return render(
        request,
        "audits/portal/supplier/site.html",
        {
            "site": site,
            "row": row,
            "manages": manages,
            "standing": standing,
            # Other rows of the place: the one it goes on under first, then those merged into it.
            "same_place": own_sites(request.user)
            .at_place_of(site)
            .exclude(pk=site.pk)
            .order_by(F("merged_at").desc(nulls_first=True)),
            "notices": notices_of(request.user, site)[:5],
            "hints": hints_of(site, standing, latest) if manages else [],
            "profiles": profiles.order_by("-as_of", "-created_at")[:10],
            "audits": [
                (
                    audit,
                    TONES.get(audit.status, "indigo"),
                    max(grades[audit.pk], key=lambda each: each.revision, default=None),
                )
                for audit in audits[:20]
            ],
            "grants": grants.select_related("brand").order_by("ends_on"),
            "trail": [
                {"label": _("My sites"), "url": reverse("portal:sites")},
                {"label": site.name},
            ],
        },
    )
