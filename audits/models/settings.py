"""The scheme owner's settings: every number that is a choice and not a law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def default_corrective_deadlines() -> dict[str, dict[str, object]]:
    """Return days for plan and closure, and the verification, for each severity."""
    return {
        "unacceptable": {"plan": 7, "close": 30, "verification": "on_site"},
        "major": {"plan": 14, "close": 60, "verification": "desk"},
        "minor": {"plan": 30, "close": 90, "verification": "desk"},
    }


def default_person_days() -> list[list[float]]:
    """Return [workers up to, person-days] rows; the last row is for everything larger."""
    return [[50, 1], [150, 2], [500, 3], [1000, 4], [100000, 5]]


class SchemeSettingsQuerySet(models.QuerySet["SchemeSettings"]):
    def visible_to(self, user: User | AnonymousUser) -> SchemeSettingsQuerySet:
        """The settings bind everybody in the scheme, so everybody signed in may read them."""
        return self if accounts.positions(user) else self.none()

    def current(self) -> SchemeSettings:
        """Return the one row, made with the defaults if it is missing."""
        return self.get_or_create(pk=1)[0]


class SchemeSettings(models.Model):
    """One row of numbers that the scheme owner sets."""

    objection_days = models.PositiveSmallIntegerField(
        _("business days to object to a team"), default=5
    )
    fact_check_days = models.PositiveSmallIntegerField(
        _("business days to check the facts"), default=10
    )
    profile_max_age_days = models.PositiveSmallIntegerField(
        _("days a site profile stays current"), default=62
    )
    engagement_months = models.PositiveSmallIntegerField(
        _("months during which an engagement keeps somebody from auditing"), default=24
    )
    rotation_audits = models.PositiveSmallIntegerField(
        _("audits of a site after which the lead must change"), default=2
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("months until a grade A is due for renewal"), default=24
    )
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=30)
    corrective_deadlines = models.JSONField(
        _("deadlines of corrective actions"), default=default_corrective_deadlines
    )
    person_days = models.JSONField(_("person-days by size"), default=default_person_days)

    objects = SchemeSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme settings")
        verbose_name_plural = _("scheme settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="scheme_settings_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("scheme settings"))

    def person_days_for(self, workers: int) -> float:
        """Return the person-days that a site with so many workers needs."""
        return next((days for limit, days in self.person_days if workers <= limit), 1)
