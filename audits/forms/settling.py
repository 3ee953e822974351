"""The form with which the secretariat settles a conflict of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.services.settling import settle_conflict
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit


class SettleConflictForm(ServiceForm):
    """Settle the conflict of an audit's team."""

    reason = forms.CharField(
        label=_("Why the audit is not impaired"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "What the engagement is, what the person did in the audit, and how its findings were "
            "checked. The audit body and the lead auditor read it; it stays in the record."
        ),
    )

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor

    def act(self) -> object:
        """Settle it."""
        return settle_conflict(
            actor=self.actor, audit=self.audit, reason=self.cleaned_data["reason"]
        )
