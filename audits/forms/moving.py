"""What the forms of moves have in common: the audit, the person, the version that was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit


class MoveForm(ServiceForm):
    """A form that moves an audit as it was seen at `version`; subclasses say how in `act()`."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": audit.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor

    @property
    def moved_on(self) -> bool:
        """Say whether somebody else acted on the audit since the page was opened."""
        return self.has_error("__all__", "moved_on")
