"""The preliminary summary: what was signed at the closing meeting, to read and to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from audits.models import Audit, ClosingMeeting
from reports.models import Preliminary
from reports.reading import as_attachment
from reports.services.papers import lined_up
from reports.services.printing import read_file

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_GET
def preliminary(request: UserRequest, number: str) -> HttpResponse:
    """Show the closing meeting that counts, its files, and the meetings that it replaced."""
    audit = get_object_or_404(
        Audit.objects.visible_to(request.user).select_related("site__supplier"), number=number
    )
    rows = ClosingMeeting.objects.visible_to(request.user).filter(audit=audit)
    closing, *earlier = rows.select_related("recorded_by").order_by("-number") or [None]
    if closing is None:
        raise Http404
    papers = Preliminary.objects.visible_to(request.user).filter(closing__audit=audit)
    papers = papers.select_related("closing__audit").order_by("-closing__number", "-language")
    files = list(lined_up(papers))
    template = "preliminary_files" if request.htmx else "preliminary"
    return render(
        request,
        f"reports/portal/{template}.html",
        {
            "audit": audit,
            "closing": closing,
            "earlier": earlier,
            "files": files,
            "unfinished": any(row.is_unfinished for row in files),
        },
    )


@require_GET
def preliminary_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one summary."""
    rows = Preliminary.objects.visible_to(request.user).ready()
    row = get_object_or_404(rows.select_related("closing__audit"), pk=pk)
    try:
        return as_attachment(read_file(row), row.file_name)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("portal:preliminary", number=row.closing.audit.number)
