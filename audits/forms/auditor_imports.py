"""Forms of the import of auditors: choosing a list, and confirming what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.auditors.imports import ParsedAuditors, read_auditors
from audits.auditors.services.importing import import_auditors
from suppliers.imports import FileRefused
from suppliers.imports.reading import check_file
from suppliers.services.staging import forget_staged, stage_list

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User
    from suppliers.services.importing import Outcome


class AuditorUploadForm(forms.Form):
    """Choose the list; nothing is imported yet."""

    file = forms.FileField(
        label=_("List of auditors"),
        help_text=_("An .xlsx or .csv file of up to 10 MB, one row for each auditor."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        allow_empty_file=True,  # our own sentence says what to do
    )
    content: bytes

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what cannot be read, by size before anything is loaded."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        name = file.name or ""
        try:
            check_file(file.size or 0, name)
            self.content = file.read()
            read_auditors(self.content, name)
        except FileRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file

    def save(self, *, actor: User) -> str:
        """Keep the list for the preview and return its key."""
        name = self.cleaned_data["file"].name
        return stage_list(actor=actor, content=self.content, filename=name)


class AuditorConfirmForm(forms.Form):
    """Import the list that was looked at."""

    skip_bad = forms.BooleanField(
        label=_("Leave out the rows with errors and import the others"), required=False
    )

    def save(self, *, actor: User, parsed: ParsedAuditors, key: str) -> Outcome:
        """Import; the list is kept when errors stopped it."""
        outcome = import_auditors(
            actor=actor, parsed=parsed, skip_bad=self.cleaned_data["skip_bad"]
        )
        if not outcome.stopped:
            forget_staged(actor=actor, key=key)
        return outcome
