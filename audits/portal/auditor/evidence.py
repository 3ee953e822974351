"""Evidence: taken in from the card, and handed out to those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from audits.forms.evidence import ACCEPT, EvidenceForm
from audits.models import Evidence, Finding
from audits.portal.auditor.fieldwork import card_page
from audits.portal.auditor.places import audit_of
from audits.services.reading import record_reading
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models.fields.files import FieldFile

    from accounts.http import UserRequest

# Whatever a file contains, a browser that opens it runs nothing and loads nothing.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_POST
def upload_evidence(request: UserRequest, number: str, code: str) -> HttpResponse:
    """Keep the files that can be kept and say why the others cannot."""
    audit = audit_of(request, number)
    finding = get_object_or_404(
        Finding.objects.visible_to(request.user).select_related(
            "audit", "changed_by", "requirement__category"
        ),
        audit=audit,
        requirement__code=code,
    )
    form = EvidenceForm(request.POST, request.FILES)
    kept = form.save(actor=request.user, finding=finding) if form.is_valid() else []
    if request.htmx:
        context = {
            "audit": audit,
            "finding": finding,
            "requirement": finding.requirement,
            "evidence": Evidence.objects.visible_to(request.user).filter(finding=finding),
            "upload": form if form.errors else EvidenceForm(),
            "kept": len(kept),
            "accept": ACCEPT,
            "writable": True,
            "here": reverse("portal:card", args=[number, code]),
        }
        return render(request, "audits/portal/auditor/evidence.html", context)
    if kept:
        messages.success(
            request,
            ngettext("%(count)d file was added.", "%(count)d files were added.", len(kept))
            % {"count": len(kept)},
        )
    if form.errors:
        return card_page(request, audit, finding, upload=form, status=422)
    return redirect(reverse("portal:card", args=[number, code]) + "#evidence")


@require_GET
def evidence_file(request: UserRequest, pk: UUID) -> FileResponse:
    """Hand out the file: pictures to look at, everything else to save; sealed reads are recorded."""
    evidence = _evidence(request, pk)
    record_reading(actor=request.user, evidence=evidence)
    extension = "" if "." in evidence.name else ".bin"
    return _serve(
        evidence.file,
        media_type=evidence.media_type,
        name=f"{evidence.label}-{evidence.name}{extension}",
        attachment=not evidence.is_picture,
        keep=evidence.evidence_class != EvidenceClass.SEALED,
    )


@require_GET
def evidence_thumbnail(request: UserRequest, pk: UUID) -> FileResponse:
    """Hand out the small picture; 404 where there is none."""
    evidence = _evidence(request, pk)
    if not evidence.thumbnail:
        raise Http404
    record_reading(actor=request.user, evidence=evidence)
    return _serve(
        evidence.thumbnail,
        media_type="image/jpeg",
        name=f"{evidence.label}.jpg",
        attachment=False,
        keep=evidence.evidence_class != EvidenceClass.SEALED,
    )


def _evidence(request: UserRequest, pk: UUID) -> Evidence:
    return get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related("audit"), pk=pk
    )


def _serve(
    file: FieldFile, *, media_type: str, name: str, attachment: bool, keep: bool
) -> FileResponse:
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        stream, content_type=media_type, as_attachment=attachment, filename=name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    # The content of a piece of evidence never changes; a sealed one leaves nothing behind.
    response["Cache-Control"] = "private, max-age=3600" if keep else "private, no-store"
    return response
