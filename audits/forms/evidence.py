"""The form that takes photos and documents in, several at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.models import Evidence, Finding
from audits.services.evidence import add_evidence
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User

ACCEPT = "image/jpeg,image/png,image/webp,application/pdf,.xlsx,.docx"
MOST_AT_ONCE = 20


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that lets several files be chosen."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """All files of the input; each is looked at by the service, which says what is wrong."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files; raises ValidationError for none or too many."""
        files = list(data) if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            raise ValidationError(_("Choose or take at least one photo or document."))
        if len(files) > MOST_AT_ONCE:
            raise ValidationError(
                _("Choose at most %(limit)d files at once."), params={"limit": MOST_AT_ONCE}
            )
        return files


class EvidenceForm(forms.Form):
    """Add photos or documents to a finding."""

    uploads = SeveralFilesField(label=_("Photos and documents"))
    caption = forms.CharField(
        label=_("Caption"),
        max_length=200,
        required=False,
        help_text=_("Where and what. Name no person."),
    )
    evidence_class = forms.ChoiceField(
        label=_("Who may see it"),
        choices=EvidenceClass.choices,
        initial=EvidenceClass.RESTRICTED,
    )

    def save(self, *, actor: User, finding: Finding) -> list[Evidence]:
        """Keep each file that can be kept; every other one becomes an error with its name."""
        kept = []
        for file in self.cleaned_data["uploads"]:
            try:
                kept.append(
                    add_evidence(
                        actor=actor,
                        audit=finding.audit,
                        finding=finding,
                        file=file,
                        name=file.name or "",
                        caption=self.cleaned_data["caption"],
                        evidence_class=EvidenceClass(self.cleaned_data["evidence_class"]),
                    )
                )
            except ValidationError as error:
                self.add_error(
                    "uploads", [f"{file.name}: {sentence}" for sentence in error.messages]
                )
        return kept
