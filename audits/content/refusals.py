"""Why a file is not kept, in sentences with the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STORAGE_FULL = "storage_full"

SENTENCES: dict[str, _StrPromise] = {
    "empty": _("The file is empty. Take or choose it again."),
    "too_large": _("The file is larger than %(limit)d MB. Make it smaller and try again."),
    "kind": _(
        "This kind of file cannot be kept. Use a photo (JPEG, PNG, WebP, HEIC), PDF, XLSX or DOCX."
    ),
    "two_kinds": _("The file is of two kinds at once. Save it anew in one format."),
    "damaged_picture": _(
        "The picture is damaged or incomplete. Take it again, or copy it from the camera once more."
    ),
    "too_many_pixels": _("The picture has too many pixels. Take it with a lower resolution."),
    "moving": _("Moving pictures cannot be kept. Make a still picture of it."),
    "damaged_document": _(
        "The document is damaged or incomplete. Open it, save it anew and try again."
    ),
    "odd": _(
        "The document is not built as Office builds it. Open it in Office, save it anew and try again."
    ),
    "locked": _(
        "The document is protected by a password. Save it without the password and try again."
    ),
    "old_office": _(
        "This is an old Office format or protected by a password. "
        "Save it as XLSX or DOCX without a password."
    ),
    "macros": _("The document contains macros. Save it without macros, or as a PDF."),
    "outside": _(
        "The document loads something from elsewhere (a template, another file or a program). "
        "Remove these links, or save it as a PDF."
    ),
    "inside": _(
        "The document has other files inside. Add those one by one, and the document as a plain PDF."
    ),
    "too_much": _(
        "The document is too large once it is unpacked. Save it in several parts, or as a PDF."
    ),
    "acts": _("The PDF contains scripts or starts programs. Print it to a new PDF and add that."),
    STORAGE_FULL: _(
        "The server has no room left for files. Nothing was kept. "
        "Tell the operator and try again later."
    ),
    "finding_full": _(
        "This requirement already has %(limit)d files. Remove some of them, or join them in a PDF."
    ),
    "audit_full": _(
        "This audit already has %(limit)d files. Remove some of them, or join them in a PDF."
    ),
}


def refusal(code: str, **params: int) -> ValidationError:
    """Return the error that says why: `code` is a key of SENTENCES."""
    return ValidationError(SENTENCES[code], code=code, params=params or None)
