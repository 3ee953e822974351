"""Submission targets: to whom a result is shown, with which papers and what else it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.terms import Locale
from reports.first_target import FIRST
from ui.language import Localized

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class SubmissionTargetQuerySet(models.QuerySet["SubmissionTarget"]):
    def visible_to(self, user: User | AnonymousUser) -> SubmissionTargetQuerySet:
        """The targets are settings of the scheme, so everybody signed in may read them."""
        return self if accounts.positions(user) else self.none()

    def known(self) -> SubmissionTargetQuerySet:
        """Every target; the first one is made when there is none yet, as the settings are."""
        if not self.model.objects.exists():
            values: dict[str, Any] = dict(FIRST)
            self.model.objects.get_or_create(name_ja=values.pop("name_ja"), defaults=values)
        return self.order_by("created_at", "pk")

    def offered(self) -> SubmissionTargetQuerySet:
        """Targets that suppliers can choose."""
        return self.known().filter(active=True)


class SubmissionTarget(models.Model):
    """An institution to which suppliers submit a result, as the scheme owner describes it.

    `requirements` are rows {"code", "text", "proof", "asks_day", "asks_address"} with text and
    proof in both languages.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_ja = models.CharField(_("name (Japanese)"), max_length=200, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    recipient_ja = models.CharField(_("addressed to (Japanese)"), max_length=200)
    recipient_en = models.CharField(_("addressed to (English)"), max_length=200, blank=True)
    minimum_months = models.PositiveSmallIntegerField(
        _("months that should remain until the date of renewal"), default=3
    )
    cover_language = models.CharField(
        _("language of the cover sheet"),
        max_length=2,
        choices=Locale.choices,
        default=Locale.JAPANESE,
    )
    statement_language = models.CharField(
        _("language of the statement of result"),
        max_length=2,
        choices=Locale.choices,
        default=Locale.JAPANESE,
    )
    report_language = models.CharField(
        _("audit report"),
        max_length=2,
        choices=[("", _("not part of it")), *Locale.choices],
        blank=True,
    )
    requirements = models.JSONField(_("what else it asks for"), default=list)
    active = models.BooleanField(_("suppliers can choose it"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = SubmissionTargetQuerySet.as_manager()
    name = Localized()
    recipient = Localized()

    class Meta:
        verbose_name = _("submission target")
        verbose_name_plural = _("submission targets")

    def __str__(self) -> str:
        return str(self.name)
