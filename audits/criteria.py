"""Whether a grade was computed by the scheme's official criteria, as a word for lists and files."""

from __future__ import annotations

from django.utils.translation import gettext as _


def criteria_label(official: bool) -> str:
    """Return the word that stands beside a grade in a file."""
    return _("Official criteria") if official else _("Provisional criteria")
