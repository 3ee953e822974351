"""Receipts of consent: the list for suppliers and brands, and the files of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_GET

from reports import policies
from reports.filters import ConsentFilter
from reports.models import ConsentPaper, ConsentReceipt
from reports.reading import as_attachment
from reports.services.papers import lined_up
from reports.services.printing import read_file
from reports.terms import ConsentAct
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value

TONES = {ConsentAct.GIVEN: "moss", ConsentAct.CHANGED: "indigo", ConsentAct.WITHDRAWN: "red"}


@require_GET
def consents(request: UserRequest) -> HttpResponseBase:
    """List the receipts that one's company gave or one's brand was given, newest first."""
    if not policies.reads_consents(request.user):
        raise PermissionDenied
    rows = (
        ConsentReceipt.objects.visible_to(request.user)
        .select_related("grant__site__supplier", "grant__brand")
        .order_by("-created_at", "-pk")
    )
    chosen = ConsentFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-consents", _header(), lambda: _lines(chosen.qs)):
        return sent
    papers = lined_up(ConsentPaper.objects.order_by("-language"))
    page = paginate(request, chosen.qs.prefetch_related(Prefetch("papers", papers)))
    template = "consents_list" if request.htmx else "consents"
    return render(
        request,
        f"reports/portal/{template}.html",
        {
            "filter": chosen,
            "page": page,
            "rows": [(row, TONES[ConsentAct(row.act)]) for row in page],
            "unfinished": any(paper.is_unfinished for row in page for paper in row.papers.all()),
        },
    )


def _header() -> list[Value]:
    return [
        _("Receipt number"), pgettext("consent", "What was done"), pgettext("consent", "When"),
        _("Supplier"), _("Site"), _("Brand"), _("Sharing level"), _("From"), _("Until"), "SHA-256",
    ]  # fmt: skip


def _lines(rows: Iterable[ConsentReceipt]) -> Iterator[list[Value]]:
    for row in rows:
        grant = row.grant
        yield [
            row.number,
            row.get_act_display(),
            row.created_at,
            grant.site.supplier.name,
            grant.site.name,
            grant.brand.name,
            grant.get_level_display(),
            grant.starts_on,
            grant.ends_on,
            row.sha256,
        ]


@require_GET
def consent_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one receipt as PDF."""
    rows = ConsentPaper.objects.visible_to(request.user).ready().select_related("receipt")
    row = get_object_or_404(rows, pk=pk)
    try:
        return as_attachment(read_file(row), row.file_name)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("portal:consents")


@require_GET
def consent_data(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out the data of one receipt, to the byte what its hash was taken of."""
    receipt = get_object_or_404(ConsentReceipt.objects.visible_to(request.user), pk=pk)
    return as_attachment(receipt.content.encode(), receipt.file_name, "application/json")
