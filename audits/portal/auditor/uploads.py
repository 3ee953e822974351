"""Files that arrive in parts: started, continued where they stopped, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits import policies
from audits.content.refusals import STORAGE_FULL
from audits.forms.uploads import StartUploadForm, finish
from audits.models import Upload
from audits.portal.auditor.evidence import finding_of
from audits.portal.auditor.syncing import refusal
from audits.services.evidence import DuplicateEvidenceError
from audits.services.uploading import PART_BYTES, OffsetError, remove_upload, take_part

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.http import UserRequest


@require_POST
def start(request: UserRequest, number: str, code: str) -> JsonResponse:
    """Announce a file: 200 with the address to send it to and the offset to begin at.

    422 with a sentence when it would not be kept anyway.
    """
    finding = finding_of(request, number, code)
    form = StartUploadForm(request.POST)
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return refusal(422, "refused", " ".join(sentences))
    try:
        return JsonResponse(_state(form.save(actor=request.user, finding=finding)))
    except (PermissionDenied, ValidationError) as error:
        return _refused(error)


@require_http_methods(["GET", "HEAD", "PATCH", "POST"])
def part(request: UserRequest, pk: UUID) -> HttpResponse:
    """Say how much has arrived (GET), take the next part (PATCH), or give the file up (POST).

    The part begins at the header Upload-Offset; 409 says where it should. The last part is answered
    by what became of the file: 201 with its label, 200 for one that the audit has already.
    """
    upload = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        remove_upload(upload)
        finding = upload.finding
        card = reverse("portal:card", args=[finding.audit.number, finding.requirement.code])
        return redirect(f"{card}#evidence")
    if request.method != "PATCH":
        return JsonResponse(_state(upload))
    try:
        return _take(request, upload)
    except (PermissionDenied, ValidationError, RequestDataTooBig) as error:
        return _refused(error)


def _take(request: UserRequest, upload: Upload) -> JsonResponse:
    upload = take_part(
        actor=request.user, upload=upload, offset=_offset(request), content=request.body
    )
    if upload.received < upload.size:
        return JsonResponse(_state(upload))
    try:
        evidence = finish(actor=request.user, upload=upload)
    except DuplicateEvidenceError as error:
        return JsonResponse({"known": error.evidence.label, "sentence": " ".join(error.messages)})
    return JsonResponse({"label": evidence.label}, status=201)


def _refused(error: Exception) -> JsonResponse:
    if isinstance(error, RequestDataTooBig):
        return refusal(413, "too_large", _("This is too much at once. Send smaller parts."))
    if isinstance(error, PermissionDenied):
        return refusal(403, "closed", str(policies.WHO_WRITES))
    if isinstance(error, OffsetError):
        return JsonResponse({"offset": error.offset}, status=409)
    full = isinstance(error, ValidationError) and getattr(error, "code", "") == STORAGE_FULL
    sentences = error.messages if isinstance(error, ValidationError) else []
    return refusal(507 if full else 422, "refused", " ".join(sentences))


def _offset(request: UserRequest) -> int:
    text = request.headers.get("Upload-Offset", "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise ValidationError(_("The part does not say where it begins (Upload-Offset)."))
    return int(text)


def _state(upload: Upload) -> dict[str, object]:
    return {
        "url": reverse("portal:upload", args=[upload.pk]),
        "offset": upload.received,
        "size": upload.size,
        "part": PART_BYTES,
    }
