"""The scheme as a whole: site after site, written in batches of bounded size."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone, translation

from audits.models import Audit, Finding, SchemeSettings
from audits.terms import Judgement, Method
from reports.load.afterwards import Afterwards, Told
from reports.load.industry import Rules
from reports.load.numbering import Numbers
from reports.load.people import Register
from reports.load.visits import DAYS, History, Visit
from reports.load.writing import write, write_values
from reports.services import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from django.db.models import Model

    from audits.standards.models import Standard
    from reports.load.people import Place

# Audits written in one transaction: so much is held in memory, whatever the size of the scheme.
BATCH = 250
FINDING = (
    "audit_id", "requirement_id", "judgement", "severity", "methods", "report_text", "reason",
    "preset", "version", "changed_by_id", "changed_at",
)  # fmt: skip
METHODS = [Method.DOCUMENT.value, Method.OBSERVATION.value]


def make_load(
    *, audits: int, seed: int, standard: Standard, tell: Callable[[int, int], object]
) -> int:
    """Add so many issued audits with everything that follows from them; return the rows written.

    The same seed gives the same rows on the same day, in a database that holds the same. Each batch
    is written whole or not at all; the counters are computed at the end. `tell` is called with the
    audits and rows so far.
    """
    rng = Random(f"{seed} {Audit.objects.count()}")  # noqa: S311  repeatable, guards nothing
    today = timezone.localdate()
    rules, settings, numbers = Rules(standard), SchemeSettings.objects.current(), Numbers()
    # The first have been in the scheme since a year before the first result.
    register = Register(rng, today - timedelta(days=DAYS + 365))
    history = History(rng, rules, settings, numbers, today)
    afterwards = Afterwards(rng, rules, settings, today)
    places = register.places(register.bodies(audits, standard))
    done = rows = 0
    # What is kept as text, such as reasons, is kept in the scheme's language.
    with translation.override("ja"):
        for visits in _batches(places, history, audits):
            told = [afterwards.of(of_site) for of_site in visits]
            batch = [visit for of_site in visits for visit in of_site]
            with transaction.atomic():
                rows += _write_mixed(register.take()) + _write(batch, told)
                numbers.keep()
            done += len(batch)
            tell(done, rows)
    figures.rebuild()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # It does so by itself after a while; until then it plans for tables that are empty.
            cursor.execute("ANALYZE")
    return rows


def _batches(places: Iterator[Place], history: History, audits: int) -> Iterator[list[list[Visit]]]:
    """Yield the audits of some sites, each site's for itself, until there are enough."""
    left = audits
    while left:
        batch: list[list[Visit]] = []
        wanted = min(left, BATCH)
        while wanted:
            batch.append(history.of(next(places), wanted))
            wanted -= len(batch[-1])
            left -= len(batch[-1])
        yield batch


def _write(visits: list[Visit], told: list[Told]) -> int:
    rows = write([visit.audit for visit in visits])
    rows += write([member for visit in visits for member in visit.team])
    rows += write_values(Finding, FINDING, _findings(visits))
    rows += write([visit.result for visit in visits])
    rows += write([row for each in told for row in each.events])
    rows += write([row for each in told for row in each.facts])
    rows += write([row for each in told for row in each.entries])
    keys = {
        (audit, requirement): pk
        for pk, audit, requirement in Finding.objects.filter(
            audit__in=[visit.audit.pk for visit in visits], judgement=Judgement.NONCONFORMING
        ).values_list("pk", "audit", "requirement")
    }
    corrections = [row for each in told for row in each.corrections]
    for row in corrections:
        row.finding_id = keys[row.finding.audit_id, row.finding.requirement_id]
    return rows + write(corrections)


def _findings(visits: Iterable[Visit]) -> Iterator[tuple[Any, ...]]:
    for visit in visits:
        lead, written_at = visit.team[0].auditor.user_id, visit.audit.finished_at
        for row in visit.judged:
            applies = row.judgement != Judgement.NOT_APPLICABLE
            unmet = row.judgement == Judgement.NONCONFORMING
            yield (
                visit.audit.pk,
                row.rule.requirement.pk,
                row.judgement,
                row.severity,
                METHODS if applies else [],
                row.rule.text if unmet else "",
                row.reason,
                not applies,
                2 if applies else 1,
                lead if applies else None,
                written_at,
            )


def _write_mixed(rows: list[Model]) -> int:
    """Write rows of several models, each model's at once."""
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
    return sum(write(some) for some in by_model.values())
