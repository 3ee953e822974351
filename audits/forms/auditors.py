"""The forms of the register of auditors: entered, described, qualified, away, active or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from audits.auditors.models import Absence, Auditor
from audits.auditors.services import qualifying, registering
from audits.auditors.terms import Level, QualificationStatus
from audits.standards.models import Standard
from suppliers.forms.fields import DayField
from suppliers.prefectures import CHOICES as PREFECTURES
from suppliers.terms import Language
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


class _Described(forms.Form):
    """What both the entry and its change ask for."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which interviews with workers can be held without an interpreter."),
    )
    prefectures = forms.TypedMultipleChoiceField(
        label=_("Prefectures served"),
        choices=PREFECTURES,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nearness counts when a team is chosen; it excludes nobody."),
    )


class RegisterForm(_Described):
    """Enter somebody into the register."""

    body = forms.ModelChoiceField(
        label=_("Audit body"), queryset=Organisation.objects.none(), empty_label=_("choose")
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Somebody who has an account already keeps it, with the name it has."),
    )
    registration_number = forms.CharField(label=_("Registration number"), max_length=20)

    field_order = ("body", "name", "email", "registration_number", "languages", "prefectures")

    def __init__(
        self, *args: Any, actor: User, bodies: QuerySet[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        cast("forms.ModelChoiceField[Organisation]", self.fields["body"]).queryset = bodies

    def save(self) -> Auditor | None:
        """Register; a refusal becomes an error of the form and None is returned."""
        try:
            return registering.register_auditor(actor=self.actor, **self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)
            return None


class AuditorForm(ServiceForm):
    """A form about one auditor, whose `act()` calls a service."""

    def __init__(self, *args: Any, auditor: Auditor, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auditor, self.actor = auditor, actor


class DescribeForm(_Described, AuditorForm):
    """Change languages and prefectures."""

    def __init__(self, *args: Any, auditor: Auditor, actor: User, **kwargs: Any) -> None:
        now = {"languages": auditor.languages, "prefectures": auditor.prefectures}
        super().__init__(*args, auditor=auditor, actor=actor, initial=now, **kwargs)

    def act(self) -> object:
        """Change them."""
        return registering.change_auditor(
            actor=self.actor, auditor=self.auditor, **self.cleaned_data
        )


class StepForm(AuditorForm):
    """Enter a step of a qualification, its suspension or its lapse."""

    standard = forms.ModelChoiceField(
        label=_("Version of the standard"),
        queryset=Standard.objects.none(),
        empty_label=None,
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    status = forms.ChoiceField(
        label=_("Step"),
        choices=QualificationStatus.choices,
        help_text=_("Trained, examined, witnessed and qualified follow each other."),
    )
    on = DayField(label=_("Day"))
    ends_on = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("Only for “qualified”. Leave it empty when there is no last day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed to suspend a qualification or to let it lapse."),
    )

    def __init__(self, *args: Any, auditor: Auditor, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, auditor=auditor, actor=actor, **kwargs)
        versions = Standard.objects.visible_to(actor).order_by("-effective_on")
        cast("forms.ModelChoiceField[Standard]", self.fields["standard"]).queryset = versions

    def act(self) -> object:
        """Enter it."""
        return qualifying.enter_step(actor=self.actor, auditor=self.auditor, **self.cleaned_data)


class AbsenceForm(AuditorForm):
    """Enter days on which no visit can be planned."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=100,
        help_text=_("Coordinators read it; the reason need not be told."),
    )

    def act(self) -> object:
        """Enter them."""
        return registering.add_absence(actor=self.actor, auditor=self.auditor, **self.cleaned_data)


class RemoveAbsenceForm(AuditorForm):
    """Take unavailable days out again."""

    absence = forms.ModelChoiceField(
        label=_("Unavailable days"), queryset=Absence.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, auditor: Auditor, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, auditor=auditor, actor=actor, **kwargs)
        field = cast("forms.ModelChoiceField[Absence]", self.fields["absence"])
        field.queryset = Absence.objects.filter(auditor=auditor).select_related("auditor__user")

    def act(self) -> object:
        """Take them out."""
        registering.remove_absence(actor=self.actor, absence=self.cleaned_data["absence"])
        return True


class DeactivateForm(AuditorForm):
    """Take somebody out of every choice of a team."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))

    def act(self) -> object:
        """Deactivate."""
        return registering.deactivate(
            actor=self.actor, auditor=self.auditor, reason=self.cleaned_data["reason"]
        )


class ReactivateForm(AuditorForm):
    """Let somebody be chosen for teams again."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )

    def act(self) -> object:
        """Reactivate."""
        return registering.reactivate(
            actor=self.actor, auditor=self.auditor, reason=self.cleaned_data["reason"]
        )
