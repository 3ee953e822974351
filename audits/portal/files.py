"""Files of evidence and documents, for everybody who may see them, whichever side he or she is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audits.models import Evidence, SuppliedFile
from audits.services.reading import record_reading
from audits.services.taking_back import take_back
from audits.terms import Status
from ui.files import hand_out

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
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


@require_POST
def take_file_back(request: UserRequest, pk: UUID) -> HttpResponse:
    """Delete a file that the reader's company sent and nobody has judged; lead back to its page."""
    supplied = get_object_or_404(
        SuppliedFile.objects.visible_to(request.user).select_related("audit", "document", "action"),
        pk=pk,
    )
    try:
        take_back(actor=request.user, supplied=supplied)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The file was taken back."))
    if supplied.action is not None:
        return redirect("portal:our_correction", pk=supplied.action.pk)
    number = supplied.audit.number
    if supplied.document is None or supplied.audit.status == Status.DRAFT:
        return redirect("portal:apply_documents", number=number)
    return redirect("portal:our_document", number=number, key=supplied.document.key)


def _evidence(request: UserRequest, pk: UUID) -> Evidence:
    return get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related("audit"), pk=pk
    )
