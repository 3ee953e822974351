"""Forms of change notices: tell of a change, decide on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.change_terms import ChangeKind
from audits.services.noticing import decide_change, declare_change, open_decisions
from suppliers.forms.fields import DayField
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import ChangeNotice
    from suppliers.models import Site


class ChangeForm(ServiceForm):
    """Tell the scheme of a change at a site; `percent` is how much more workers are many."""

    kind = forms.ChoiceField(label=_("what changes"), widget=forms.RadioSelect)
    starts_on = DayField(
        label=_("from which day"), help_text=_("It may lie ahead: report it as soon as you know.")
    )
    text = forms.CharField(
        label=_("description of the change"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "What was before, what is or will be then, and how many people it concerns; for a move "
            "the new address. Do not write workers' names."
        ),
    )

    def __init__(self, *args: Any, site: Site, actor: User, percent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site, self.actor = site, actor
        field: Any = self.fields["kind"]
        field.choices = [
            (
                kind.value,
                format_lazy(_("more than {percent}% more workers"), percent=percent)
                if kind == ChangeKind.WORKERS
                else kind.label,
            )
            for kind in ChangeKind
        ]

    def act(self) -> object:
        """Tell it."""
        return declare_change(actor=self.actor, site=self.site, **self.cleaned_data)


class ChangeDecisionForm(ServiceForm):
    """Decide what a change means for the result that stands."""

    decision = forms.ChoiceField(label=_("decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("reason"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "The supplier reads it. For a desk check say which documents you need, by when and how "
            "they are to be sent."
        ),
    )

    def __init__(self, *args: Any, notice: ChangeNotice, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice, self.actor = notice, actor
        field: Any = self.fields["decision"]
        field.choices = [(one.value, one.label) for one in open_decisions(notice)]

    def act(self) -> object:
        """Decide."""
        return decide_change(actor=self.actor, notice=self.notice, **self.cleaned_data)
