"""The scheme's settings in words: how a value and a change of it are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.models import fields_for_model
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from accounts.timeline import ACTS, DETAILS
from audits.models import SchemeSettings
from audits.standards.terms import Severity
from audits.terms import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ACT = "settings_changed"
# The last row of the person-days is for every larger site.
LARGEST = 100_000


def label_of(name: str) -> str:
    """Return what a setting is called, as the beginning of a line; an unknown one keeps its code."""
    fields = fields_for_model(SchemeSettings, fields=[name])
    return str(fields[name].label) if name in fields else name


def _listed(value: Any) -> str:
    return ", ".join(str(item) for item in value) or "–"


def _deadlines(value: Any) -> str:
    return "; ".join(
        _("%(severity)s: plan %(plan)d days, closed %(close)d days, %(verification)s")
        % {
            "severity": Severity(severity).label,
            "plan": row["plan"],
            "close": row["close"],
            "verification": Verification(row["verification"]).label,
        }
        for severity, row in value.items()
    )


def _by_size(value: Any) -> str:
    return "; ".join(
        _("larger: %(days)s") % {"days": f"{days:g}"}
        if limit >= LARGEST
        else ngettext(
            "up to %(limit)d worker: %(days)s", "up to %(limit)d workers: %(days)s", limit
        )
        % {"limit": limit, "days": f"{days:g}"}
        for limit, days in value
    )


def _switch(value: Any) -> str:
    return _("yes") if value else _("no")


SHAPES: dict[str, Callable[[Any], str]] = {
    "reminder_days": _listed,
    "correction_reminder_days": _listed,
    "renewal_reminder_days": _listed,
    "qualification_reminder_days": _listed,
    "follow_up_core": _listed,
    "corrective_deadlines": _deadlines,
    "repeat_verified_on_site": _switch,
    "person_days": _by_size,
    "interview_minimums": _by_size,
}


def value_text(name: str, value: Any) -> str:
    """Return the value of a setting in words; "–" for none."""
    if value is None:
        return "–"
    return SHAPES[name](value) if name in SHAPES else str(value)


def change_lines(payload: Mapping[str, Any]) -> str:
    """Return a recorded change, one line for each setting: its name, before and after.

    Of the table of deadlines only the severities that were changed are told.
    """
    lines = []
    for name, row in payload["changes"].items():
        before, after = row["from"], row["to"]
        if name == "corrective_deadlines":
            changed = [severity for severity in after if after[severity] != before.get(severity)]
            before = {severity: before[severity] for severity in changed if severity in before}
            after = {severity: after[severity] for severity in changed}
        lines.append(f"{label_of(name)}: {value_text(name, before)} → {value_text(name, after)}")
    return "\n".join(lines)


ACTS[ACT] = gettext_lazy("Settings changed")
DETAILS[ACT] = change_lines
