"""The words of this room: levels, states of a qualification, kinds of engagement."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Level(models.TextChoices):
    """What an auditor is qualified for, and the function in a team."""

    LEAD = "lead", _("lead auditor")
    MEMBER = "member", _("auditor")
    TRAINEE = "trainee", _("trainee auditor")

    def covers(self, function: str) -> bool:
        """Say whether somebody of this level may take the function in a team."""
        return function in _COVERED[self.value]


_COVERED = {
    "lead": ("lead", "member", "trainee"),
    "member": ("member", "trainee"),
    "trainee": ("trainee",),
}


class QualificationStatus(models.TextChoices):
    """Steps of becoming an auditor under a version of the standard."""

    TRAINED = "trained", _("trained")
    EXAMINED = "examined", _("examined")
    WITNESSED = "witnessed", _("witnessed")
    QUALIFIED = "qualified", _("qualified")
    LAPSED = "lapsed", _("lapsed")
    SUSPENDED = "suspended", _("suspended")


class EngagementKind(models.TextChoices):
    """Ties between a person or office and a supplier that threaten impartiality."""

    RETAINER = "retainer", _("standing advisory contract")
    ADVISORY = "advisory", _("advice")
    TRAINING = "training", _("training")
    PRE_AUDIT = "pre_audit", _("pre-audit")
    EMPLOYMENT = "employment", _("employment")
    FAMILY = "family", _("family")
    OWNERSHIP = "ownership", _("ownership")


class Declarer(models.TextChoices):
    """Who declared an engagement."""

    AUDITOR = "auditor", _("the auditor")
    OFFICE = "office", _("the office")
    SUPPLIER = "supplier", pgettext_lazy("declarer", "the supplier")
    SCHEME = "scheme", _("secretariat or scheme owner")
