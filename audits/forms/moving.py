"""What the forms of moves have in common: the version that was seen, and refusals as errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit


class MoveForm(forms.Form):
    """A form that moves an audit as it was seen at `version`; subclasses say how in `move()`."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": audit.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor

    def move(self) -> Audit:
        """Do the act with the cleaned data; raises ValidationError with every refusal."""
        raise NotImplementedError

    def save(self) -> Audit | None:
        """Do it; a refusal becomes an error of the form and None is returned."""
        try:
            return self.move()
        except ValidationError as error:
            self.add_error(None, error)
            return None

    @property
    def moved_on(self) -> bool:
        """Say whether somebody else acted on the audit since the page was opened."""
        return self.has_error("__all__", "moved_on")
