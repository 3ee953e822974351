"""What somebody asks figures of, and where they can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from reports.figures import Dimension
from reports.models import AuditFacts

if TYPE_CHECKING:
    from uuid import UUID

    from audits.standards.models import Standard
    from reports.models import AuditFactsQuerySet
    from reports.services.overview import Scope


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions on issued results; what is empty is not narrowed. Months are written 2026-04.

    There is always one version of the standard: grades of two versions follow different criteria
    and are set side by side, never added up.
    """

    standard: Standard
    since: str = ""
    until: str = ""
    prefecture: int | None = None
    process: str = ""
    size: str = ""
    kind: str = ""
    body: UUID | None = None
    secretariat: UUID | None = None
    grade: str = ""

    @property
    def address(self) -> dict[str, str]:
        """Return the parameters of an address that asks for the same."""
        values = {
            "standard": self.standard.version,
            "since": self.since,
            "until": self.until,
            "prefecture": self.prefecture,
            "process": self.process,
            "size": self.size,
            "kind": self.kind,
            "body": self.body,
            "secretariat": self.secretariat,
            "grade": self.grade,
        }
        return {name: str(value) for name, value in values.items() if value}

    def facts(self, scope: Scope) -> AuditFactsQuerySet:
        """Return the rows of facts that fit, within what the reader reads."""
        exact = {
            "prefecture": self.prefecture,
            "size": self.size,
            "kind": self.kind,
            "body": self.body,
            "secretariat": self.secretariat,
            "grade": self.grade,
            "month__gte": self.since,
            "month__lte": self.until,
            "processes__contains": self.process and f"|{self.process}|",
        }
        rows = scope.narrow(AuditFacts.objects.counted().filter(standard=self.standard))
        return rows.filter(**{name: value for name, value in exact.items() if value})

    def counters(self, scope: Scope) -> Q | None:
        """Return the condition of the counters that hold exactly this selection.

        The counters are kept by one dimension at a time and not by grade: None where a
        selection, or what the reader reads, is narrowed by more than one.
        """
        exact = {
            Dimension.PREFECTURE: self.prefecture and str(self.prefecture),
            Dimension.PROCESS: self.process,
            Dimension.SIZE: self.size,
            Dimension.KIND: self.kind,
            Dimension.BODY: self.body and self.body.hex,
            Dimension.SECRETARIAT: self.secretariat and self.secretariat.hex,
        }
        places = [Q(dimension=dimension, key=key) for dimension, key in exact.items() if key]
        if self.since or self.until:
            months = Q(dimension=Dimension.MONTH)
            months &= Q(key__gte=self.since) if self.since else Q()
            places.append(months & Q(key__lte=self.until) if self.until else months)
        if scope.dimension != Dimension.TOTAL:
            places.append(Q(dimension=scope.dimension, key__in=scope.keys))
        if self.grade or len(places) > 1:
            return None
        return places[0] if places else Q(dimension=Dimension.TOTAL, key="")
