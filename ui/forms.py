"""The one way in which a form calls a service: what the service refuses becomes errors of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable


class ServiceForm(forms.Form):
    """A form for one act; subclasses call the service in `act()` with the cleaned data.

    What the service returned is `made` afterwards. `refused_at` is the field beside which a
    refusal is said; without one it stands above the form.
    """

    refused_at: ClassVar[str | None] = None
    made: Any = None

    def act(self) -> object:
        """Call the service; raises ValidationError with every refusal."""
        raise NotImplementedError  # each form calls its own service

    def save(self) -> bool:
        """Do it; False, with errors, when it is refused."""
        return self.tried(self.act)

    def tried(self, act: Callable[[], object]) -> bool:
        """Call `act`, for a form with more than one thing to do; False when it is refused."""
        try:
            self.made = act()
        except ValidationError as error:
            self.add_error(self.refused_at, error)
            return False
        return True
