"""The audit team: who was asked, in which function, and what was declared."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.auditors.models import Auditor
from audits.auditors.terms import Level
from audits.models.audits import Audit
from audits.terms import Answer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def visible_to(self, user: User | AnonymousUser) -> TeamMemberQuerySet:
        """Members of the audits one sees."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def answering(self) -> TeamMemberQuerySet:
        """Members who accepted or have not answered yet."""
        return self.exclude(answer=Answer.DECLINED)


class TeamMember(models.Model):
    """An auditor's place in the team of an audit, with the signed conflict declaration."""

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.CASCADE, related_name="team"
    )
    auditor = models.ForeignKey(
        Auditor, verbose_name=_("auditor"), on_delete=models.PROTECT, related_name="places"
    )
    function = models.CharField(_("function"), max_length=10, choices=Level.choices)
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer.choices, default=Answer.OFFERED
    )
    # {"self_interest": false, …, "note": "…"}: filled when the offer is answered.
    declaration = models.JSONField(_("conflict declaration"), default=dict, blank=True)
    decline_reason = models.CharField(_("reason for declining"), max_length=300, blank=True)
    offered_at = models.DateTimeField(_("offered at"), default=timezone.now, editable=False)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "auditor"], name="auditor_once_per_team"),
            models.UniqueConstraint(
                fields=["audit"],
                condition=Q(function=Level.LEAD) & ~Q(answer=Answer.DECLINED),
                name="one_lead_per_team",
            ),
        ]
        indexes = [
            # An auditor's offers and audits.
            models.Index(fields=["auditor", "answer"], name="places_of_auditor"),
        ]

    def __str__(self) -> str:
        return f"{self.audit}: {self.auditor} ({self.get_function_display()})"

    @property
    def declared_conflict(self) -> bool:
        """Say whether the member answered yes to any of the four threats."""
        return any(value is True for value in self.declaration.values())

    def stands(self, today: date) -> bool:
        """Say whether a new proposal may leave the place as it is: accepted, or still to answer."""
        if self.answer == Answer.OFFERED:
            return self.answer_by is None or self.answer_by >= today
        return self.answer == Answer.ACCEPTED and not self.declared_conflict

    @property
    def lapsed(self) -> bool:
        """Say whether the time to answer went by without an answer."""
        over = self.answer_by is not None and self.answer_by < timezone.localdate()
        return over and self.answered_at is None and self.answer != Answer.ACCEPTED
