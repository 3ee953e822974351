"""What the activation of a version would mean for running audits and valid results."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.policies import administers_scheme
from audits.models import Audit, Finding, Result
from audits.services.repinning import REPINNABLE, versions, visit_day
from audits.standards.applicable import applies_to
from audits.standards.models import RequirementMapping, Standard
from audits.standards.services.mapping import carried_over
from audits.standards.terms import Relation, StandardStatus
from audits.terms import Judgement, Status
from audits.workflow import OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User

# Applications of which the version is not pinned yet.
BEFORE_PIN = (Status.DRAFT, Status.SUBMITTED)


@dataclass(frozen=True)
class Passage:
    """The way from one version to the one looked at: codes by what becomes of them."""

    unchanged: tuple[str, ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A running audit or a valid result: the day that decides, its version now and then.

    `moves` is whether the activation makes a difference to it.
    """

    key: UUID
    day: date
    now: Standard | None
    then: Standard | None
    moves: bool


@dataclass(frozen=True)
class AuditLine:
    """One line of the list of audits; `answered` counts judgements that stay."""

    audit: Audit
    place: Place
    passage: Passage | None
    answered: int


@dataclass(frozen=True)
class ResultLine:
    """One line of the list of results, which themselves stay as they are."""

    result: Result
    place: Place
    passage: Passage | None


@dataclass
class ChangeOver:
    """A look ahead at one version; the number of queries does not depend on how many audits run."""

    standard: Standard
    today: date
    versions: list[Standard]
    _carried: dict[UUID, dict[UUID, UUID]] = field(default_factory=dict)
    _passages: dict[UUID, Passage] = field(default_factory=dict)

    @cached_property
    def audits(self) -> list[Place]:
        """Running audits, those that move first, by the day of the visit."""
        rows = Audit.objects.filter(status__in=OPEN).values_list(
            "pk", "status", "planned_from", "preferred_from", "standard"
        )
        return sorted(
            (self._audit(*row) for row in rows), key=lambda row: (not row.moves, row.day, row.key)
        )

    @cached_property
    def results(self) -> list[Place]:
        """Valid results, those whose renewal will be by another version first, by the day of renewal."""
        rows = Result.objects.current().values_list("pk", "renewal_due_on", "audit__standard")
        return sorted(
            (self._result(*row) for row in rows), key=lambda row: (not row.moves, row.day, row.key)
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many audits run, move and begin with the version; how many results are renewed by it."""
        moving = Counter(row.now is not None for row in self.audits if row.moves)
        return {
            "audits": len(self.audits),
            "repinned": moving[True],
            "applications": moving[False],
            "results": len(self.results),
            "renewals": sum(row.moves for row in self.results),
        }

    @cached_property
    def own(self) -> Passage | None:
        """The passage from the version that this one follows."""
        previous = self.standard.previous
        return self.passage(previous) if previous else None

    def audit_lines(self, places: Sequence[Place]) -> list[AuditLine]:
        """Return the lines of some places, with everything that a page shows."""
        audits = (
            Audit.objects.filter(pk__in=[row.key for row in places])
            .select_related("site__supplier", "body")
            .in_bulk()
        )
        answered = self._answered([row for row in places if row.moves and row.now])
        return [
            AuditLine(audits[row.key], row, self._passage_of(row), answered.get(row.key, 0))
            for row in places
            if row.key in audits
        ]

    def result_lines(self, places: Sequence[Place]) -> list[ResultLine]:
        """Return the lines of some places, with everything that a page shows."""
        results = (
            Result.objects.filter(pk__in=[row.key for row in places])
            .select_related("audit__site__supplier", "audit__body")
            .in_bulk()
        )
        return [
            ResultLine(results[row.key], row, self._passage_of(row))
            for row in places
            if row.key in results
        ]

    def passage(self, old: Standard) -> Passage:
        """Return what becomes of the requirements on the way from `old`."""
        if old.pk not in self._passages:
            carried = self.carried(old)
            mine = list(self.standard.requirements.order_by("order").values_list("pk", "code"))
            theirs = dict(old.requirements.order_by("order").values_list("pk", "code"))
            new = set(
                RequirementMapping.objects.filter(
                    requirement__standard=self.standard, relation=Relation.NEW
                ).values_list("requirement", flat=True)
            )
            followed = set(
                RequirementMapping.objects.filter(
                    requirement__standard=self.standard, previous__standard=old
                ).values_list("previous", flat=True)
            ) | set(carried.values())
            self._passages[old.pk] = Passage(
                unchanged=tuple(code for key, code in mine if key in carried),
                changed=tuple(code for key, code in mine if key not in carried and key not in new),
                new=tuple(code for key, code in mine if key in new),
                dropped=tuple(code for key, code in theirs.items() if key not in followed),
            )
        return self._passages[old.pk]

    def carried(self, old: Standard) -> dict[UUID, UUID]:
        """Return the requirements that are unchanged from `old`, new key to old key."""
        if old.pk not in self._carried:
            self._carried[old.pk] = carried_over(old, self.standard)
        return self._carried[old.pk]

    def _audit(
        self,
        key: UUID,
        status: str,
        planned: date | None,
        preferred: date | None,
        pinned: UUID | None,
    ) -> Place:
        day = visit_day(status, planned, preferred, self.today)
        if status in BEFORE_PIN:
            now, then = None, applies_to(self.versions, None, day)
            moves = then is not None and then.pk == self.standard.pk
        else:
            now = next((version for version in self.versions if version.pk == pinned), None)
            then = applies_to(self.versions, now, day) if status in REPINNABLE else now
            moves = then is not None and now is not None and then.pk != now.pk
        return Place(key, day, now, then, moves)

    def _result(self, key: UUID, renewal: date | None, pinned: UUID | None) -> Place:
        day = max(renewal or self.today, self.today)
        now = next((version for version in self.versions if version.pk == pinned), None)
        then = applies_to(self.versions, None, day)
        moves = then is not None and then.pk == self.standard.pk and then.pk != pinned
        return Place(key, day, now, then, moves)

    def _passage_of(self, place: Place) -> Passage | None:
        if not place.moves or place.now is None or place.then is None:
            return None
        return self.passage(place.now) if place.then.pk == self.standard.pk else None

    def _answered(self, places: Sequence[Place]) -> dict[UUID, int]:
        """Count by audit the judgements that people made and that stay, in one query."""
        stay = {old for place in places if place.now for old in self.carried(place.now).values()}
        rows = (
            Finding.objects.filter(
                audit__in=[place.key for place in places], requirement__in=stay, preset=False
            )
            .exclude(judgement=Judgement.UNASSESSED)
            .values("audit")
            .annotate(count=Count("pk"))
        )
        return {row["audit"]: row["count"] for row in rows}


def look_ahead(*, actor: User, standard: Standard, today: date | None = None) -> ChangeOver:
    """Look at what a version means as if it were activated; nothing is changed.

    For a version that is in force already, it is what the clock has done or will do.
    """
    if not administers_scheme(actor):
        raise PermissionDenied
    known = versions()
    others = [version for version in known if version.pk != standard.pk]
    ahead = Standard.objects.select_related("previous").get(pk=standard.pk)
    if ahead.is_draft:
        ahead.status = StandardStatus.ACTIVE
    return ChangeOver(ahead, today or timezone.localdate(), [*others, ahead])
