"""The form of a designation or approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services.designating import designate

if TYPE_CHECKING:
    from accounts.models import Designation, Organisation, User

DAY = {"type": "date"}


class DesignationForm(forms.Form):
    """Designate a secretariat or approve a body from a day until a day."""

    scope = forms.CharField(label=_("Scope"), max_length=200, required=False)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(DAY, "%Y-%m-%d"),
        help_text=_("Empty: until further notice."),
    )

    def __init__(self, *args: Any, organisation: Organisation, actor: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.organisation, self.actor = organisation, actor

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning with a sentence, not with the database's words."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The designation ends before it begins."))
        return data

    def save(self) -> Designation | None:
        """Designate; a refusal becomes an error of the form and None is returned."""
        try:
            return designate(actor=self.actor, organisation=self.organisation, **self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)
            return None
