"""Sites and their dated profiles: what an audit is planned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from suppliers import policies
from suppliers.models.suppliers import Supplier
from suppliers.prefectures import CHOICES as PREFECTURES, full_address
from suppliers.terms import Language, Process
from ui.language import Localized

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def process_labels(codes: list[str]) -> list[str]:
    """Return codes of processes as words of the active language; unknown ones are left out."""
    return [str(Process(code).label) for code in codes if code in Process.values]


class SiteQuerySet(models.QuerySet["Site"]):
    def visible_to(self, user: User | AnonymousUser) -> SiteQuerySet:
        """All for owner, secretariats and observers; own sites; shared sites for a brand."""
        if policies.reads_every_supplier(user):
            return self
        mine = accounts.organisation_ids(user)
        shared = Site.objects.filter(
            grants__brand__in=mine,
            grants__starts_on__lte=timezone.localdate(),
            grants__ends_on__gte=timezone.localdate(),
            grants__revoked_at=None,
        ).values("pk")
        return self.filter(Q(supplier__organisation__in=mine) | Q(pk__in=shared))

    def current(self) -> SiteQuerySet:
        """Sites that were not merged into another one."""
        return self.filter(merged_into=None)

    def at_place_of(self, site: Site) -> SiteQuerySet:
        """The rows of one place: a site and those that turned out to be the same."""
        return self.filter(Q(pk=site.home_id) | Q(merged_into=site.home_id))


class Site(models.Model):
    """A factory or workshop of a supplier: what is audited and what gets a result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="sites"
    )
    name_ja = models.CharField(_("name of the site (Japanese)"), max_length=200)
    name_en = models.CharField(_("name of the site (English)"), max_length=200, blank=True)
    prefecture = models.PositiveSmallIntegerField(_("prefecture"), choices=PREFECTURES)
    address = models.CharField(_("address"), max_length=300, blank=True)
    processes = models.JSONField(_("processes"), default=list, blank=True)
    os_id = models.CharField(
        _("OS ID"), max_length=15, blank=True, help_text=_("Open Supply Hub identifier, if any.")
    )
    declared_workers = models.PositiveIntegerField(
        _("declared workers"),
        null=True,
        blank=True,
        help_text=_("Number given in an import, before a profile is written."),
    )
    # The same place, registered twice: the row keeps its audits and grants, and begins nothing new.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = SiteQuerySet.as_manager()
    name = Localized()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "name_ja"],
                condition=Q(merged_into=None),
                name="site_once_per_supplier",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="site_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(prefecture__range=(1, 47)), name="site_prefecture_known"
            ),
        ]
        indexes = [
            # The brands' list of sites, page by page in order of change.
            models.Index(fields=["updated_at", "id"], name="site_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.name}"

    @property
    def home_id(self) -> UUID:
        """Return the key of the row under which the place goes on: its own, unless it was merged."""
        return self.merged_into_id or self.pk

    @property
    def full_address(self) -> str:
        """Return the address with its prefecture before it, once."""
        return full_address(self.prefecture, self.address)

    @property
    def process_labels(self) -> list[str]:
        """Return the processes as words of the active language."""
        return process_labels(self.processes)


class SiteProfileQuerySet(models.QuerySet["SiteProfile"]):
    def visible_to(self, user: User | AnonymousUser) -> SiteProfileQuerySet:
        """Profiles of one's own company; all for owner, secretariats and observers."""
        if policies.reads_every_supplier(user):
            return self
        return self.filter(site__supplier__organisation__in=accounts.organisation_ids(user))

    def latest_of(self, site: Site) -> SiteProfile | None:
        """Return the newest profile of the site."""
        return self.filter(site=site).order_by("-as_of", "-created_at").first()


class SiteProfile(models.Model):
    """The dated description of a site: who works there, under which conditions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="profiles"
    )
    as_of = models.DateField(_("as of"))
    # Head-counts by sex and by contract are two views of the same people.
    workers_male = models.PositiveIntegerField(_("men"), default=0)
    workers_female = models.PositiveIntegerField(_("women"), default=0)
    workers_other = models.PositiveIntegerField(_("other or not stated"), default=0)
    workers_regular = models.PositiveIntegerField(_("regular employees"), default=0)
    workers_fixed_term = models.PositiveIntegerField(_("fixed-term and part-time"), default=0)
    workers_dispatched = models.PositiveIntegerField(_("dispatched workers"), default=0)
    # Foreign workers by residence status; part of the people above.
    technical_interns = models.PositiveIntegerField(_("technical interns / trainees"), default=0)
    specified_skilled = models.PositiveIntegerField(_("specified skilled workers"), default=0)
    foreign_other = models.PositiveIntegerField(_("other foreign workers"), default=0)
    minors = models.PositiveIntegerField(_("workers under 18"), default=0)
    homeworkers = models.PositiveIntegerField(_("homeworkers"), default=0)
    # What was done at the site when the profile was written; empty where that was not kept.
    processes = models.JSONField(_("processes"), default=list, blank=True, editable=False)
    languages = models.JSONField(_("languages spoken by workers"), default=list, blank=True)
    shifts = models.PositiveSmallIntegerField(_("number of shifts"), default=1)
    has_dormitory = models.BooleanField(_("has a dormitory"), default=False)
    has_canteen = models.BooleanField(_("has a canteen"), default=False)
    uses_brokers = models.BooleanField(_("uses brokers or sending organisations"), default=False)
    uses_chemicals = models.BooleanField(_("uses chemicals"), default=False)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = SiteProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("site profile")
        verbose_name_plural = _("site profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    workers_regular=F("workers_male")
                    + F("workers_female")
                    + F("workers_other")
                    - F("workers_fixed_term")
                    - F("workers_dispatched")
                ),
                name="profile_head_counts_add_up",
            ),
        ]
        indexes = [
            # The newest profile of a site.
            models.Index(fields=["site", "-as_of"], name="profile_newest_of_site"),
        ]

    def __str__(self) -> str:
        return f"{self.site} ({self.as_of})"

    @property
    def workers(self) -> int:
        """Return the number of people who work at the site."""
        return self.workers_male + self.workers_female + self.workers_other

    @property
    def workers_by_contract(self) -> int:
        """Return the same people counted by contract."""
        return self.workers_regular + self.workers_fixed_term + self.workers_dispatched

    @property
    def foreign_workers(self) -> int:
        """Return the number of workers of foreign nationality."""
        return self.technical_interns + self.specified_skilled + self.foreign_other

    @property
    def process_labels(self) -> list[str]:
        """Return the processes as words of the active language."""
        return process_labels(self.processes)

    @property
    def language_labels(self) -> list[str]:
        """Return the languages as words of the active language."""
        return [str(Language(code).label) for code in self.languages if code in Language.values]

    def clean(self) -> None:
        """Refuse head-counts that contradict each other."""
        errors: dict[str, ValidationError] = {}
        if self.workers_by_contract != self.workers:
            errors["workers_regular"] = ValidationError(
                _(
                    "By sex there are %(by_sex)d people, by contract %(by_contract)d. "
                    "Both must give the same total."
                ),
                params={"by_sex": self.workers, "by_contract": self.workers_by_contract},
            )
        if self.foreign_workers > self.workers:
            errors["foreign_other"] = ValidationError(
                _("There are more foreign workers (%(foreign)d) than workers (%(all)d)."),
                params={"foreign": self.foreign_workers, "all": self.workers},
            )
        if self.minors > self.workers:
            errors["minors"] = ValidationError(
                _("There are more workers under 18 (%(minors)d) than workers (%(all)d)."),
                params={"minors": self.minors, "all": self.workers},
            )
        # A form that could not read the date leaves the field empty.
        if getattr(self, "as_of", None) is not None and self.as_of > timezone.localdate():
            errors["as_of"] = ValidationError(_("The date of the profile lies in the future."))
        if errors:
            raise ValidationError(errors)
