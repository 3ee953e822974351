"""What was said once and stays: canonical JSON with its hash, never changed and never deleted."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FrozenT = TypeVar("FrozenT", bound="Frozen")


class FrozenQuerySet(models.QuerySet[FrozenT]):
    """Rows that are only ever added; the table's triggers refuse the rest as well."""

    def update(self, **kwargs: Any) -> int:
        """Refused: it is what was said."""
        raise PermissionDenied("it is frozen")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: it is what was said."""
        raise PermissionDenied("it is frozen")


class Frozen(models.Model):
    """Canonical JSON, the version of its schema, its hash, and when it was frozen."""

    schema_version = models.PositiveSmallIntegerField(_("schema version"))
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        indexes = [
            # Data that somebody holds and has verified, by their hash.
            models.Index(fields=["sha256"], name="%(class)s_by_hash"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a new row; PermissionDenied for one that exists."""
        if not self._state.adding:
            raise PermissionDenied("it is frozen")
        super().save(*args, **kwargs)

    @classmethod
    def noun(cls) -> str:
        """Return what it is, in words of the active language."""
        return str(cls._meta.verbose_name)

    @property
    def data(self) -> dict[str, Any]:
        """Return the content as it was made."""
        data: dict[str, Any] = json.loads(self.content)
        return data
