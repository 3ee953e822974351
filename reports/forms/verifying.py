"""The form in which somebody shows a file that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reports.services.verifying import Checked, check_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# A report of two languages with every photo has less than a tenth of it.
MOST_BYTES = 30 * 1024 * 1024
TOO_LARGE = _("The file is larger than 30 MB. No paper of Orime is.")


class VerifyFileForm(forms.Form):
    """Choose a PDF, or the data of one; it is looked at and not kept."""

    file = forms.FileField(
        label=_("PDF, or the JSON that came with it"),
        help_text=_("Up to 30 MB. The file is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.json"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return file

    def save(self) -> Checked:
        """Return what is known of the file."""
        return check_file(self.cleaned_data["file"])
