"""The form of the signature of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.models import Audit
from audits.services.fieldwork import sign

if TYPE_CHECKING:
    from accounts.models import User


class SignForm(forms.Form):
    """Sign the report."""

    confirmed = forms.BooleanField(
        label=_("I have read the findings and sign them as lead auditor."),
        error_messages={"required": _("Tick the box to sign.")},
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        self.audit = audit
        super().__init__(*args, **kwargs)

    def save(self, *, actor: User) -> Audit | None:
        """Sign; a refusal becomes an error of the form and None is returned."""
        try:
            return sign(actor=actor, audit=self.audit)
        except ValidationError as error:
            self.add_error(None, error)
            return None
