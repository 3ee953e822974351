"""The refusal to change what audits already rely on."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class ImmutableStandardError(ValidationError):
    """A change was asked of a standard that audits already rely on."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This version of the standard has been activated and can no longer be changed. "
                "Load the change as a new version."
            ),
            code="immutable",
        )
