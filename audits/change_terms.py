"""The words of change notices: what changed at a site, and what is decided on it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class ChangeKind(models.TextChoices):
    """What changed at a site since its audit."""

    MOVE = "move", _("relocation of the site")
    OWNERSHIP = "ownership", _("change of ownership")
    WORKERS = "workers", _("marked increase of workers")
    DORMITORY = "dormitory", _("new dormitory")
    PROCESS = "process", _("new process")
    OTHER = "other", pgettext_lazy("change", "other change")


class ChangeDecision(models.TextChoices):
    """What the secretariat decides on a change."""

    NOTHING = "nothing", pgettext_lazy("change", "nothing needed")
    DESK = "desk", pgettext_lazy("change", "desk check of documents")
    SPECIAL = "special", pgettext_lazy("change", "special audit needed")


# A desk check goes on until one of these is decided; they are final.
FINAL = (ChangeDecision.NOTHING, ChangeDecision.SPECIAL)
