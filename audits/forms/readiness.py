"""The form of the self-check: an answer and a note for each requirement of a category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.models import SelfAnswer
from audits.models.readiness import LONGEST_NOTE
from audits.services.readiness import Given
from audits.services.self_checking import clear_answers, keep_answers
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from audits.services.readiness import Line
    from suppliers.models import Site


class SelfCheckForm(ServiceForm):
    """What is said of the given lines; those that the profile answers are not asked for.

    A page may show a part of them: what it did not send is left alone. It sends along what it
    showed, so that what a colleague said meanwhile is not overwritten by what stood there before;
    with `whole` the little that was sent is kept as it is.
    """

    def __init__(
        self,
        *args: Any,
        actor: User,
        site: Site,
        lines: Iterable[Line],
        whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.site, self.whole = actor, site, whole
        self.asked = [
            line
            for line in lines
            if not line.reason and (not self.is_bound or f"answer-{line.code}" in self.data)
        ]
        for line in self.asked:
            self.fields[f"answer-{line.code}"] = forms.ChoiceField(
                label=_("Self-check"),
                choices=SelfAnswer.choices,
                initial=line.given.answer,
                show_hidden_initial=True,
            )
            self.fields[f"note-{line.code}"] = forms.CharField(
                label=_("Note to ourselves"),
                max_length=LONGEST_NOTE,
                required=False,
                initial=line.given.note,
                show_hidden_initial=True,
            )

    def act(self) -> int:
        """Keep what was changed."""
        given = {
            line.code: Given(
                SelfAnswer(self.cleaned_data[f"answer-{line.code}"]),
                self.cleaned_data[f"note-{line.code}"],
            )
            for line in self.asked
            if self.whole
            or {f"answer-{line.code}", f"note-{line.code}"}.intersection(self.changed_data)
        }
        return keep_answers(actor=self.actor, site=self.site, given=given)


class ClearForm(ServiceForm):
    """Delete every answer and note."""

    def __init__(self, *args: Any, actor: User, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.site = actor, site

    def act(self) -> int:
        """Delete them."""
        return clear_answers(actor=self.actor, site=self.site)
