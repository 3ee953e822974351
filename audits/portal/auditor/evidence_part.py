"""The part of a card that shows evidence: what is there, what is on its way, and the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from audits import policies
from audits.forms.evidence import ACCEPT, EvidenceForm, limit_hint
from audits.models import Evidence, Upload
from audits.models.evidence import Preview
from audits.services.evidence import largest_file

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from audits.models import Audit, Finding

# What the script of the upload says; "{…}" is filled in by it.
WORDS = {
    "waiting": gettext_lazy("Waiting"),
    "sending": gettext_lazy("Sent: {percent} %"),
    "checking": gettext_lazy("Being checked"),
    "done": gettext_lazy("Added as {label}"),
    "offline": gettext_lazy(
        "Interrupted at {percent} %. It goes on by itself as soon as there is a network."
    ),
    "again": gettext_lazy("Try again"),
    "remove": gettext_lazy("Take off the list"),
    "cancel": gettext_lazy("Give up"),
    "signed_out": gettext_lazy(
        "You are signed out. Sign in again in another window, then press “Try again”."
    ),
    "failed": gettext_lazy("The server did not answer as expected. Try again in a while."),
    "too_large": gettext_lazy("The file is larger than {limit} MB. Make it smaller and try again."),
    "nothing": gettext_lazy("Choose or take at least one photo or document."),
}


def evidence_part(request: UserRequest, audit: Audit, finding: Finding) -> dict[str, Any]:
    """Return what the part needs besides audit, finding and requirement."""
    pieces = list(Evidence.objects.visible_to(request.user).filter(finding=finding))
    writable = policies.writes_findings(request.user, audit)
    return {
        "evidence": pieces,
        "preparing": any(piece.preview == Preview.WAITING for piece in pieces),
        "unfinished": Upload.objects.visible_to(request.user).filter(finding=finding)
        if writable
        else [],
        "upload": EvidenceForm(),
        "accept": ACCEPT,
        "writable": writable,
        "upload_config": {
            "words": {name: str(word) for name, word in WORDS.items()},
            "largest": largest_file(),
        },
        "limit_hint": limit_hint(),
    }
