"""What a browser says of a file before it sends it in parts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django import forms

from audits.services.uploading import finish_upload, start_upload
from audits.tasks import queue_thumbnail
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Evidence, Finding, Upload


class StartUploadForm(forms.Form):
    """Announce a file of a finding."""

    # Longer than any file system allows; a browser's own words for the file stay out of the way.
    name = forms.CharField(max_length=10_000, required=False)
    size = forms.IntegerField(min_value=0, max_value=2**40)
    # What tells this file from others on the same device, such as its time of change.
    stamp = forms.CharField(max_length=100, required=False)
    caption = forms.CharField(max_length=200, required=False)
    evidence_class = forms.ChoiceField(choices=EvidenceClass.choices)

    def save(self, *, actor: User, finding: Finding) -> Upload:
        """Return the upload, begun or to be continued; raises what the service raises."""
        data = self.cleaned_data
        told = "\n".join((data["name"], str(data["size"]), data["stamp"]))
        return start_upload(
            actor=actor,
            finding=finding,
            fingerprint=hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest(),
            name=data["name"],
            size=data["size"],
            caption=data["caption"],
            evidence_class=EvidenceClass(data["evidence_class"]),
        )


def finish(*, actor: User, upload: Upload) -> Evidence:
    """Make evidence of an upload that is complete; raises what the service raises."""
    evidence = finish_upload(actor=actor, upload=upload)
    queue_thumbnail(evidence)
    return evidence
