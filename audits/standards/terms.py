"""The closed lists of words that a standard is written in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Severity(models.TextChoices):
    """How grave it is not to meet a requirement, gravest first."""

    UNACCEPTABLE = "unacceptable", _("Unacceptable")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")


class Provenance(models.TextChoices):
    """Where the wording in force comes from."""

    OFFICIAL = "official", _("Official text")
    RESTATED = "restated", _("Restated wording")
    PROVISIONAL = "provisional", _("Provisional wording")


class Condition(models.TextChoices):
    """What a site must have for a requirement or clause to apply; blank means always."""

    DORMITORY_OR_CANTEEN = "dormitory_or_canteen", _("Site with a dormitory or canteen")
    DORMITORY = "dormitory", _("Site with a dormitory")
    CANTEEN = "canteen", _("Site with a canteen")
    FOREIGN_WORKERS = "foreign_workers", _("Site with foreign workers")
    BROKERS = "brokers", _("Foreign workers hired through brokers")
    HOMEWORKERS = "homeworkers", _("Site that gives out work to homeworkers")
    MINORS = "minors", _("Site with workers under 18")
    WORKERS_10 = "workers_10", _("Site with 10 or more workers")
    WORKERS_50 = "workers_50", _("Site with 50 or more workers")


class StandardStatus(models.TextChoices):
    """The life of a version: it only ever moves forward through this list."""

    DRAFT = "draft", pgettext_lazy("standard", "Draft")
    ACTIVE = "active", pgettext_lazy("standard", "In force")
    SUNSET = "sunset", pgettext_lazy("standard", "Being phased out")
    RETIRED = "retired", pgettext_lazy("standard", "Retired")


class Relation(models.TextChoices):
    """How a requirement stands to one of the version before."""

    UNCHANGED = "unchanged", pgettext_lazy("requirement", "Unchanged")
    REWORDED = "reworded", pgettext_lazy("requirement", "Reworded, same meaning")
    CHANGED = "changed", pgettext_lazy("requirement", "Changed in substance")
    NEW = "new", pgettext_lazy("requirement", "New")


class Judgement(models.TextChoices):
    """What an audit says about one requirement."""

    CONFORMING = "conforming", _("Conforming")
    NONCONFORMING = "nonconforming", _("Nonconforming")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    UNVERIFIABLE = "unverifiable", _("Could not be verified")
    UNASSESSED = "unassessed", _("Not yet assessed")


class GradeLetter(models.TextChoices):
    """What an audit results in, best first."""

    A = "A", _("Grade A")
    B = "B", _("Grade B")
    NONE = "none", _("No grade")
