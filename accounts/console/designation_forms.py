"""The forms of a designation: given, suspended in part, permitted again, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.services.designating import designate, end, lift, suspend, version_of
from accounts.terms import Effect, Kind
from accounts.timeline import effects
from ui.forms import ServiceForm
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from accounts.models import Designation, Organisation, User

DAY = {"type": "date"}

# What follows when one effect is stopped.
MEANS: dict[Effect, _StrPromise] = {
    Effect.ACCEPT: _("Applications wait: none is accepted, for a first audit or a renewal."),
    Effect.SCHEDULE: _("No visit is fixed and none is put off to another day."),
    Effect.PERFORM: _(
        "No fieldwork begins and its auditors are not eligible; a visit that has begun is finished."
    ),
    Effect.ISSUE: _("No result is issued: decisions wait."),
    Effect.RENEW: _(
        "Audits of a site whose result stands are neither accepted nor issued, by whatever name; "
        "follow-up audits and first audits go on as before."
    ),
    Effect.VERIFY: _(
        "Its people do not check corrective actions; the secretariat does it in their place."
    ),
}
MEANS_FOR_SECRETARIAT = {
    **MEANS,
    Effect.VERIFY: _("Neither the secretariat nor its bodies check corrective actions."),
}


class DesignationForm(ServiceForm):
    """Designate a secretariat or approve a body from a day until a day."""

    scope = forms.CharField(label=_("Scope"), max_length=200, required=False)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(DAY, "%Y-%m-%d"),
        help_text=_("Empty: until further notice."),
    )

    def __init__(self, *args: Any, organisation: Organisation, actor: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.organisation, self.actor = organisation, actor

    def act(self) -> Designation:
        """Designate."""
        return designate(actor=self.actor, organisation=self.organisation, **self.cleaned_data)


class _ActForm(ServiceForm):
    """One act on a designation as it was seen, with the reason that everybody concerned reads."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The organisation, its secretariat and the scheme owner read it."),
    )

    def __init__(self, *args: Any, designation: Designation, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": version_of(designation), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.designation, self.actor = designation, actor

    @property
    def is_stale(self) -> bool:
        """Say whether somebody else changed the designation after it was seen."""
        return self.has_error(NON_FIELD_ERRORS, "stale")

    def entered(self) -> str:
        """Return in words what was chosen, for a page that shows how things stand now."""
        return ""

    @property
    def given(self) -> dict[str, Any]:
        """What every act takes."""
        return {
            "actor": self.actor,
            "designation": self.designation,
            "reason": self.cleaned_data["reason"],
            "seen": self.cleaned_data["seen"],
        }


class SuspendForm(_ActForm):
    """Choose what the suspension stops; on a suspended designation, choose anew."""

    stops = forms.MultipleChoiceField(
        label=_("What is stopped"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one thing that is stopped; to stop nothing, lift it.")
        },
    )
    field_order = ("stops", "reason")

    def __init__(self, *args: Any, designation: Designation, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"stops": designation.stops, **kwargs.get("initial", {})}
        super().__init__(*args, designation=designation, actor=actor, **kwargs)
        secretariat = designation.organisation.kind == Kind.SECRETARIAT
        means = MEANS_FOR_SECRETARIAT if secretariat else MEANS
        field: Any = self.fields["stops"]
        field.choices = [
            (
                effect.value,
                format_html("<span>{}<br><small>{}</small></span>", effect.label, means[effect]),
            )
            for effect in Effect
        ]

    def act(self) -> Designation:
        """Suspend, or change the suspension."""
        return suspend(stops=self.cleaned_data["stops"], **self.given)

    def entered(self) -> str:
        """Return what was to be stopped."""
        return effects(self.cleaned_data["stops"])


class LiftForm(_ActForm):
    """Permit again what the suspension stopped."""

    def act(self) -> Designation:
        """Lift the suspension."""
        return lift(**self.given)


class EndForm(_ActForm):
    """Fix the last day of a designation."""

    ends_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(DAY, "%Y-%m-%d"),
        help_text=_("On this day the designation still holds; from the next day it does not."),
    )
    field_order = ("ends_on", "reason")

    def act(self) -> Designation:
        """End the designation."""
        return end(ends_on=self.cleaned_data["ends_on"], **self.given)

    def entered(self) -> str:
        """Return the last day that was to be."""
        return day(self.cleaned_data["ends_on"])
