"""Where a tablet sends what was done without a network; answers are JSON with a signed receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audits.forms.syncing import SyncPhotoForm, read_batch
from audits.portal.auditor.places import audit_of
from audits.services.syncing import Done, receipt
from ui.problems import CONTENT_TYPE, problem

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.http import UserRequest
    from audits.models import Audit


def refusal(status: int, code: str, sentence: str) -> JsonResponse:
    """Return a refusal of everything that was sent: a problem document with a sentence."""
    body = problem(status, code, _("Nothing was saved on the server."), sentence)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def _audit(request: UserRequest, number: str) -> Audit | JsonResponse:
    try:
        return audit_of(request, number)
    except Http404:
        sentence = _("This audit is not open to you. Ask the lead auditor or your body's desk.")
        return refusal(404, "unknown_audit", sentence)
    except PermissionDenied:
        return refusal(403, "not_in_team", _("You are not in the team of this audit."))


def _somebody_else(request: UserRequest, person: UUID | None) -> JsonResponse | None:
    if person is None or person == request.user.pk:
        return None
    sentence = _(
        "Somebody else did this work on the tablet. Sign in as that person, then send it again."
    )
    return refusal(403, "somebody_else", sentence)


def _answer(audit: Audit, client: UUID, done: list[Done]) -> JsonResponse:
    return JsonResponse(
        {
            "receipt": receipt(audit=audit, client=client, done=done),
            "items": [row.as_data() for row in done],
        }
    )


@require_POST
def sync(request: UserRequest, number: str) -> JsonResponse:
    """Take a batch of findings, in one transaction; 200 with an outcome for each."""
    audit = _audit(request, number)
    if isinstance(audit, JsonResponse):
        return audit
    try:
        batch = read_batch(request.body)
    except RequestDataTooBig:
        sentence = _("This is too much at once. Send it in several batches.")
        return refusal(413, "too_large", sentence)
    except ValidationError as error:
        status = 413 if error.code == "too_many" else 400
        return refusal(status, error.code or "unreadable", " ".join(error.messages))
    if wrong := _somebody_else(request, batch.person):
        return wrong
    return _answer(audit, batch.client, batch.save(actor=request.user, audit=audit))


@require_POST
def sync_photo(request: UserRequest, number: str) -> JsonResponse:
    """Take one photo or document; 200 with its outcome."""
    audit = _audit(request, number)
    if isinstance(audit, JsonResponse):
        return audit
    form = SyncPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return refusal(422, "unreadable", " ".join(sentences))
    if wrong := _somebody_else(request, form.cleaned_data["person"]):
        return wrong
    done = form.save(actor=request.user, audit=audit)
    return _answer(audit, form.cleaned_data["client"], [done])
