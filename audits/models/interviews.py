"""Interviews: how many were to be and were heard, who interpreted, and the sealed notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.terms import Employer, InterviewForm
from suppliers.terms import Language

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class InterviewSampleQuerySet(models.QuerySet["InterviewSample"]):
    def visible_to(self, user: User | AnonymousUser) -> InterviewSampleQuerySet:
        """Samples of visible audits; they are counts, no worker can be named in them."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def counted(self) -> InterviewSampleQuerySet:
        """Groups in which each person heard is counted once; those across the groups left out."""
        return self.filter(across=False)


class InterviewSample(models.Model):
    """How many workers of a stratum and language were to be, and were, interviewed."""

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.CASCADE, related_name="samples"
    )
    stratum = models.CharField(_("stratum"), max_length=60)
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.JAPANESE
    )
    # Sex, dormitory, shift: the same people once more, seen from another side.
    across = models.BooleanField(_("across the other groups"), default=False)
    planned = models.PositiveSmallIntegerField(_("planned"), default=0)
    done = models.PositiveSmallIntegerField(_("done"), default=0)
    done_in_groups = models.PositiveSmallIntegerField(_("of these in group interviews"), default=0)

    objects = InterviewSampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview sample")
        verbose_name_plural = _("interview samples")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "stratum", "language"], name="one_sample_per_stratum"
            ),
            models.CheckConstraint(
                condition=Q(done__gte=0) & Q(planned__gte=0) & Q(done_in_groups__lte=F("done")),
                name="sample_counts_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.stratum}: {self.done}/{self.planned}"

    @property
    def missing(self) -> int:
        """Return how many interviews fewer than planned were held."""
        return max(self.planned - self.done, 0)


class InterpreterQuerySet(models.QuerySet["Interpreter"]):
    def visible_to(self, user: User | AnonymousUser) -> InterpreterQuerySet:
        """Those of visible audits, for everybody in the scheme but supplier and brand."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        rows = self.filter(audit__in=Audit.objects.visible_to(user))
        own = accounts.organisation_ids(user, Kind.SUPPLIER)
        return rows.exclude(audit__site__supplier__organisation__in=own)


class Interpreter(models.Model):
    """Who interprets the interviews in one language, known by the employer and not by name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="interpreters"
    )
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    employer = models.CharField(_("employed by"), max_length=10, choices=Employer.choices)
    employer_name = models.CharField(_("name of the employer"), max_length=100, blank=True)
    conflict = models.CharField(_("statement of the conflict"), max_length=1000, blank=True)
    added_by = models.ForeignKey(
        User, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    objects = InterpreterQuerySet.as_manager()

    class Meta:
        verbose_name = _("interpreter")
        verbose_name_plural = _("interpreters")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(employer__in=Employer.dependent()) | ~Q(conflict=""),
                name="dependent_interpreter_is_stated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_language_display()}: {self.get_employer_display()}"

    @property
    def is_dependent(self) -> bool:
        """Say whether the site or its broker employs the interpreter."""
        return self.employer in Employer.dependent()


class InterviewNoteQuerySet(models.QuerySet["InterviewNote"]):
    def visible_to(self, user: User | AnonymousUser) -> InterviewNoteQuerySet:
        """The audit's team and its reviewers; never the supplier, a brand or a desk."""
        reviewing = accounts.organisation_ids(user, roles={"reviewer"})
        return self.filter(audit__in=Audit.objects.visible_to(user)).filter(
            Q(audit__in=Audit.team_audit_ids(user))
            | Q(audit__secretariat__in=reviewing)
            | Q(audit__body__in=reviewing)
        )


class InterviewNote(models.Model):
    """What was said in one interview: sealed, never printed, every reading recorded."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="interview_notes"
    )
    number = models.PositiveIntegerField(_("number"))
    stratum = models.CharField(_("stratum"), max_length=60)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    form = models.CharField(_("form"), max_length=10, choices=InterviewForm.choices)
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(
        User, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)

    objects = InterviewNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview note")
        verbose_name_plural = _("interview notes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="note_number_unique"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the reference of the note within its audit, such as N-004."""
        return f"N-{self.number:03d}"
