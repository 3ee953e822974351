"""The supplier's forms of a corrective action: the plan, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.content.names import one_line
from audits.forms.evidence import ACCEPT, SeveralFilesField, limit_hint
from audits.services.correcting import STEPS, take_step
from audits.services.correction_files import send_shown
from audits.services.drafting_plans import Refused, draft_plan, draft_together
from suppliers.forms.fields import DayField
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User
    from audits.models import CorrectiveAction
    from audits.models.corrections import CorrectiveActionQuerySet
    from suppliers.models import Site
    from suppliers.models.sites import SiteQuerySet


def _long(label: Any, help_text: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StepForm(ServiceForm):
    """Take one step of a corrective action with what it needs."""

    step: ClassVar[str]
    # Whether only what there is was kept, and no step taken.
    kept_only = False

    def __init__(self, *args: Any, action: CorrectiveAction, actor: User, **kwargs: Any) -> None:
        # After a return what was written before is there to be improved.
        kwargs["initial"] = {name: getattr(action, name) for name in STEPS[self.step].writes}
        super().__init__(*args, **kwargs)
        self.action, self.actor = action, actor

    def act(self) -> CorrectiveAction:
        """Take the step."""
        written = {name: self.cleaned_data[name] for name in STEPS[self.step].writes}
        return take_step(actor=self.actor, action=self.action, step=self.step, **written)


class PlanForm(StepForm):
    """Say why it happened, what is put right, what keeps it from happening again, and by when.

    With `keep` in what was sent, it is kept as a draft and nothing more.
    """

    step = "plan"
    root_cause = _long(_("root cause"), _("Why did it happen? Ask why until nothing is behind it."))
    correction = _long(_("correction"), _("What do you do at once to put this case right?"))
    prevention = _long(_("prevention"), _("What do you change so that it does not come back?"))
    responsible = forms.CharField(
        label=_("responsible (function, not a name)"),
        help_text=_("For example: head of production, general-affairs section."),
        max_length=100,
    )
    planned_on = DayField(
        label=_("to be carried out by"),
        help_text=_("Leave time before the last day: what was done has to be verified by then."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= self.action.plan_draft
        self.kept_only = "keep" in self.data
        if self.kept_only:
            for field in self.fields.values():
                field.required = False

    def act(self) -> CorrectiveAction:
        """Send the plan, or keep what there is of it."""
        if self.kept_only:
            return draft_plan(actor=self.actor, action=self.action, **self.cleaned_data)
        return super().act()


class TogetherForm(forms.Form):
    """Who is responsible, and by when, for several plans at once: into their drafts."""

    actions: forms.ModelMultipleChoiceField[CorrectiveAction] = forms.ModelMultipleChoiceField(
        label=_("Corrective actions"),
        queryset=None,
        error_messages={"required": _("Choose at least one corrective action.")},
    )
    responsible = PlanForm.base_fields["responsible"]
    planned_on = DayField(label=_("to be carried out by"), required=False)

    def __init__(
        self, *args: Any, actor: User, awaited: CorrectiveActionQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["actions"].queryset = awaited  # type: ignore[attr-defined]  # a choice of rows
        self.fields["responsible"].required = False
        self.done = 0
        self.refused: Refused = []

    def clean(self) -> dict[str, Any]:
        """Refuse a form that says nothing."""
        data = super().clean() or self.cleaned_data
        if not (data.get("responsible") or data.get("planned_on")) and not self.errors:
            raise ValidationError(_("Enter who is responsible, a day, or both."))
        return data

    def save(self) -> bool:
        """Keep it in each draft that takes it; False when one refuses."""
        given = {
            name: self.cleaned_data[name]
            for name in ("responsible", "planned_on")
            if self.cleaned_data[name]
        }
        self.done, self.refused = draft_together(
            actor=self.actor, actions=self.cleaned_data["actions"], **given
        )
        return not self.refused


class ShownForm(StepForm):
    """Say what was done, and add the photos and documents that show it.

    With `keep` in what was sent, the files are kept and nothing more: the rest follows later.
    """

    step = "submit_evidence"
    taken = SeveralFilesField(
        label=_("Take a photo"),
        help_text=_("On a phone or tablet this opens the camera."),
        required=False,
    )
    uploads = SeveralFilesField(label=_("Photos and documents"), required=False)
    evidence_note = _long(
        _("what was done"),
        _("What was done, when, and what the photos and documents show. Name no worker."),
        6,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_only = "keep" in self.data
        self.fields["taken"].widget.attrs |= {"accept": "image/*", "capture": "environment"}
        self.fields["uploads"].widget.attrs["accept"] = ACCEPT
        self.fields["uploads"].help_text = limit_hint()
        self.fields["evidence_note"].required = not self.kept_only

    def save(self) -> bool:
        """Keep each file that can be kept, then take the step; a refused file keeps it from that."""
        files = [*self.cleaned_data["taken"], *self.cleaned_data["uploads"]]
        for file in files:
            self._keep(file)
        if self.kept_only:
            if not files:
                self.add_error("uploads", _("Choose at least one file."))
            return not self.errors
        return not self.errors and super().save()

    def _keep(self, file: UploadedFile[bytes]) -> None:
        name = one_line(file.name or "")
        try:
            send_shown(actor=self.actor, action=self.action, file=file, name=file.name or "")
        except ValidationError as error:
            self.add_error("uploads", [f"{name}: {sentence}" for sentence in error.messages])


class ActionsFilter(forms.Form):
    """Which corrective actions are listed."""

    CHOICES = [
        ("awaited", _("not finished")),
        ("ours", _("waiting for you")),
        ("plan", _("to plan")),
        ("carry_out", _("to carry out")),
        ("checked", _("being checked")),
        ("overdue", _("overdue")),
        ("repeat", _("repeat findings")),
        ("closed", _("closed")),
        ("all", _("all")),
    ]
    q = forms.CharField(
        label=_("Code, title or site"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    audit = forms.CharField(label=_("Audit number"), required=False, max_length=20)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=CHOICES)
    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label=_("Site"), queryset=None, required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, sites: SiteQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]  # a choice of rows
