"""Accepting an application, for a body."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from audits.forms.moving import MoveForm
from audits.models import Audit
from audits.services.applying import accept


class AcceptForm(MoveForm):
    """Accept an application; the body is chosen here when the supplier left it open."""

    body = forms.ModelChoiceField(
        label=_("Audit body"),
        queryset=Organisation.objects.none(),
        help_text=_("The body that will do the audit; it has to belong to this secretariat."),
        empty_label=_("Please choose"),
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, audit=audit, **kwargs)
        if audit.body_id:
            del self.fields["body"]
        else:
            field = cast("forms.ModelChoiceField[Organisation]", self.fields["body"])
            field.queryset = Organisation.objects.bodies_of([audit.secretariat_id]).order_by(
                "name_ja"
            )

    def act(self) -> Audit:
        """Accept the application for the body."""
        return accept(
            actor=self.actor,
            audit=self.audit,
            body=self.cleaned_data.get("body"),
            expected_version=self.cleaned_data["version"],
        )
