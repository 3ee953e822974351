"""The guard rails of corrective actions: what a step needs besides the right person and state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.personal_data import refuse_personal_data
from audits.terms import Status, Verification

if TYPE_CHECKING:
    from audits.models import Audit, CorrectiveAction

NEEDED = _("This is needed.")


@dataclass(frozen=True)
class Given:
    """What somebody writes with a step: a comment, and the fields of the step by name."""

    comment: str
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a text without the blanks around it; blank when there is none."""
        return str(self.fields.get(name) or "").strip()


Rail = Callable[["CorrectiveAction", Given], Iterator[ValidationError]]


def texts_given(*names: str) -> Rail:
    """Texts that a step needs; they name no worker, since brands at the highest level read them."""

    def rail(action: CorrectiveAction, given: Given) -> Iterator[ValidationError]:
        for name in names:
            if not given.text(name):
                yield ValidationError({name: [NEEDED]})
                continue
            try:
                refuse_personal_data(given.text(name))
            except ValidationError as error:
                yield ValidationError({name: error.messages})

    return rail


def day_within_the_deadline(action: CorrectiveAction, given: Given) -> Iterator[ValidationError]:
    """The day of carrying out lies ahead, and not after the day for closing while that is ahead too."""
    day, today = given.fields.get("planned_on"), timezone.localdate()
    if not isinstance(day, date):
        yield ValidationError({"planned_on": [NEEDED]})
    elif day < today:
        yield ValidationError({"planned_on": [_("This day has passed. Choose a later one.")]})
    elif day > action.close_due_on >= today:
        sentence = format_lazy(
            _("It is to be closed by {day}. Choose a day that leaves time to verify it."),
            day=date_format(action.close_due_on),
        )
        yield ValidationError({"planned_on": [sentence]})


def shown_by_a_file(action: CorrectiveAction, given: Given) -> Iterator[ValidationError]:
    """What is verified at the desk is shown by at least one photo or document."""
    if action.verification == Verification.DESK and not action.files.exists():
        yield ValidationError(
            _("It is verified at the desk: add at least one photo or document that shows it.")
        )


def seen_on_site(action: CorrectiveAction, given: Given) -> Iterator[ValidationError]:
    """What is verified on site is closed with a word on who saw it there, and when."""
    if action.verification == Verification.ON_SITE and not given.comment:
        yield ValidationError(
            {"comment": [_("It is verified on site: say who saw it there, and on which day.")]}
        )


def refuse_void(audit: Audit) -> None:
    """Raise ValidationError for an audit that is void."""
    if audit.status == Status.VOID:
        raise ValidationError(_("The audit is void. Nothing more is done about its findings."))


def refuse(errors: Iterable[ValidationError]) -> None:
    """Raise everything that the rails found as one ValidationError: by field, the rest under none."""
    found: dict[str, list[Any]] = {}
    for error in errors:
        by_field = error.message_dict if hasattr(error, "error_dict") else None
        for name, messages in (by_field or {NON_FIELD_ERRORS: error.messages}).items():
            found.setdefault(name, []).extend(messages)
    if found:
        raise ValidationError(found)
