"""The words of this room: processes, sharing levels, kinds of supplier documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Process(models.TextChoices):
    """What a textile site does."""

    SPINNING = "spinning", _("spinning")
    TWISTING = "twisting", _("twisting")
    WEAVING = "weaving", _("weaving")
    KNITTING = "knitting", _("knitting")
    DYEING = "dyeing", _("dyeing and finishing")
    SEWING = "sewing", _("sewing")
    OTHER = "other", _("other process")


class Level(models.TextChoices):
    """How much of a result a supplier shows to a brand; each level includes the one before."""

    STATUS = "status", _("status only")
    SUMMARY = "summary", _("summary")
    FULL = "full", _("full report")

    @property
    def rank(self) -> int:
        """Return 0 for status, 1 for summary, 2 for full."""
        return [Level.STATUS, Level.SUMMARY, Level.FULL].index(self)

    @classmethod
    def at_least(cls, level: Level) -> list[str]:
        """Return the levels that include the given one."""
        return [other.value for other in cls if other.rank >= level.rank]


class Language(models.TextChoices):
    """Languages spoken at work that matter for interviews."""

    JAPANESE = "ja", _("Japanese")
    ENGLISH = "en", _("English (spoken)")
    VIETNAMESE = "vi", _("Vietnamese")
    CHINESE = "zh", _("Chinese")
    INDONESIAN = "id", _("Indonesian")
    TAGALOG = "tl", _("Tagalog")
    BURMESE = "my", _("Burmese")
    KHMER = "km", _("Khmer")
    NEPALI = "ne", _("Nepali")
    THAI = "th", _("Thai")
    PORTUGUESE = "pt", _("Portuguese")
