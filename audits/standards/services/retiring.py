"""The end of a version: when the next one is mandatory, being phased out, retired."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.standards.models import Standard
from audits.standards.services.access import keep, locked, require_administrator, require_reason
from audits.standards.services.telling import tell_desks_of_dates
from audits.standards.terms import StandardStatus
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def fix_mandatory_from(*, actor: User, standard: Standard, on: date, reason: str) -> Standard:
    """Fix from which visit day on an activated version is the only one, until that day has come."""
    require_administrator(actor)
    reason = require_reason(reason)
    standard = locked(standard)
    _require_live(standard)
    today = timezone.localdate()
    if standard.mandatory_from and standard.mandatory_from <= today:
        raise ValidationError(
            _("Version %(version)s has been mandatory since %(day)s; this can no longer change."),
            params={"version": standard.version, "day": day(standard.mandatory_from)},
        )
    _require_not_past(on)
    if on < standard.effective_on:
        raise ValidationError(
            _("The version is mandatory at the earliest from %(day)s, when it takes effect."),
            params={"day": day(standard.effective_on)},
        )
    return _fix(standard, actor, "standard_mandatory_from", reason, mandatory_from=on)


@transaction.atomic
def sunset_standard(
    *, actor: User, standard: Standard, reason: str, on: date | None = None
) -> Standard:
    """Phase a version out: it may still be used, until it is retired `on` (None: not fixed yet).

    Raises ValidationError unless a newer version is in force to change over to.
    """
    require_administrator(actor)
    reason = require_reason(reason)
    standard = locked(standard)
    if standard.status != StandardStatus.ACTIVE:
        raise ValidationError(
            _("Only a version in force can be phased out; this one stands at “%(status)s”."),
            params={"status": standard.get_status_display()},
        )
    newer = Standard.objects.filter(
        status=StandardStatus.ACTIVE, effective_on__gt=standard.effective_on
    )
    if not newer.exists():
        raise ValidationError(
            _("There is no newer version to change over to. Activate the next version first.")
        )
    if on is not None:
        _require_end(standard, on)
    return _fix(
        standard,
        actor,
        "standard_sunset",
        reason,
        status=StandardStatus.SUNSET,
        retired_on=on or standard.retired_on,
    )


@transaction.atomic
def retire_standard(*, actor: User, standard: Standard, on: date, reason: str) -> Standard:
    """Retire a version from the visit day `on`; for a later day the clock does it then.

    Audits whose visit has begun are finished under it, and its results stay as they are. Raises
    ValidationError unless another version can be used on that day.
    """
    require_administrator(actor)
    reason = require_reason(reason)
    standard = locked(standard)
    _require_live(standard)
    _require_end(standard, on)
    now = on <= timezone.localdate()
    return _fix(
        standard,
        actor,
        "standard_retired" if now else "standard_sunset",
        reason,
        status=StandardStatus.RETIRED if now else StandardStatus.SUNSET,
        retired_on=on,
    )


@transaction.atomic
def retire_due(standard: Standard, today: date) -> Standard:
    """Retire a version whose day has come, as its dates say."""
    standard = locked(standard)
    _require_live(standard)
    if standard.retired_on is None or standard.retired_on > today:
        raise ValidationError(_("The version is not to be retired yet."))
    return _fix(standard, None, "standard_retired", "", status=StandardStatus.RETIRED)


def _require_live(standard: Standard) -> None:
    if not standard.is_live:
        raise ValidationError(
            _("Version %(version)s stands at “%(status)s”; only a version in force has dates."),
            params={"version": standard.version, "status": standard.get_status_display()},
        )


def _require_not_past(on: date) -> None:
    if on < timezone.localdate():
        raise ValidationError(_("The day lies in the past. Choose today or a later day."))


def _require_end(standard: Standard, on: date) -> None:
    _require_not_past(on)
    if on <= standard.effective_on:
        raise ValidationError(
            _("The version takes effect on %(day)s; it can be retired after that."),
            params={"day": day(standard.effective_on)},
        )
    if not Standard.objects.usable_on(on).exclude(pk=standard.pk).exists():
        raise ValidationError(
            _(
                "No other version can be used on %(day)s. Activate the next version first, "
                "or choose a later day."
            ),
            params={"day": day(on)},
        )


def _fix(
    standard: Standard, actor: User | None, act: str, reason: str, **fields: date | str | None
) -> Standard:
    for name, value in fields.items():
        setattr(standard, name, value)
    standard.save()
    payload = {name: str(value or "") for name, value in fields.items()}
    event = keep(standard, actor=actor, act=act, comment=reason, payload=payload)
    tell_desks_of_dates(standard, event)
    return standard
