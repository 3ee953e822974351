"""Changing the scheme's settings: within bounds, with a reason, each change kept with old and new."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Organisation
from accounts.services.records import record
from accounts.terms import Kind, Role
from audits.models import SchemeSettings
from audits.services.settings_notices import tell_of_settings
from audits.settings_words import ACT, LARGEST
from audits.standards.terms import Severity
from audits.terms import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from accounts.models import User

# The least and the most that a number may be: wide enough for any scheme, too narrow for a slip.
BOUNDS: dict[str, tuple[int, int]] = {
    "objection_days": (1, 30),
    "fact_check_days": (1, 60),
    "profile_max_age_days": (7, 366),
    "engagement_months": (1, 120),
    "rotation_audits": (1, 10),
    "renewal_months": (6, 60),
    "renewal_months_b": (3, 60),
    "expiry_months": (0, 36),
    "intake_days": (1, 60),
    "offer_days": (1, 30),
    "drafting_days": (1, 90),
    "review_days": (1, 90),
    "decision_days": (1, 90),
    "alert_hours": (1, 336),
    "appeal_days": (7, 180),
    "appeal_decision_days": (7, 365),
    "change_notice_days": (1, 90),
    "change_workers_percent": (5, 200),
    "duplicate_least_score": (30, 100),
    "escalation_days": (0, 90),
    "repeat_months": (1, 120),
    "repeat_days_percent": (10, 100),
    "correction_body_days": (1, 90),
    "correction_secretariat_days": (1, 180),
    "similar_text_percent": (50, 100),
    "evidence_megabytes": (1, 100),
    "evidence_per_finding": (1, 200),
    "evidence_per_audit": (20, 5000),
    "follow_up_person_days": (1, 20),
}
SWITCHES = ("repeat_verified_on_site",)
OPTIONAL = {"renewal_months_b"}
# For lists of days: the first and the last day, and whether later days come first.
DAY_LISTS: dict[str, tuple[int, int, bool]] = {
    "reminder_days": (-60, 60, False),
    "correction_reminder_days": (-120, 120, False),
    "renewal_reminder_days": (0, 730, True),
    "qualification_reminder_days": (0, 365, True),
}
MOST_DAYS = 10
CODE = re.compile(r"\d{1,2}-\d{1,3}")
MOST_CODES = 84
PLAN_DAYS, CLOSE_DAYS = (1, 365), (1, 730)
MOST_SIZES = 10
MOST_PERSON_DAYS = 50
MOST_INTERVIEWS = 500
DESK = {Role.ADMINISTRATOR, Role.COORDINATOR}


class StaleSettingsError(ValidationError):
    """Somebody else changed the settings after they were seen."""


def values_of(settings: SchemeSettings) -> dict[str, Any]:
    """Return every setting by name, as values of JSON."""
    return model_to_dict(settings, exclude=["id"])


def version_of(settings: SchemeSettings) -> str:
    """Return what tells these settings from any others: 16 hex digits over all values."""
    text = json.dumps(values_of(settings), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def change_settings(
    *, actor: User, changes: Mapping[str, Any], reason: str, seen: str = ""
) -> SchemeSettings:
    """Change settings by name, record the old and the new value of each, and tell of them.

    `seen` is `version_of` the settings that the person looked at; when they are different by now,
    nothing is done and StaleSettingsError is raised. Other refusals are ValidationErrors by field.
    """
    if not policies.administers_scheme(actor):
        raise PermissionDenied
    SchemeSettings.objects.current()
    settings = SchemeSettings.objects.select_for_update().get(pk=1)
    if seen and seen != version_of(settings):
        raise StaleSettingsError(
            _("Somebody else changed the settings in the meantime. Look at them again."),
            code="stale",
        )
    before = values_of(settings)
    cleaned = _cleaned(changes, before)
    changed = {name: value for name, value in cleaned.items() if value != before[name]}
    if not changed:
        raise ValidationError(_("Nothing is different from before. Change something, or go back."))
    if not reason.strip():
        raise ValidationError({"reason": [_("Give a reason: the others will read it.")]})
    for name, value in changed.items():
        setattr(settings, name, value)
    settings.save(update_fields=list(changed))
    event = record(
        organisation=seat_of(actor),
        actor=actor,
        act=ACT,
        comment=reason.strip(),
        payload={
            "changes": {
                name: {"from": before[name], "to": value} for name, value in changed.items()
            }
        },
    )
    tell_of_settings(event)
    return settings


def seat_of(actor: User) -> Organisation:
    """Return the scheme owner for whom the actor works, in whose record the change is kept."""
    owners = policies.organisation_ids(actor, Kind.SCHEME_OWNER, DESK)
    return Organisation.objects.filter(pk__in=owners).order_by("created_at", "pk")[0]


def _cleaned(changes: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    for name, value in changes.items():
        if name not in before:
            raise ValidationError(
                _("There is no setting “%(name)s”."), params={"name": name}, code="unknown"
            )
        try:
            cleaned[name] = SHAPES[name](name, value)
        except ValidationError as error:
            errors[name] = list(error.error_list)
    if errors:
        raise ValidationError(errors)
    return cleaned


def _within(value: Any, least: float, most: float) -> bool:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
    )


def clean_number(name: str, value: Any) -> int | None:
    """Return a whole number within its bounds, or None where a setting may be empty."""
    if value is None and name in OPTIONAL:
        return None
    least, most = BOUNDS[name]
    if not _within(value, least, most) or int(value) != value:
        raise ValidationError(
            format_lazy(_("Enter a whole number from {least} to {most}."), least=least, most=most)
        )
    return int(value)


def clean_switch(name: str, value: Any) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise ValidationError(_("Choose yes or no."))
    return value


def clean_days(name: str, value: Any) -> list[int]:
    """Return days without repetition, in the order in which they come."""
    first, last, descending = DAY_LISTS[name]
    if not isinstance(value, list) or not all(
        _within(day, first, last) and int(day) == day for day in value
    ):
        raise ValidationError(
            format_lazy(
                _("Enter whole numbers from {first} to {last}, separated by commas."),
                first=first,
                last=last,
            )
        )
    days = sorted({int(day) for day in value}, reverse=descending)
    if len(days) > MOST_DAYS:
        raise ValidationError(
            format_lazy(_("Enter at most {most} different days."), most=MOST_DAYS)
        )
    return days


def clean_codes(name: str, value: Any) -> list[str]:
    """Return codes of requirements, such as 5-7, without repetition in the order of the standard."""
    if not isinstance(value, list) or not all(
        isinstance(code, str) and CODE.fullmatch(code) for code in value
    ):
        raise ValidationError(
            _("Enter codes of requirements such as 1-1 or 5-7, separated by commas.")
        )
    codes = sorted(set(value), key=lambda code: [int(part) for part in code.split("-")])
    if len(codes) > MOST_CODES:
        raise ValidationError(format_lazy(_("Enter at most {most} codes."), most=MOST_CODES))
    return codes


def clean_deadlines(name: str, value: Any) -> dict[str, dict[str, object]]:
    """Return days for plan and closure and the verification for every severity."""
    cleaned: dict[str, dict[str, object]] = {}
    for severity in Severity:
        row = value.get(severity.value) if isinstance(value, dict) else None
        if not (
            isinstance(row, dict)
            and _within(row.get("plan"), *PLAN_DAYS)
            and _within(row.get("close"), *CLOSE_DAYS)
            and row.get("verification") in Verification.values
        ):
            raise ValidationError(
                format_lazy(
                    _("{severity}: enter the days for plan and closure and choose a verification."),
                    severity=severity.label,
                )
            )
        if row["close"] < row["plan"]:
            raise ValidationError(
                format_lazy(
                    _("{severity}: the plan is due after the closure. Give more days to close."),
                    severity=severity.label,
                )
            )
        cleaned[severity.value] = {
            "plan": int(row["plan"]),
            "close": int(row["close"]),
            "verification": str(row["verification"]),
        }
    return cleaned


def clean_person_days(name: str, value: Any) -> list[list[float]]:
    """Return [workers up to, person-days] rows, larger sites never with fewer days."""
    return _by_size(
        value,
        lambda days: _within(days, 0.5, MOST_PERSON_DAYS) and days * 2 == int(days * 2),
        format_lazy(
            _("Enter person-days in half days, from 0.5 to {most}, for each size of site."),
            most=MOST_PERSON_DAYS,
        ),
        _("A larger site has fewer person-days than a smaller one. Correct the lines."),
    )


def clean_interview_minimums(name: str, value: Any) -> list[list[float]]:
    """Return [workers up to, interviews] rows, larger sites never with fewer interviews."""
    return _by_size(
        value,
        lambda count: _within(count, 1, MOST_INTERVIEWS) and count == int(count),
        format_lazy(
            _("Enter interviews as whole numbers, from 1 to {most}, for each size of site."),
            most=MOST_INTERVIEWS,
        ),
        _("A larger site has fewer interviews than a smaller one. Correct the lines."),
    )


def _by_size(
    value: Any, fits: Callable[[Any], bool], nonsense: Any, fewer: Any
) -> list[list[float]]:
    """Return [workers up to, number] rows in order; the last row is for every larger site."""
    rows = value if isinstance(value, list) else []
    if not 1 <= len(rows) <= MOST_SIZES or not all(
        isinstance(row, list) and len(row) == 2 and _within(row[0], 1, LARGEST) and fits(row[1])
        for row in rows
    ):
        raise ValidationError(nonsense)
    limits, numbers = [row[0] for row in rows], [row[1] for row in rows]
    if limits != sorted(set(limits)):
        raise ValidationError(
            _("Each line must be for more workers than the line before it. Put them in order.")
        )
    if numbers != sorted(numbers):
        raise ValidationError(fewer)
    return [
        [int(limit), int(number) if number == int(number) else float(number)]
        for limit, number in zip([*limits[:-1], LARGEST], numbers, strict=True)
    ]


SHAPES: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(BOUNDS, clean_number),
    **dict.fromkeys(SWITCHES, clean_switch),
    **dict.fromkeys(DAY_LISTS, clean_days),
    "corrective_deadlines": clean_deadlines,
    "person_days": clean_person_days,
    "interview_minimums": clean_interview_minimums,
    "follow_up_core": clean_codes,
}
