"""What every form shares in which a filled-in spreadsheet is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError

from suppliers.imports import FileRefused
from suppliers.imports.reading import check_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class SpreadsheetForm(forms.Form):
    """Choose a spreadsheet as `file`; subclasses say in `look` whether it can be read."""

    content: bytes

    def look(self, content: bytes, name: str) -> object:
        """Read the file; raises FileRefused with a sentence when it is not what is wanted."""
        raise NotImplementedError  # each list of a spreadsheet says how

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what cannot be read, by size before anything is loaded."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        name = file.name or ""
        try:
            check_file(file.size or 0, name)
            self.content = file.read()
            self.look(self.content, name)
        except FileRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file
