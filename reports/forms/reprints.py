"""The form with which the scheme owner has the reports of a year printed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from reports.services import reprinting
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import Reprint


class ReprintForm(ServiceForm):
    """One year of issue."""

    made: Reprint
    year = forms.IntegerField(min_value=2000, max_value=2999, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def act(self) -> Reprint:
        """Start the batch."""
        return reprinting.start(actor=self.actor, year=self.cleaned_data["year"])
