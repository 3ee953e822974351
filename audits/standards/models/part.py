"""What the rows of a standard have in common: once it is activated they no longer change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models

from audits.standards.models.immutable import ImmutableStandardError
from audits.standards.models.standard import Standard
from audits.standards.terms import StandardStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

PartT = TypeVar("PartT", bound=models.Model)


class StandardPartQuerySet(models.QuerySet[PartT]):
    """Rows of a standard; `to_standard` is the path from the row to it."""

    to_standard: ClassVar[str] = "standard"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the standards the user may see."""
        return self.filter(**{f"{self.to_standard}__in": Standard.objects.visible_to(user)})

    def update(self, **kwargs: Any) -> int:
        """Change rows of drafts; refused with `ImmutableStandardError` when one row is not of a draft."""
        self._refuse_if_frozen()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows of drafts; refused with `ImmutableStandardError` when one row is not of a draft."""
        self._refuse_if_frozen()
        return super().delete()

    def _refuse_if_frozen(self) -> None:
        if self.exclude(**{f"{self.to_standard}__status": StandardStatus.DRAFT}).exists():
            raise ImmutableStandardError


class StandardPart(models.Model):
    """A row of a standard."""

    class Meta:
        abstract = True

    @property
    def owner_id(self) -> UUID:
        """The key of the standard that the row belongs to."""
        raise NotImplementedError  # each part of a standard says which

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse with `ImmutableStandardError` unless the standard is a draft."""
        self._refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse with `ImmutableStandardError` unless the standard is a draft."""
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    def _refuse_if_frozen(self) -> None:
        if Standard.objects.filter(pk=self.owner_id).exclude(status=StandardStatus.DRAFT).exists():
            raise ImmutableStandardError
