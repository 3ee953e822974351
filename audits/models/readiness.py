"""Self-checks: what a supplier says of its own site before anybody audits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts import policies as accounts
from accounts.terms import Kind
from audits.standards.models import Requirement
from suppliers.models import Site

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

LONGEST_NOTE = 300  # all 84 at full length still fit on a printed page of less than 150 kB


class SelfAnswer(models.TextChoices):
    """What a supplier says of one requirement."""

    MET = "met", pgettext_lazy("self-check", "In place")
    PARTLY = "partly", pgettext_lazy("self-check", "Partly")
    UNMET = "unmet", pgettext_lazy("self-check", "Not in place")
    OPEN = "open", pgettext_lazy("self-check", "Not checked yet")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("self-check", "Does not apply")


class SelfCheckQuerySet(models.QuerySet["SelfCheck"]):
    def visible_to(self, user: User | AnonymousUser) -> SelfCheckQuerySet:
        """The people of the supplier and nobody else, whatever else they may see of the site."""
        mine = accounts.organisation_ids(user, Kind.SUPPLIER)
        return self.filter(site__supplier__organisation__in=mine)


class SelfCheck(models.Model):
    """What a supplier says of one requirement at one site, with a note to itself.

    Not part of any audit and not in its record: docs/decisions/0013-private-self-check.md.
    """

    # Gone with the site: nobody but the supplier has a use for it.
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="self_checks"
    )
    requirement = models.ForeignKey(
        Requirement, verbose_name=_("requirement"), on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(
        _("answer"), max_length=15, choices=SelfAnswer.choices, default=SelfAnswer.OPEN
    )
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")
        constraints = [
            # Serves the reading of a site's answers as well.
            models.UniqueConstraint(fields=["site", "requirement"], name="one_self_check_each"),
            models.CheckConstraint(
                condition=Q(answer__in=SelfAnswer.values), name="self_check_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.requirement.code}"
