"""The forms of the workbook: choosing the filled-in file, and taking it over as it was seen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.services.workbook.merging import look, take_over
from audits.services.workbook.outcome import MINE, STORED
from audits.services.workbook.reading import read_workbook
from suppliers.forms.spreadsheet import SpreadsheetForm
from suppliers.services.staging import forget_staged, keep_file

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.models import User
    from audits.models import Audit
    from audits.services.workbook.outcome import Change, Outcome
    from audits.services.workbook.reading import Filled

PICKS = ((MINE, _("Take mine")), (STORED, _("Keep what is stored")))


class WorkbookForm(SpreadsheetForm):
    """Choose the filled-in workbook; nothing is taken over yet."""

    file = forms.FileField(
        label=_("Filled-in workbook"),
        help_text=_("The .xlsx that was downloaded here, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,  # our own sentence says what to do
    )

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor

    def look(self, content: bytes, name: str) -> object:
        """Refuse what is no workbook of this audit."""
        return look(actor=self.actor, audit=self.audit, filled=read_workbook(content, name))

    def save(self) -> str:
        """Keep the file for the preview and return its key."""
        name = self.cleaned_data["file"].name
        return keep_file(actor=self.actor, content=self.content, filename=name)


class TakeOverForm(forms.Form):
    """Take over what was looked at; every conflict is settled one way or the other."""

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    skip_bad = forms.BooleanField(
        label=_("Leave out the rows with errors and take over the others"), required=False
    )

    def __init__(self, *args: Any, outcome: Outcome, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seal": outcome.seal})
        super().__init__(*args, **kwargs)
        if not outcome.problems:
            del self.fields["skip_bad"]
        for change in outcome.conflicts:
            self.fields[f"pick-{change.key}"] = forms.ChoiceField(
                label=change.key,
                choices=PICKS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the two versions.")},
            )

    def pick_of(self, change: Change) -> BoundField:
        """Return the field that settles a conflict."""
        return self[f"pick-{change.key}"]

    def save(
        self, *, actor: User, audit: Audit, filled: Filled, content: bytes, key: str
    ) -> int | None:
        """Take it over and forget the file; return how many findings changed.

        A refusal becomes an error of the form and None is returned.
        """
        data = self.cleaned_data
        try:
            codes = take_over(
                actor=actor,
                audit=audit,
                filled=filled,
                seal=data["seal"],
                picks={
                    name.removeprefix("pick-"): value
                    for name, value in data.items()
                    if name.startswith("pick-")
                },
                skip_bad=data.get("skip_bad", False),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None
        forget_staged(actor=actor, key=key)
        return len(codes)
