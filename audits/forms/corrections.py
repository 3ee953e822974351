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
from suppliers.forms.fields import DayField
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User
    from audits.models import CorrectiveAction


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
    """Say why it happened, what is put right, what keeps it from happening again, and by when."""

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


class ShownForm(StepForm):
    """Say what was done, and add the photos and documents that show it.

    With `keep` in what was sent, the files are kept and nothing more: the rest follows later.
    """

    step = "submit_evidence"
    uploads = SeveralFilesField(label=_("Photos and documents"), required=False)
    evidence_note = _long(
        _("what was done"),
        _("What was done, when, and what the photos and documents show. Name no worker."),
        6,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_files = "keep" in self.data
        self.fields["uploads"].widget.attrs["accept"] = ACCEPT
        self.fields["uploads"].help_text = limit_hint()
        self.fields["evidence_note"].required = not self.only_files

    def save(self) -> bool:
        """Keep each file that can be kept, then take the step; a refused file keeps it from that."""
        for file in self.cleaned_data["uploads"]:
            self._keep(file)
        if self.only_files:
            if not self.cleaned_data["uploads"]:
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
        ("overdue", _("overdue")),
        ("all", _("all")),
    ]
    q = forms.CharField(
        label=_("Code, title or site"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    audit = forms.CharField(label=_("Audit number"), required=False, max_length=20)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=CHOICES)
