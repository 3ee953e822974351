"""The forms of the acts on a version of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.forms.standards import date_field
from audits.standards.services.activating import (
    confirm_activation,
    propose_activation,
    seal,
    withdraw_proposal,
)
from audits.standards.services.loading import discard_draft
from audits.standards.services.retiring import (
    fix_mandatory_from,
    retire_standard,
    sunset_standard,
)
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.standards.models import Standard


class VersionActForm(ServiceForm):
    """One act on a version; subclasses say which in `act()`."""

    def __init__(self, *args: Any, standard: Standard, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard, self.actor = standard, actor


def comment_field() -> forms.CharField:
    """Return a field for a remark that is kept in the record."""
    return forms.CharField(
        label=_("Remark"),
        help_text=_("Kept in the record."),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


def reason_field() -> forms.CharField:
    """Return a field for the reason of an act."""
    return forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the record."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class ProposeForm(VersionActForm):
    """Propose the activation of a draft."""

    comment = comment_field()

    def act(self) -> Standard:
        """Propose."""
        return propose_activation(actor=self.actor, standard=self.standard, **self.cleaned_data)


class TakeBackForm(VersionActForm):
    """Take a proposed activation back, or refuse it."""

    comment = comment_field()

    def act(self) -> Standard:
        """Take it back."""
        return withdraw_proposal(actor=self.actor, standard=self.standard, **self.cleaned_data)


class ConfirmForm(VersionActForm):
    """Confirm the activation of what was looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    checked = forms.BooleanField(
        label=_("I have looked at the differences, the mapping and the change-over."),
        error_messages={"required": _("Tick the box to confirm.")},
    )
    comment = comment_field()

    def __init__(self, *args: Any, standard: Standard, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, standard=standard, actor=actor, **kwargs)
        self.initial["seen"] = seal(standard)

    def act(self) -> Standard:
        """Confirm."""
        data = self.cleaned_data
        return confirm_activation(
            actor=self.actor, standard=self.standard, seen=data["seen"], comment=data["comment"]
        )


class MandatoryForm(VersionActForm):
    """Fix from when a version is the only one."""

    on = date_field(_("Mandatory for visits from"))
    reason = reason_field()

    def act(self) -> Standard:
        """Fix the day."""
        return fix_mandatory_from(actor=self.actor, standard=self.standard, **self.cleaned_data)


class SunsetForm(VersionActForm):
    """Phase a version out."""

    on = date_field(
        _("Retired on"),
        required=False,
        help_text=_("From visits on this day it can no longer be used. May be fixed later."),
    )
    reason = reason_field()

    def act(self) -> Standard:
        """Phase it out."""
        return sunset_standard(actor=self.actor, standard=self.standard, **self.cleaned_data)


class RetireForm(VersionActForm):
    """Retire a version."""

    on = date_field(
        _("Retired on"), help_text=_("From visits on this day it can no longer be used.")
    )
    reason = reason_field()

    def act(self) -> Standard:
        """Retire it, at once or on the day."""
        return retire_standard(actor=self.actor, standard=self.standard, **self.cleaned_data)


class DiscardForm(VersionActForm):
    """Discard a draft."""

    reason = reason_field()

    def act(self) -> None:
        """Discard it."""
        discard_draft(actor=self.actor, standard=self.standard, **self.cleaned_data)
