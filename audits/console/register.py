"""The register of auditors, to look up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies
from audits.auditors.models import Auditor, Engagement, Qualification
from audits.console.access import for_desks
from audits.filters import AuditorFilter
from suppliers.prefectures import prefecture_name
from suppliers.terms import Language
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value

# A qualification that ends within this time stands out.
SOON = timedelta(days=90)


@require_GET
@for_desks
def auditors(request: UserRequest) -> HttpResponseBase:
    """List registered auditors with their qualifications and engagements."""
    ties = Engagement.objects.visible_to(request.user).filter(withdrawn_at=None)
    rows = (
        Auditor.objects.visible_to(request.user)
        .select_related("user", "body")
        .prefetch_related(
            Prefetch(
                "qualifications",
                Qualification.objects.visible_to(request.user)
                .select_related("standard")
                .order_by("-starts_on"),
            ),
            Prefetch("user__engagements", ties.select_related("supplier").order_by("-starts_on")),
        )
        .order_by("registration_number")
    )
    chosen = AuditorFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-auditors", _header(), lambda: _rows(chosen.qs)):
        return sent
    page = paginate(request, chosen.qs)
    return render(
        request,
        "audits/console/auditors.html",
        {
            "filter": chosen,
            "page": page,
            "rows": [
                {
                    "auditor": auditor,
                    "languages": languages_of(auditor),
                    "prefectures": prefectures_of(auditor),
                }
                for auditor in page.object_list
            ],
            "today": timezone.localdate(),
            "soon": timezone.localdate() + SOON,
            "registers": policies.imports_suppliers(request.user),
        },
    )


def languages_of(auditor: Auditor) -> list[str]:
    """Return the auditor's languages in words."""
    return [str(Language(code).label) for code in auditor.languages if code in Language.values]


def prefectures_of(auditor: Auditor) -> list[str]:
    """Return the prefectures that the auditor serves in words."""
    return [prefecture_name(code) for code in auditor.prefectures]


def _header() -> list[str]:
    return [
        _("Registration number"),
        _("Name"),
        _("Audit body"),
        _("Languages"),
        _("Prefectures served"),
        _("Qualifications"),
        _("Active"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for auditor in in_batches(found):
        yield [
            auditor.registration_number,
            auditor.user.name,
            auditor.body.name,
            ", ".join(languages_of(auditor)),
            ", ".join(prefectures_of(auditor)),
            ", ".join(
                f"{row.get_level_display()} ({row.standard}, {row.get_status_display()})"
                for row in auditor.qualifications.all()
            ),
            auditor.is_active,
        ]
