"""A version of the audit standard and what it may be used for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from accounts.policies import is_scheme_owner
from audits.standards.contents import Contents
from audits.standards.grading import GradingParameters
from audits.standards.models.immutable import ImmutableStandardError
from audits.standards.terms import StandardStatus
from ui.language import Localized

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class StandardQuerySet(models.QuerySet["Standard"]):
    """Versions of the standard."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every signed-in user reads the versions that have been activated; drafts are the scheme owner's."""
        if not user.is_authenticated:
            return self.none()
        if is_scheme_owner(user):
            return self.all()
        return self.exclude(status=StandardStatus.DRAFT)

    def usable_on(self, day: date) -> Self:
        """Versions by which a visit on `day` may be audited.

        In force or being phased out, effective, not retired, and not yet replaced: from the
        `mandatory_from` of a later version on, the earlier ones are no longer usable.
        """
        live = Q(status__in=(StandardStatus.ACTIVE, StandardStatus.SUNSET))
        successor = Standard.objects.filter(
            live, effective_on__gt=OuterRef("effective_on"), mandatory_from__lte=day
        )
        return self.filter(
            live,
            Q(retired_on__isnull=True) | Q(retired_on__gt=day),
            ~Exists(successor),
            effective_on__lte=day,
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete drafts; refused with `ImmutableStandardError` as soon as one row was activated."""
        if self.exclude(status=StandardStatus.DRAFT).exists():
            raise ImmutableStandardError
        return super().delete()


class Standard(models.Model):
    """One version of the audit standard (監査基準); immutable from its activation on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.CharField(_("version"), max_length=20, unique=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    effective_on = models.DateField(_("effective on"))
    mandatory_from = models.DateField(_("mandatory from"), null=True, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=StandardStatus, default=StandardStatus.DRAFT
    )
    grading = models.JSONField(_("grading parameters"))
    official = models.BooleanField(_("official grading criteria"), default=False)
    content_hash = models.CharField(_("content hash"), max_length=64, blank=True)
    activated_at = models.DateTimeField(_("activated at"), null=True, blank=True)
    # The version that this one follows, to whose requirements its own are mapped.
    previous = models.ForeignKey(
        "self",
        verbose_name=_("previous version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Two people bring a version into force: one proposes it, another one confirms.
    proposed_by = models.ForeignKey(
        User,
        verbose_name=_("proposed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True, editable=False)
    activated_by = models.ForeignKey(
        User,
        verbose_name=_("activated by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    title = Localized()

    objects = StandardQuerySet.as_manager()

    # What the content hash covers on this row, and how the version came into force; the triggers
    # of migration 0002 freeze the same columns.
    FROZEN = (
        "version",
        "title_ja",
        "title_en",
        "effective_on",
        "grading",
        "official",
        "content_hash",
        "activated_at",
        "previous_id",
        "proposed_by_id",
        "proposed_at",
        "activated_by_id",
    )

    class Meta:
        verbose_name = _("audit standard")
        verbose_name_plural = _("audit standards")
        ordering = ("-effective_on", "version")
        constraints = (
            models.CheckConstraint(
                name="standard_status_known", condition=Q(status__in=StandardStatus.values)
            ),
            models.CheckConstraint(
                name="standard_hashed_once_activated",
                condition=Q(status=StandardStatus.DRAFT)
                | (~Q(content_hash="") & Q(activated_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="standard_mandatory_not_before_effective",
                condition=Q(mandatory_from__isnull=True) | Q(mandatory_from__gte=F("effective_on")),
            ),
            models.CheckConstraint(
                name="standard_retired_after_effective",
                condition=Q(retired_on__isnull=True) | Q(retired_on__gt=F("effective_on")),
            ),
            models.CheckConstraint(
                name="standard_activated_by_a_second_person",
                condition=Q(activated_by__isnull=True)
                | (Q(proposed_by__isnull=False) & ~Q(activated_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="standard_proposal_complete",
                condition=Q(proposed_by__isnull=True, proposed_at__isnull=True)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"JASTI {self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether its contents may still be changed."""
        return self.status == StandardStatus.DRAFT

    @property
    def is_live(self) -> bool:
        """Whether audits may be made by it, as far as its dates allow."""
        return self.status in (StandardStatus.ACTIVE, StandardStatus.SUNSET)

    @property
    def parameters(self) -> GradingParameters:
        """The grading parameters, parsed; `InvalidParametersError` when the stored ones are not valid."""
        return GradingParameters.from_data(self.grading)

    def contents(self) -> Contents:
        """Everything that an audit relies on, as plain data read back from the database."""
        requirements = (
            self.requirements.select_related("category")
            .prefetch_related("clauses")
            .order_by("order")
        )
        return Contents(
            version=self.version,
            title_ja=self.title_ja,
            title_en=self.title_en,
            effective_on=self.effective_on,
            official=self.official,
            grading=self.grading,
            categories=tuple(row.as_row() for row in self.categories.order_by("order")),
            requirements=tuple(row.as_row() for row in requirements),
            clauses=tuple(
                clause.as_row(row.code) for row in requirements for clause in row.clauses.all()
            ),
        )

    def verify(self) -> bool:
        """Whether the rows in the database are still the ones that were activated."""
        return bool(self.content_hash) and self.contents().fingerprint() == self.content_hash

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse with `ImmutableStandardError` to change a frozen field of an activated version."""
        if not self._state.adding:
            stored = Standard.objects.filter(pk=self.pk).first()
            if stored is not None and not stored.is_draft and self._differs(stored):
                raise ImmutableStandardError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse with `ImmutableStandardError` to delete an activated version."""
        if Standard.objects.filter(pk=self.pk).exclude(status=StandardStatus.DRAFT).exists():
            raise ImmutableStandardError
        return super().delete(*args, **kwargs)

    def _differs(self, stored: Standard) -> bool:
        return self.is_draft or any(
            getattr(stored, name) != getattr(self, name) for name in self.FROZEN
        )
