"""The form with which a person chooses how often mail comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.rhythm import choose_rhythm
from accounts.terms import Rhythm

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import User


class RhythmForm(forms.Form):
    """How often mail comes."""

    rhythm = forms.ChoiceField(
        label=_("When mail comes"), choices=Rhythm.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: QueryDict | None, *, actor: User) -> None:
        super().__init__(data, initial={"rhythm": actor.mail_rhythm})
        self.actor = actor

    def save(self) -> User:
        """Keep the choice."""
        return choose_rhythm(actor=self.actor, rhythm=self.cleaned_data["rhythm"])
