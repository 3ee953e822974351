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


class Likeness(models.TextChoices):
    """What two suppliers, or two sites, have in common."""

    NUMBER = "number", _("the same corporate number, now or formerly")
    NAME = "name", _("the same name without its legal form")
    SIMILAR = "similar", _("almost the same name, one character apart")
    KANA = "kana", _("the same reading")
    ENGLISH = "english", _("the same English name")
    ADDRESS = "address", _("the same address")
    PREFECTURE = "prefecture", _("the same prefecture")  # said where the address is not the same
    DOMAIN = "domain", _("people with addresses of the same e-mail domain")
    OS_ID = "os_id", _("the same OS ID")

    @property
    def points(self) -> int:
        """Return how much it counts; from 100 on there is no more to know."""
        return POINTS[self]


POINTS = {
    Likeness.NUMBER: 100,
    Likeness.OS_ID: 80,
    Likeness.NAME: 60,
    Likeness.SIMILAR: 35,
    Likeness.KANA: 30,
    Likeness.ENGLISH: 30,
    Likeness.ADDRESS: 40,
    Likeness.DOMAIN: 25,
    Likeness.PREFECTURE: 15,
}


class Strength(models.TextChoices):
    """How probable it is that two are the same."""

    HIGH = "high", _("very probable")
    MIDDLE = "middle", _("probable")
    LOW = "low", _("possible")

    @classmethod
    def of(cls, score: int) -> Strength:
        """Return the word for a number of points."""
        return next(word for word, least in LEAST.items() if score >= least)


LEAST = {Strength.HIGH: 90, Strength.MIDDLE: 70, Strength.LOW: 0}


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", _("to be decided")
    DISMISSED = "dismissed", _("not the same")
    MERGED = "merged", _("merged")
