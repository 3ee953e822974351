"""The form with which a result is suspended, reinstated or withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.services.results import change_result
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Result


class ChangeForm(ServiceForm):
    """Change the state of a result, with the reason."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The supplier, the audit body and the secretariat read it."),
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, result: Result, change: str, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result, self.change, self.actor = result, change, actor

    def act(self) -> Result:
        """Change it."""
        return change_result(
            actor=self.actor,
            result=self.result,
            change=self.change,
            reason=self.cleaned_data["reason"],
        )
