"""The scheme owner's settings: every number that is a choice and not a law."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from audits.terms import AuditKind, GradeLetter
from ui.calendars import add_months

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from audits.models.audits import Audit


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


def default_interview_minimums() -> list[list[int]]:
    """Return [workers up to, interviews] rows; from 100 workers on they follow the table of SMETA."""
    return [[20, 4], [50, 6], [100, 10], [500, 26], [1000, 42], [100000, 52]]


def default_reminder_days() -> list[int]:
    """Return the days around a deadline: negative before, positive after."""
    return [-3, 0, 3]


def default_correction_reminder_days() -> list[int]:
    """Return the days around a date of a corrective action: negative before, positive after."""
    return [-14, -7, 0, 7]


def default_renewal_reminder_days() -> list[int]:
    """Return the days before the date of renewal: about six, three and one months."""
    return [180, 90, 30]


def default_qualification_reminder_days() -> list[int]:
    """Return the days before the end of a qualification."""
    return [90, 30, 7]


def default_follow_up_core() -> list[str]:
    """Return the codes of the requirements whose breach is unacceptable in the first version."""
    return ["1-1", "1-2", "1-6", "2-1", "2-5", "5-7"]


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
    intake_days = models.PositiveSmallIntegerField(
        _("business days to answer an application"), default=5
    )
    offer_days = models.PositiveSmallIntegerField(
        _("business days to answer an offer of a place in a team"), default=3
    )
    drafting_days = models.PositiveSmallIntegerField(
        _("business days to write and sign the report"), default=10
    )
    review_days = models.PositiveSmallIntegerField(_("business days to review"), default=10)
    decision_days = models.PositiveSmallIntegerField(_("business days to decide"), default=10)
    alert_hours = models.PositiveSmallIntegerField(
        _("hours to settle a critical alert"), default=72
    )
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=30)
    appeal_decision_days = models.PositiveSmallIntegerField(
        _("days to decide on an appeal"), default=60
    )
    change_notice_days = models.PositiveSmallIntegerField(
        _("business days to decide on a change at a site"), default=10
    )
    change_workers_percent = models.PositiveSmallIntegerField(
        _("increase of workers, in percent, above which a change is to be reported"), default=30
    )
    renewal_months_b = models.PositiveSmallIntegerField(
        _("months until a grade B is due for renewal"),
        null=True,
        blank=True,
        help_text=_("Empty: a grade B has no date of renewal."),
    )
    expiry_months = models.PositiveSmallIntegerField(
        _("months after the date of renewal until a result expires"), default=6
    )
    reminder_days = models.JSONField(
        _("days before and after a deadline on which people are reminded"),
        default=default_reminder_days,
    )
    correction_reminder_days = models.JSONField(
        _("days before and after a date of a corrective action on which people are reminded"),
        default=default_correction_reminder_days,
    )
    renewal_reminder_days = models.JSONField(
        _("days before the date of renewal on which the supplier is reminded"),
        default=default_renewal_reminder_days,
    )
    qualification_reminder_days = models.JSONField(
        _("days before the end of a qualification on which the auditor is reminded"),
        default=default_qualification_reminder_days,
    )
    escalation_days = models.PositiveSmallIntegerField(
        _("days after a deadline until the secretariat is told"), default=7
    )
    correction_body_days = models.PositiveSmallIntegerField(
        _("days after a date of a corrective action until the audit body is told"), default=1
    )
    correction_secretariat_days = models.PositiveSmallIntegerField(
        _("days after a date of a corrective action until the secretariat is told"), default=7
    )
    similar_text_percent = models.PositiveSmallIntegerField(
        _("likeness of two findings' texts, in percent, from which the reviewer is told"),
        default=90,
    )
    duplicate_least_score = models.PositiveSmallIntegerField(
        _("points from which two suppliers or sites are proposed as duplicates"), default=50
    )
    evidence_megabytes = models.PositiveSmallIntegerField(
        _("largest file of evidence, in MB"), default=20
    )
    evidence_per_finding = models.PositiveSmallIntegerField(
        _("files of evidence for one requirement, at most"), default=40
    )
    evidence_per_audit = models.PositiveSmallIntegerField(
        _("files of evidence for one audit, at most"), default=500
    )
    corrective_deadlines = models.JSONField(
        _("deadlines of corrective actions"), default=default_corrective_deadlines
    )
    repeat_months = models.PositiveSmallIntegerField(
        _("months during which the same finding counts as a repeat"), default=48
    )
    repeat_verified_on_site = models.BooleanField(
        _("corrections of repeat findings are verified on site"), default=True
    )
    repeat_days_percent = models.PositiveSmallIntegerField(
        _("days for plan and closure of a repeat finding, in percent"), default=100
    )
    person_days = models.JSONField(_("person-days by size"), default=default_person_days)
    interview_minimums = models.JSONField(
        _("interviews by size"), default=default_interview_minimums
    )
    follow_up_core = models.JSONField(
        _("requirements that every follow-up audit looks at"), default=default_follow_up_core
    )
    follow_up_person_days = models.PositiveSmallIntegerField(
        _("person-days of a follow-up audit"), default=1
    )

    objects = SchemeSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme settings")
        verbose_name_plural = _("scheme settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="scheme_settings_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("scheme settings"))

    def renewal_due(self, grade: str, issued_on: date) -> date | None:
        """Return the day on which a result of the grade is due for renewal, or None."""
        months = {GradeLetter.A: self.renewal_months, GradeLetter.B: self.renewal_months_b}
        wanted = months.get(GradeLetter(grade))
        return add_months(issued_on, wanted) if wanted else None

    def expires(self, renewal_due_on: date | None) -> date | None:
        """Return the day from which a result no longer stands without a renewal, or None."""
        return add_months(renewal_due_on, self.expiry_months) if renewal_due_on else None

    def person_days_for(self, workers: int) -> float:
        """Return the person-days that a site with so many workers needs."""
        return next((days for limit, days in self.person_days if workers <= limit), 1)

    def person_days_of(self, audit: Audit) -> float:
        """Return the person-days that an audit needs: of its kind and the size of its site."""
        if audit.kind == AuditKind.FOLLOW_UP:
            return self.follow_up_person_days
        return self.person_days_for(audit.profile.workers if audit.profile else 0)

    def interviews_of(self, audit: Audit) -> int:
        """Return how many interviews an audit needs at least; a follow-up hears whom it has to."""
        if audit.kind == AuditKind.FOLLOW_UP or audit.profile is None:
            return 0
        return self.interviews_for(audit.profile.workers)

    def interviews_for(self, workers: int) -> int:
        """Return how many interviews a site with so many workers needs at least."""
        wanted = next((count for limit, count in self.interview_minimums if workers <= limit), 0)
        return min(int(wanted), workers)
