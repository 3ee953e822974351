"""The register of auditors and what each is qualified for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import Organisation, User
from accounts.terms import Kind
from audits.auditors.terms import Level, QualificationStatus
from audits.standards.models import Standard

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AuditorQuerySet(models.QuerySet["Auditor"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditorQuerySet:
        """All for the owner; those of one's bodies for a secretariat; one's colleagues."""
        if accounts.is_scheme_owner(user) or accounts.is_observer(user):
            return self
        secretariats = accounts.organisation_ids(user, Kind.SECRETARIAT)
        return self.filter(
            Q(body__parent__in=secretariats)
            | Q(body__in=accounts.organisation_ids(user, Kind.AUDIT_BODY))
        )


class Auditor(models.Model):
    """A registered auditor, who works for one audit body."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="auditor"
    )
    body = models.ForeignKey(
        Organisation,
        verbose_name=_("audit body"),
        on_delete=models.PROTECT,
        related_name="auditors",
    )
    registration_number = models.CharField(_("registration number"), max_length=20)
    languages = models.JSONField(_("languages"), default=list)
    prefectures = models.JSONField(_("prefectures served"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = AuditorQuerySet.as_manager()

    class Meta:
        verbose_name = _("auditor")
        verbose_name_plural = _("auditors")
        constraints = [
            # Upper, because that is what `__iexact` asks PostgreSQL for.
            models.UniqueConstraint(
                Upper("registration_number"),
                name="auditor_number_unique_any_case",
                violation_error_message=_("This registration number is taken."),
            ),
        ]
        indexes = [
            # The candidates of one body on the assignment page.
            models.Index(fields=["body", "is_active"], name="auditor_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.registration_number})"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: User | AnonymousUser) -> AbsenceQuerySet:
        """Absences of the auditors one sees, and one's own."""
        return self.filter(
            Q(auditor__in=Auditor.objects.visible_to(user)) | Q(auditor__user=user.pk)
        )

    def touching(self, first: date, last: date) -> AbsenceQuerySet:
        """Absences that take a day from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class Absence(models.Model):
    """Days on which an auditor cannot take a visit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    auditor = models.ForeignKey(
        Auditor, verbose_name=_("auditor"), on_delete=models.CASCADE, related_name="absences"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=100, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("unavailable days")
        verbose_name_plural = _("unavailable days")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"
            ),
        ]
        indexes = [
            # Who is away on the visit days, on the assignment page.
            models.Index(fields=["auditor", "ends_on"], name="absence_of_auditor"),
        ]

    def __str__(self) -> str:
        return f"{self.auditor} {self.starts_on}–{self.ends_on}"


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def visible_to(self, user: User | AnonymousUser) -> QualificationQuerySet:
        """Qualifications of the auditors one sees."""
        return self.filter(auditor__in=Auditor.objects.visible_to(user))

    def in_force(self, on: date) -> QualificationQuerySet:
        """Qualifications that hold on the day."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=on),
            starts_on__lte=on,
            status=QualificationStatus.QUALIFIED,
        )


class Qualification(models.Model):
    """What an auditor may do under one version of the standard, from a day until a day."""

    auditor = models.ForeignKey(
        Auditor, verbose_name=_("auditor"), on_delete=models.CASCADE, related_name="qualifications"
    )
    standard = models.ForeignKey(
        Standard, verbose_name=_("standard"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=QualificationStatus.choices,
        default=QualificationStatus.TRAINED,
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # {"trained": "2025-05-20", …}: on which day each step was reached.
    steps = models.JSONField(_("steps"), default=dict, blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.UniqueConstraint(
                fields=["auditor", "standard", "level"], name="qualification_once_per_level"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="qualification_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditor} – {self.get_level_display()} ({self.standard})"
