"""Submission targets: added and changed by the scheme owner, with a reason that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.services.records import record
from audits.services.settings import seat_of
from reports.models import SubmissionTarget
from reports.target_words import ADDED, CHANGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User

MOST_MONTHS = 24
MOST_REQUIREMENTS = 10
LANGUAGES = ("ja", "en")


def values_of(target: SubmissionTarget) -> dict[str, Any]:
    """Return everything of a target that can be changed, as values of JSON."""
    return model_to_dict(target)


@transaction.atomic
def add_target(*, actor: User, values: Mapping[str, Any], reason: str) -> SubmissionTarget:
    """Add a target; refusals are ValidationErrors by field."""
    _check(actor, reason)
    target = SubmissionTarget(**values)
    _clean(target)
    target.save()
    record(
        organisation=seat_of(actor),
        actor=actor,
        act=ADDED,
        comment=reason.strip(),
        payload={"target": target.name_ja},
    )
    return target


@transaction.atomic
def change_target(
    *, actor: User, target: SubmissionTarget, values: Mapping[str, Any], reason: str, seen: int
) -> SubmissionTarget:
    """Change a target and record each field before and after; sets made already stay as they are.

    `seen` is the version that the person looked at: when it is another by now nothing is done.
    """
    _check(actor, reason)
    target = SubmissionTarget.objects.select_for_update().get(pk=target.pk)
    if seen != target.version:
        raise ValidationError(
            _("Somebody else changed this target in the meantime. Look at it again."), code="stale"
        )
    before = values_of(target)
    for name, value in values.items():
        setattr(target, name, value)
    _clean(target)
    after = values_of(target)
    changes = {
        name: {"from": before[name], "to": after[name]}
        for name in after
        if after[name] != before[name]
    }
    if not changes:
        raise ValidationError(_("Nothing is different from before. Change something, or go back."))
    target.version += 1
    target.save()
    record(
        organisation=seat_of(actor),
        actor=actor,
        act=CHANGED,
        comment=reason.strip(),
        payload={"target": target.name_ja, "changes": changes},
    )
    return target


def _check(actor: User, reason: str) -> None:
    if not accounts.administers_scheme(actor):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": [_("Give a reason: the others will read it.")]})


def _clean(target: SubmissionTarget) -> None:
    target.requirements = clean_requirements(target.requirements)
    target.full_clean()
    if not 0 <= target.minimum_months <= MOST_MONTHS:
        raise ValidationError(
            {
                "minimum_months": ValidationError(
                    _("Enter at most %(most)d months."), params={"most": MOST_MONTHS}
                )
            }
        )


def clean_requirements(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the requirements in their shape; a new one gets the next free code."""
    if len(rows) > MOST_REQUIREMENTS:
        raise ValidationError(
            _("A target has at most %(most)d further requirements."),
            params={"most": MOST_REQUIREMENTS},
        )
    last = max((int(row["code"][1:]) for row in rows if row.get("code")), default=0)
    cleaned = []
    for row in rows:
        if not row["text"]["ja"].strip():
            raise ValidationError(_("Write each requirement in Japanese at least."))
        code = row.get("code") or ""
        if not code:
            last += 1
            code = f"r{last}"
        cleaned.append(
            {
                "code": code,
                "text": {each: row["text"][each].strip() for each in LANGUAGES},
                "proof": {each: row["proof"][each].strip() for each in LANGUAGES},
                "asks_day": bool(row["asks_day"]),
                "asks_address": bool(row["asks_address"]),
            }
        )
    return cleaned
