"""Files of evidence and documents, for everybody who may see them, whichever side he or she is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from audits.models import Evidence, SuppliedFile
from audits.services.reading import record_reading
from ui.files import hand_out

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from accounts.http import UserRequest


@require_GET
def evidence_file(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the file: pictures to look at, everything else to save; sealed reads are recorded."""
    evidence = _evidence(request, pk)
    record_reading(actor=request.user, evidence=evidence)
    return hand_out(
        evidence.file,
        media_type=evidence.media_type,
        name=f"{evidence.label}-{evidence.name}",
        inline=evidence.is_picture,
    )


@require_GET
def evidence_thumbnail(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the small picture; 404 where there is none."""
    evidence = _evidence(request, pk)
    if not evidence.thumbnail:
        raise Http404
    record_reading(actor=request.user, evidence=evidence)
    return hand_out(
        evidence.thumbnail,
        media_type="image/jpeg",
        name=f"{evidence.label}.jpg",
        inline=True,
        small=True,
    )


@require_GET
def supplied_file(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Hand out a file that the supplier sent: pictures to look at, everything else to save."""
    supplied = get_object_or_404(SuppliedFile.objects.visible_to(request.user), pk=pk)
    return hand_out(
        supplied.file,
        media_type=supplied.media_type,
        name=f"{supplied.label}-{supplied.name}",
        inline=supplied.is_picture,
    )


def _evidence(request: UserRequest, pk: UUID) -> Evidence:
    return get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related("audit"), pk=pk
    )
