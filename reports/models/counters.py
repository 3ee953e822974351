"""Counters: what the figures are read from, one row per place whatever the number of audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.terms import Kind
from audits.standards.models import Requirement, Standard
from audits.terms import GradeLetter
from reports.figures import Dimension, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

CounterT = TypeVar("CounterT", bound=models.Model)


class CounterQuerySet(models.QuerySet[CounterT]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for owner and observers; a secretariat and a body read their own."""
        if accounts.is_scheme_owner(user) or accounts.is_observer(user):
            return self
        mine: dict[str, Any] = {
            Dimension.SECRETARIAT: accounts.organisation_ids(user, Kind.SECRETARIAT),
            Dimension.BODY: accounts.organisation_ids(user, Kind.AUDIT_BODY),
        }
        rule = Q(pk__in=())
        for dimension, ids in mine.items():
            rule |= Q(dimension=dimension, key__in=[pk.hex for pk in ids])
        return self.filter(rule)

    def at(self, dimension: str, keys: Iterable[str]) -> Self:
        """Counters of some places of one dimension."""
        return self.filter(dimension=dimension, key__in=keys)


class Counter(models.Model):
    """A counter of one place: a key of a dimension, under one version of the standard.

    Organisations are keyed by their id as 32 hexadecimal digits. Only `reports.services.counting`
    writes here. A count can be below zero for a moment, when a result is taken out before it was
    added.
    """

    dimension = models.CharField(_("dimension"), max_length=12, choices=Dimension.choices)
    key = models.CharField(_("key in the dimension"), max_length=32, blank=True)
    standard = models.ForeignKey(
        Standard, verbose_name=_("standard"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.dimension} {self.key}"


class Figure(Counter):
    """How often each judgement was given on one requirement, in one place."""

    requirement = models.ForeignKey(
        Requirement, verbose_name=_("requirement"), on_delete=models.PROTECT, related_name="+"
    )
    conforming = models.IntegerField(_("conforming"))
    nonconforming = models.IntegerField(_("nonconforming"))
    not_applicable = models.IntegerField(_("not applicable"))
    unverifiable = models.IntegerField(_("could not be verified"))
    unassessed = models.IntegerField(_("not yet assessed"))
    unacceptable = models.IntegerField(_("unacceptable"))
    major = models.IntegerField(_("major"))
    minor = models.IntegerField(_("minor"))

    objects = CounterQuerySet["Figure"].as_manager()

    class Meta:
        verbose_name = _("count of judgements")
        verbose_name_plural = _("counts of judgements")
        constraints = [
            # Also serves every reading: the rows of one place and standard.
            models.UniqueConstraint(
                fields=["dimension", "key", "standard", "requirement"], name="figure_once"
            ),
        ]


class GradeFigure(Counter):
    """How many results of each grade there are in one place."""

    grade_a = models.IntegerField(GradeLetter.A.label)
    grade_b = models.IntegerField(GradeLetter.B.label)
    grade_none = models.IntegerField(GradeLetter.NONE.label)

    objects = CounterQuerySet["GradeFigure"].as_manager()

    class Meta:
        verbose_name = _("count of grades")
        verbose_name_plural = _("counts of grades")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "key", "standard"], name="grade_figure_once"
            ),
        ]


class DaysFigure(Counter):
    """How many audits took so many days for a step: from these the medians are read."""

    step = models.CharField(_("step of the way"), max_length=10, choices=Step.choices)
    days = models.PositiveIntegerField(_("number of days"))
    audits = models.IntegerField(_("number of audits"))

    objects = CounterQuerySet["DaysFigure"].as_manager()

    class Meta:
        verbose_name = _("count of days")
        verbose_name_plural = _("counts of days")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "key", "standard", "step", "days"], name="days_figure_once"
            ),
        ]
