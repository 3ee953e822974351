"""Duplicates: which suppliers or sites are probably the same, and the searches that found them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from suppliers import policies
from suppliers.models.sites import Site
from suppliers.models.suppliers import Supplier
from suppliers.terms import Likeness, ProposalState, Strength

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser

# A search takes seconds; one that was begun so long ago has lost its worker.
LOST_AFTER = timedelta(minutes=10)


class DuplicateProposalQuerySet(models.QuerySet["DuplicateProposal"]):
    def visible_to(self, user: User | AnonymousUser) -> DuplicateProposalQuerySet:
        """For those who see all suppliers."""
        return self if policies.reads_every_supplier(user) else self.none()

    def waiting(self) -> DuplicateProposalQuerySet:
        """Proposals that nobody has decided on."""
        return self.filter(state=ProposalState.OPEN)


class DuplicateProposal(models.Model):
    """Two suppliers, or two sites of one supplier, that are probably the same, and what shows it.

    The one with the lesser key stands first, so that a pair is one row; of sites both suppliers
    are the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    first_site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signs = models.JSONField(_("what shows it"), default=list)
    score = models.PositiveSmallIntegerField(_("likeness"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ProposalState.choices,
        default=ProposalState.OPEN,
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    created_at = models.DateTimeField(_("found at"), default=timezone.now, editable=False)

    objects = DuplicateProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("probable duplicate")
        verbose_name_plural = _("probable duplicates")
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(first_site=None),
                name="duplicate_suppliers_once",
            ),
            models.UniqueConstraint(
                fields=["first_site", "second_site"], name="duplicate_sites_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProposalState.values), name="duplicate_state_known"
            ),
        ]
        indexes = [
            # The list: what waits, the most probable first.
            models.Index(fields=["state", "-score"], name="duplicate_by_score"),
        ]

    def __str__(self) -> str:
        return " = ".join(map(str, self.pair))

    @property
    def pair(self) -> tuple[Supplier, Supplier] | tuple[Site, Site]:
        """Return the two that are probably the same."""
        if self.first_site is not None and self.second_site is not None:
            return self.first_site, self.second_site
        return self.first, self.second

    @property
    def is_of_sites(self) -> bool:
        """Say whether it is about two sites of one supplier."""
        return self.first_site_id is not None

    @property
    def sign_labels(self) -> list[str]:
        """Return what shows it as words of the active language."""
        return [str(Likeness(sign).label) for sign in self.signs if sign in Likeness.values]

    @property
    def strength(self) -> Strength:
        """Return how probable it is, in a word."""
        return Strength.of(self.score)


def unclaimed() -> Q:
    """Return the condition for a search that no worker is busy with."""
    return Q(started_at=None) | Q(started_at__lte=timezone.now() - LOST_AFTER)


class DuplicateSearchQuerySet(models.QuerySet["DuplicateSearch"]):
    def visible_to(self, user: User | AnonymousUser) -> DuplicateSearchQuerySet:
        """For those who see all suppliers."""
        return self if policies.reads_every_supplier(user) else self.none()

    def unfinished(self) -> DuplicateSearchQuerySet:
        """Searches that wait or run."""
        return self.filter(finished_at=None)

    def claim(self, pk: UUID | str) -> bool:
        """Take a search for this worker; False when it is done or somebody else has it."""
        mine = self.unfinished().filter(unclaimed(), pk=pk)
        return bool(mine.update(started_at=timezone.now(), percent=0))


class DuplicateSearch(models.Model):
    """One look through all suppliers and sites for duplicates, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asked_by = models.ForeignKey(
        User,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField(_("how far, in percent"), default=0)
    looked_at = models.PositiveIntegerField(_("suppliers and sites looked at"), default=0)
    found = models.PositiveIntegerField(_("probable duplicates"), default=0)

    objects = DuplicateSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")
        indexes = [
            # The last one, for the page and for the nightly round.
            models.Index(fields=["-asked_at"], name="duplicate_search_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.percent}%"
