"""Forms of the API clients: a new token, and the end of all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.service_accounts import end_tokens, issue_token

if TYPE_CHECKING:
    from accounts.models import Organisation, User

# What becomes of the tokens that the brand has already: (rotate, overlap).
EARLIER = {
    "week": (True, timedelta(days=7)),
    "now": (True, timedelta(0)),
    "keep": (False, timedelta(0)),
}


class TokenForm(forms.Form):
    """Make a token."""

    earlier = forms.ChoiceField(
        label=_("Earlier tokens"),
        choices=[
            ("week", _("end after a week, so that the brand can change over")),
            ("now", _("end at once")),
            ("keep", _("go on until they expire")),
        ],
        initial="week",
        widget=forms.RadioSelect,
    )

    def save(self, *, actor: User, brand: Organisation) -> str:
        """Return the new token; it cannot be read again."""
        rotate, overlap = EARLIER[self.cleaned_data["earlier"]]
        return issue_token(actor=actor, brand=brand, rotate=rotate, overlap=overlap)


class EndTokensForm(forms.Form):
    """End all tokens of a brand."""

    def save(self, *, actor: User, brand: Organisation) -> int:
        """Return how many were live."""
        return end_tokens(actor=actor, brand=brand)
