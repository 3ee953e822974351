"""Adding results to the figures and taking them out again, each exactly once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audits.models import Audit, Result
from audits.standards.models import Requirement
from reports.figures import CATEGORIES, COUNTS, Step, days_per_step, size_band, tally
from reports.models import AuditFacts, FigureEntry
from reports.services import counting
from reports.terms import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Difference:
    """A wrong row: in which table, under which key, and by how much it is off (column: excess)."""

    table: str
    key: str
    excess: dict[str, int]

    def __str__(self) -> str:
        off = ", ".join(f"{name} {value:+d}" for name, value in self.excess.items())
        return f"{self.table} [{self.key}]: {off}"


@transaction.atomic
def enter_issue(*, result: Result) -> list[FigureEntry]:
    """Freeze what a result is counted by and enter it, taking out the revisions before it.

    May be called again for the same result; there is one entry then, too. Returns the new entries.
    """
    freeze_facts(result)
    earlier = Result.objects.filter(audit=result.audit_id, revision__lt=result.revision)
    return _enter(result.audit, [result.revision], 1) + _take_out(result.audit, earlier)


@transaction.atomic
def enter_withdrawal(*, audit: Audit) -> list[FigureEntry]:
    """Take every result of a void audit out of the figures. Returns the new entries."""
    return _take_out(audit, Result.objects.filter(audit=audit))


def _take_out(audit: Audit, results: Iterable[Result]) -> list[FigureEntry]:
    numbers = [result.revision for result in results]
    added = FigureEntry.objects.filter(audit=audit, revision__in=numbers, sign=1)
    return _enter(audit, list(added.values_list("revision", flat=True)), -1)


def _enter(audit: Audit, revisions: Sequence[int], sign: int) -> list[FigureEntry]:
    rows = FigureEntry.objects.filter(audit=audit, sign=sign)
    there = set(rows.values_list("revision", flat=True))
    FigureEntry.objects.bulk_create(
        [
            FigureEntry(audit=audit, revision=revision, sign=sign)
            for revision in revisions
            if revision not in there
        ],
        ignore_conflicts=True,
    )
    return list(rows.filter(revision__in=revisions).exclude(revision__in=there))


def freeze_facts(result: Result) -> AuditFacts:
    """Return the row of facts of a result, made on the first call and never changed after."""
    existing = AuditFacts.objects.filter(result=result).first()
    return existing or AuditFacts.objects.create(**facts_of(result))


def facts_of(result: Result) -> dict[str, Any]:
    """Return the fields of the row of facts of a result."""
    audit = Audit.objects.select_related("site", "profile").get(pk=result.audit_id)
    # The code of a requirement begins with the number of its category in every version so far,
    # but only the standard itself says so.
    numbers = dict(
        Requirement.objects.filter(standard=audit.standard_id).values_list(
            "code", "category__number"
        )
    )
    acts = audit.events.order_by("sequence").values_list("act", "at")
    return facts_from(result, audit, numbers, acts)


def facts_from(
    result: Result,
    audit: Audit,
    numbers: Mapping[str, int],
    acts: Iterable[tuple[str, datetime]],
) -> dict[str, Any]:
    """Return the same without a query.

    The audit comes with site and profile; `numbers` are those of the categories by code, `acts` its
    record in order.
    """
    outcomes = result.inputs["outcomes"]
    by_category: dict[int, list[Sequence[str]]] = defaultdict(list)
    for outcome in outcomes:
        by_category[numbers[outcome[0]]].append(outcome)
    parts = {number: tally(by_category[number]) for number in CATEGORIES}
    days = days_per_step((act, timezone.localdate(at)) for act, at in acts)
    return {
        "result": result,
        "audit": audit,
        "revision": result.revision,
        "standard_id": audit.standard_id,
        "site": audit.site,
        "month": f"{result.issued_on:%Y-%m}",
        "prefecture": audit.site.prefecture,
        "processes": "|".join(["", *sorted(set(audit.site.processes)), ""]),
        "size": size_band(audit.profile.workers if audit.profile else None),
        "kind": audit.kind,
        "body_id": audit.body_id,
        "secretariat_id": audit.secretariat_id,
        "issued_on": result.issued_on,
        "grade": result.grade,
        "score": result.score,
        "official": result.official,
        **asdict(tally(outcomes)),
        **{f"conforming_{number}": part.conforming for number, part in parts.items()},
        **{f"nonconforming_{number}": part.nonconforming for number, part in parts.items()},
        **{f"days_{step.value}": days.get(step) for step in Step},
    }


@transaction.atomic
def apply_entry(pk: UUID | str) -> bool:
    """Add the entry's answers to the counters, or take them out; False when that was done before.

    The entry is claimed by a conditional update in the same transaction as the counters: a second
    delivery waits for the first and then finds nothing to do; whoever dies half-way leaves nothing.
    """
    now = timezone.now()
    claimed = (
        FigureEntry.objects.pending()
        .filter(pk=pk)
        .update(
            applied_at=now,
            state=JobState.READY,
            finished_at=now,
            attempts=F("attempts") + 1,
            lease_until=None,
            error="",
        )
    )
    if not claimed:
        return False
    entry = FigureEntry.objects.get(pk=pk)
    facts = AuditFacts.objects.select_related("result").get(
        audit=entry.audit_id, revision=entry.revision
    )
    requirements = dict(
        Requirement.objects.filter(standard=facts.standard_id).values_list("code", "pk")
    )
    places, sign = facts.places, entry.sign
    judgements = [
        (requirements[outcome[0]], *(sign * getattr(tally([outcome]), name) for name in COUNTS))
        for outcome in facts.result.inputs["outcomes"]
    ]
    grade = tuple(sign if letter == facts.grade else 0 for letter in counting.GRADES)
    days = [(step.value, value, sign) for step, value in facts.days.items()]
    # The counters first: the row of facts is written under their lock (see `rebuild`).
    counting.add(counting.JUDGEMENTS, places, facts.standard_id, judgements)
    counting.add(counting.GRADE_COUNTS, places, facts.standard_id, [grade])
    counting.add(counting.DAYS, places, facts.standard_id, days)
    AuditFacts.objects.filter(pk=facts.pk).update(counted=F("counted") + sign)
    return True


def note_failure(pk: UUID | str, error: str) -> None:
    """Keep why an entry could not be counted and let it be tried again later."""
    claim = FigureEntry.objects.claim(pk)
    if claim is not None:
        FigureEntry.objects.fail(claim, error)


@transaction.atomic
def rebuild() -> None:
    """Compute every counter anew from the ledger, the facts and the frozen answers.

    Entries that are not applied yet stay so; workers wait for the end and go on from there.
    """
    counting.lock_counters()
    counting.settle_facts()
    for table in counting.TABLES:
        counting.recount(table)


def differences(limit: int = 50) -> list[Difference]:
    """Return up to `limit` rows of each table that are not what a rebuild would give."""
    return uncounted(limit) + wrong_counters(limit)


def uncounted(limit: int = 50) -> list[Difference]:
    """Return rows of facts that are counted otherwise than the ledger says."""
    return [
        Difference("AuditFacts", f"{number} {revision}", {"counted": excess})
        for number, revision, excess in counting.unsettled(limit)
    ]


def wrong_counters(limit: int = 50, only: tuple[str, str] | None = None) -> list[Difference]:
    """Return up to `limit` wrong rows of each table of counters, in all places or in one."""
    return [
        Difference(
            table.model.__name__,
            " ".join(str(value) for value in row[: len(table.keys)]),
            {
                name: int(value)
                for name, value in zip(table.counts, row[len(table.keys) :], strict=True)
                if value
            },
        )
        for table in counting.TABLES
        for row in counting.compare(table, limit, only)
    ]
