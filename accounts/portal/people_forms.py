"""The forms of people: inviting somebody, and opening one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from accounts.services.inviting import invite
from accounts.services.opening import open_account
from accounts.terms import ROLES_OF, Kind, Locale
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import Invitation, Organisation, User


class InviteForm(ServiceForm):
    """Ask somebody to act for an organisation."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("As it is to stand in the records.")
    )
    role = forms.ChoiceField(label=_("Role"))
    locale = forms.ChoiceField(
        label=_("Language of the letters"), choices=Locale.choices, initial=Locale.JAPANESE
    )

    def __init__(self, *args: Any, actor: User, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.organisation = actor, organisation
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a choice
            (role.value, role.label) for role in ROLES_OF[Kind(organisation.kind)]
        ]

    def act(self) -> Invitation:
        """Invite."""
        return invite(actor=self.actor, organisation=self.organisation, **self.cleaned_data)


class OpenAccountForm(ServiceForm):
    """Choose the first password."""

    refused_at = "password"
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return data

    def act(self) -> User:
        """Open the account."""
        return open_account(user=self.user, password=self.cleaned_data["password"])
