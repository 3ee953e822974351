"""The forms of evidence: taken in, several at a time; described anew; removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.content.names import one_line
from audits.models import Evidence, Finding
from audits.services.evidence import add_evidence, largest_file
from audits.services.evidence_changes import change_evidence, remove_evidence
from audits.tasks import queue_thumbnail
from audits.terms import EvidenceClass
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,application/pdf,.xlsx,.docx"
MOST_AT_ONCE = 20


def limit_hint() -> str:
    """Return which files are taken and how large they may be, for the forms of both sides."""
    return _("Photos (JPEG, PNG, WebP, HEIC), PDF, XLSX, DOCX; up to %(limit)d MB each.") % {
        "limit": largest_file() // 1024 // 1024
    }


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that lets several files be chosen."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """All files of the input; each is looked at by the service, which says what is wrong."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files; raises ValidationError for none or too many."""
        files = list(data) if isinstance(data, (list, tuple)) else [data] if data else []
        if not files and self.required:
            raise ValidationError(_("Choose or take at least one photo or document."))
        if len(files) > MOST_AT_ONCE:
            raise ValidationError(
                _("Choose at most %(limit)d files at once."), params={"limit": MOST_AT_ONCE}
            )
        return files


def _caption() -> forms.CharField:
    return forms.CharField(
        label=_("Caption"),
        max_length=200,
        required=False,
        help_text=_("Where and what. Name no person."),
    )


def _evidence_class() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Who may see it"),
        choices=EvidenceClass.choices,
        initial=EvidenceClass.RESTRICTED,
    )


class EvidenceForm(forms.Form):
    """Add photos or documents to a finding."""

    uploads = SeveralFilesField(label=_("Photos and documents"))
    caption = _caption()
    evidence_class = _evidence_class()

    def save(self, *, actor: User, finding: Finding) -> list[Evidence]:
        """Keep each file that can be kept; every other one becomes an error with its name."""
        kept = []
        for file in self.cleaned_data["uploads"]:
            try:
                evidence = add_evidence(
                    actor=actor,
                    audit=finding.audit,
                    finding=finding,
                    file=file,
                    name=file.name or "",
                    caption=self.cleaned_data["caption"],
                    evidence_class=EvidenceClass(self.cleaned_data["evidence_class"]),
                )
            except ValidationError as error:
                name = one_line(file.name or "")
                self.add_error("uploads", [f"{name}: {sentence}" for sentence in error.messages])
            else:
                queue_thumbnail(evidence)
                kept.append(evidence)
        return kept


class EvidenceChangeForm(ServiceForm):
    """Give a piece of evidence another caption or class."""

    caption = _caption()
    evidence_class = _evidence_class()

    def __init__(self, *args: Any, actor: User, evidence: Evidence, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "caption": evidence.caption,
            "evidence_class": evidence.evidence_class,
        }
        super().__init__(*args, **kwargs)
        self.actor, self.evidence = actor, evidence

    def act(self) -> object:
        """Change it."""
        return change_evidence(
            actor=self.actor,
            evidence=self.evidence,
            caption=self.cleaned_data["caption"],
            evidence_class=EvidenceClass(self.cleaned_data["evidence_class"]),
        )


class EvidenceRemovalForm(ServiceForm):
    """Remove a piece of evidence, with the reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("It stays in the record. Name no person."),
    )

    def __init__(self, *args: Any, actor: User, evidence: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.evidence = actor, evidence

    def act(self) -> None:
        """Remove it."""
        remove_evidence(
            actor=self.actor, evidence=self.evidence, reason=self.cleaned_data["reason"]
        )
