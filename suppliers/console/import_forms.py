"""Forms of the import: choosing a list, and confirming what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from suppliers.forms.spreadsheet import SpreadsheetForm
from suppliers.services.staging import forget_staged, stage_list

if TYPE_CHECKING:
    from accounts.models import User
    from suppliers.console.import_lists import ListImport
    from suppliers.imports import Parsed
    from suppliers.services.plans import Outcome


class ImportUploadForm(SpreadsheetForm):
    """Choose the list; nothing is imported yet."""

    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        allow_empty_file=True,  # our own sentence says what to do
    )

    def __init__(self, *args: Any, kind: ListImport[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["file"].label = kind.label
        self.fields["file"].help_text = kind.help_text

    def look(self, content: bytes, name: str) -> object:
        """Read the list."""
        return self.kind.read(content, name)

    def save(self, *, actor: User) -> str:
        """Keep the list for the preview and return its key."""
        name = self.cleaned_data["file"].name
        return stage_list(actor=actor, content=self.content, filename=name)


class ImportConfirmForm(forms.Form):
    """Import the list that was looked at."""

    skip_bad = forms.BooleanField(
        label=_("Leave out the rows with errors and import the others"), required=False
    )

    def __init__(self, *args: Any, kind: ListImport[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def save(self, *, actor: User, parsed: Parsed[Any], key: str) -> Outcome:
        """Import; the list is kept when errors stopped it."""
        outcome = self.kind.run(actor=actor, parsed=parsed, skip_bad=self.cleaned_data["skip_bad"])
        if not outcome.stopped:
            forget_staged(actor=actor, key=key)
        return outcome
