"""The form of the scheme's settings: every number in its group, with its help and its bounds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.models import SchemeSettings
from audits.services.settings import (
    BOUNDS,
    CLOSE_DAYS,
    DAY_LISTS,
    MOST_INTERVIEWS,
    MOST_PERSON_DAYS,
    OPTIONAL,
    PLAN_DAYS,
    SWITCHES,
    StaleSettingsError,
    change_settings,
    clean_codes,
    clean_days,
    clean_deadlines,
    clean_interview_minimums,
    clean_person_days,
    values_of,
    version_of,
)
from audits.settings_groups import GROUPS, HELP
from audits.settings_words import LARGEST, label_of, value_text
from audits.standards.terms import Severity
from audits.terms import Verification

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.models import User

# Lines of the tables by size, besides the one for every larger site.
SIZES = 7


def parts_of(text: str) -> list[str]:
    """Read a list as people write it, with full-width signs and Japanese commas too."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("、", ",")
    return [part.strip() for part in plain.split(",") if part.strip()]


def days_from(text: str) -> list[int]:
    """Read days as people write them; ValueError if one is not a whole number."""
    return [int(part) for part in parts_of(text)]


class ListField(forms.CharField):
    """Parts separated by commas, kept as a list; `cleaner` checks them as the setting wants them."""

    def __init__(self, *, setting: str, cleaner: Callable[[str, Any], Any], **kwargs: Any) -> None:
        super().__init__(max_length=600, required=False, **kwargs)
        self.setting, self.cleaner = setting, cleaner

    def prepare_value(self, value: Any) -> Any:
        """Show a list as people write it."""
        return ", ".join(str(part) for part in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Read and check the parts."""
        return self.cleaner(self.setting, self.read(super().clean(value)))

    def read(self, text: str) -> list[Any]:
        """Return the parts of what was written."""
        return list(parts_of(text))


class DaysField(ListField):
    """A list of whole numbers."""

    def read(self, text: str) -> list[Any]:
        """Return the days; one that is no number is refused by the cleaner."""
        try:
            return list(days_from(text))
        except ValueError:
            return [None]


def _number(label: str, bounds: tuple[int, int], **kwargs: Any) -> forms.IntegerField:
    least, most = bounds
    return forms.IntegerField(label=label, min_value=least, max_value=most, **kwargs)


def _person_days(**kwargs: Any) -> forms.FloatField:
    return forms.FloatField(
        label="",
        min_value=0.5,
        max_value=MOST_PERSON_DAYS,
        widget=forms.NumberInput({"step": "0.5"}),
        **kwargs,
    )


def _interviews(**kwargs: Any) -> forms.IntegerField:
    return _number("", (1, MOST_INTERVIEWS), **kwargs)


@dataclass(frozen=True)
class Table:
    """A setting by size of site: the names of its two columns, its number and how it is checked."""

    upto: str
    number: str
    title: Any
    field: Callable[..., forms.Field]
    cleaner: Callable[[str, Any], Any]


TABLES = {
    "person_days": Table("upto", "days", _("Person-days"), _person_days, clean_person_days),
    "interview_minimums": Table(
        "heads", "heard", _("Interviews"), _interviews, clean_interview_minimums
    ),
}
CELLS = tuple(f"{name}_" for table in TABLES.values() for name in (table.upto, table.number))


class SettingsForm(forms.Form):
    """All settings on one page, as they were seen, with the reason for the change."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays in the record of the scheme owner, with the old and the new values."),
    )

    def __init__(
        self, *args: Any, settings: SchemeSettings, actor: User, reason: str = "", **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            **_initial(values_of(settings)),
            "seen": version_of(settings),
            "reason": reason,
        }
        super().__init__(*args, **kwargs)
        self.settings, self.actor, self.stale = settings, actor, False
        for name in BOUNDS:
            self.fields[name] = _number(
                label_of(name),
                BOUNDS[name],
                required=name not in OPTIONAL,
                help_text=_help(name, *BOUNDS[name]),
            )
        for name, (first, last, _descending) in DAY_LISTS.items():
            self.fields[name] = DaysField(
                setting=name,
                cleaner=clean_days,
                label=label_of(name),
                help_text=_help(name, first, last),
            )
        self.fields["follow_up_core"] = ListField(
            setting="follow_up_core",
            cleaner=clean_codes,
            label=label_of("follow_up_core"),
            help_text=HELP["follow_up_core"],
        )
        for name in SWITCHES:
            self.fields[name] = forms.BooleanField(
                label=label_of(name), help_text=HELP[name], required=False
            )
        for severity in Severity:
            self._add_deadline(severity)
        for table in TABLES.values():
            for line in range(1, SIZES + 1):
                self.fields[f"{table.upto}_{line}"] = _number("", (1, LARGEST - 1), required=False)
                self.fields[f"{table.number}_{line}"] = table.field(required=False)
            self.fields[f"{table.number}_larger"] = table.field(required=True)
        for name, field in self.fields.items():
            if name.startswith((*CELLS, "deadline_")):
                field.widget.attrs["aria-label"] = self._cell_label(name)

    def _add_deadline(self, severity: Severity) -> None:
        name = f"deadline_{severity.value}"
        self.fields[f"{name}_plan"] = _number("", PLAN_DAYS)
        self.fields[f"{name}_close"] = _number("", CLOSE_DAYS)
        self.fields[f"{name}_verification"] = forms.ChoiceField(choices=Verification.choices)

    def _cell_label(self, name: str) -> str:
        kind, _underscore, rest = name.partition("_")
        if kind == "deadline":
            severity, _underscore, what = rest.partition("_")
            columns = {
                "plan": _("Days for the plan"),
                "close": _("Days to close"),
                "verification": _("Verification"),
            }
            return f"{Severity(severity).label}: {columns[what]}"
        title = next(
            _("Workers up to") if kind == table.upto else table.title
            for table in TABLES.values()
            if kind in (table.upto, table.number)
        )
        return f"{title} ({_('larger') if rest == 'larger' else rest})"

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Return the groups with their fields; the two tables are named instead of a field."""
        return [
            {
                "title": title,
                "text": text,
                "fields": [self[name] for name in names if name in self.fields],
                "tables": [name for name in names if name not in self.fields],
            }
            for title, text, names in GROUPS
        ]

    @property
    def deadlines(self) -> list[tuple[Any, list[BoundField]]]:
        """Return the lines of the table of deadlines."""
        columns = ("plan", "close", "verification")
        return [
            (severity.label, [self[f"deadline_{severity.value}_{column}"] for column in columns])
            for severity in Severity
        ]

    @property
    def sizes(self) -> dict[str, dict[str, Any]]:
        """Return the tables by size: the title of the number, the lines, and the last of them."""
        return {
            name: {
                "title": table.title,
                "lines": [
                    (self[f"{table.upto}_{line}"], self[f"{table.number}_{line}"])
                    for line in range(1, SIZES + 1)
                ],
                "larger": self[f"{table.number}_larger"],
            }
            for name, table in TABLES.items()
        }

    def clean(self) -> dict[str, Any]:
        """Put the two tables together and check them as a whole."""
        data = super().clean() or self.cleaned_data
        if not any(name.startswith("deadline_") for name in self.errors):
            deadlines = {
                severity.value: {
                    column: data[f"deadline_{severity.value}_{column}"]
                    for column in ("plan", "close", "verification")
                }
                for severity in Severity
            }
            self._clean_table("corrective_deadlines", clean_deadlines, deadlines)
        for name, table in TABLES.items():
            if not any(
                error.startswith((f"{table.upto}_", f"{table.number}_")) for error in self.errors
            ):
                self._clean_sizes(name, table, data)
        return data

    def _clean_sizes(self, name: str, table: Table, data: dict[str, Any]) -> None:
        rows = []
        for line in range(1, SIZES + 1):
            upto, number = f"{table.upto}_{line}", f"{table.number}_{line}"
            limit, count = data[upto], data[number]
            if (limit is None) != (count is None):
                self.add_error(
                    upto if limit is None else number,
                    _("Fill in the whole line, or leave it empty."),
                )
            elif limit is not None:
                rows.append([limit, count])
        rows.append([LARGEST, data[f"{table.number}_larger"]])
        self._clean_table(name, table.cleaner, rows)

    def _clean_table(self, name: str, cleaner: Any, table: Any) -> None:
        try:
            self.cleaned_data[name] = cleaner(name, table)
        except ValidationError as error:
            self.add_error(None, error)

    def entered(self) -> list[dict[str, str]]:
        """Return what was entered and is different from how things stand now, in words."""
        now = values_of(self.settings)
        return [
            {
                "label": label_of(name),
                "now": value_text(name, now[name]),
                "entered": value_text(name, self.cleaned_data[name]),
            }
            for name in now
            if name in self.cleaned_data and self.cleaned_data[name] != now[name]
        ]

    def save(self) -> SchemeSettings | None:
        """Change the settings; a refusal becomes an error of the form and None is returned."""
        changes = {name: self.cleaned_data[name] for name in values_of(self.settings)}
        try:
            return change_settings(
                actor=self.actor,
                changes=changes,
                reason=self.cleaned_data["reason"],
                seen=self.cleaned_data["seen"],
            )
        except StaleSettingsError as error:
            self.stale = True
            self.add_error(None, error)
        except ValidationError as error:
            self.add_error(None, error)
        return None


def _help(name: str, least: int, most: int) -> Any:
    return format_lazy(_("{text} From {least} to {most}."), text=HELP[name], least=least, most=most)


def _initial(now: dict[str, Any]) -> dict[str, Any]:
    """Return the values as the fields of the form take them."""
    first = dict(now)
    for severity, row in now["corrective_deadlines"].items():
        for column, value in row.items():
            first[f"deadline_{severity}_{column}"] = value
    for name, table in TABLES.items():
        *rows, last = now[name]
        for line, (limit, number) in enumerate(rows[:SIZES], start=1):
            first[f"{table.upto}_{line}"], first[f"{table.number}_{line}"] = limit, number
        first[f"{table.number}_larger"] = last[1]
    return first
