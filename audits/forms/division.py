"""The form that divides the work: a person for each section, then the exceptions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from audits.services.dividing import divide_work
from audits.terms import Answer
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.forms import BoundField

    from accounts.models import User
    from audits.models import Audit, Finding
    from audits.standards.models import Category

NOBODY = "nobody"


@dataclass(frozen=True)
class Part:
    """A section with its field, and each of its requirements with its own."""

    category: Category
    field: BoundField
    rows: list[tuple[Finding, BoundField]]
    exceptions: int


class DivisionForm(ServiceForm):
    """Say for each section whose it is, and for single requirements if they are somebody else's.

    `findings` are those of the audit in order, with requirement and category; the audit comes with
    its team.
    """

    def __init__(
        self, *args: Any, actor: User, audit: Audit, findings: Sequence[Finding], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit = actor, audit
        self.groups = [
            (category, list(rows))
            for category, rows in groupby(findings, key=lambda row: row.requirement.category)
        ]
        places = [place for place in audit.team.all() if place.answer == Answer.ACCEPTED]
        people = [(str(place.pk), place.auditor.user.name) for place in places]
        keys = {place.pk for place in places}
        for category, rows in self.groups:
            held = [row.assigned_to_id if row.assigned_to_id in keys else None for row in rows]
            usual = Counter(held).most_common(1)[0][0]
            self.fields[f"section-{category.number}"] = forms.ChoiceField(
                label=_("%(number)d %(name)s: whose")
                % {"number": category.number, "name": category.name},
                choices=[("", _("nobody in particular")), *people],
                required=False,
                initial="" if usual is None else str(usual),
            )
            for row, key in zip(rows, held, strict=True):
                self.fields[f"requirement-{row.requirement.code}"] = forms.ChoiceField(
                    label=_("%(code)s: whose") % {"code": row.requirement.code},
                    choices=[
                        ("", _("like its section")),
                        (NOBODY, _("nobody in particular")),
                        *people,
                    ],
                    required=False,
                    initial="" if key == usual else (NOBODY if key is None else str(key)),
                )

    @property
    def parts(self) -> Iterator[Part]:
        """Yield the sections with their fields, as the page shows them."""
        for category, rows in self.groups:
            fields = [(row, self[f"requirement-{row.requirement.code}"]) for row in rows]
            yield Part(
                category,
                self[f"section-{category.number}"],
                fields,
                sum(bool(field.value()) for _row, field in fields),
            )

    def act(self) -> int:
        """Divide."""
        return divide_work(actor=self.actor, audit=self.audit, holders=dict(self._holders()))

    def _holders(self) -> Iterator[tuple[str, int | None]]:
        for category, rows in self.groups:
            usual = self.cleaned_data[f"section-{category.number}"]
            for row in rows:
                code = row.requirement.code
                chosen = self.cleaned_data[f"requirement-{code}"] or usual
                yield code, None if chosen in ("", NOBODY) else int(chosen)
