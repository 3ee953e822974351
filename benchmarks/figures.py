"""Figures of a small and a large scheme: what one more issue costs, the dashboard, and a rebuild.

1,000 audits, then 10,000 on SQLite or 100,000 on PostgreSQL (DATABASE_URL); FIGURES_AUDITS=100,500
measures other sizes. Ratios are within one run; the goals are those of one quiet core.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit
from audits.terms import Status
from benchmarks.measuring import Measured, queries, timed
from reports.demo.audits import standard_of
from reports.load.making import make_load
from reports.models import AuditFacts, Figure, FigureEntry
from reports.services import figures
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

SMALL, LARGE = 1_000, {"sqlite": 10_000, "postgresql": 100_000}
DASHBOARD_MS, DASHBOARD_QUERIES = 150, 25
REQUIREMENTS = 84


def measure(runs: int) -> Measured:
    """Measure at both sizes, in one database that grows."""
    standard = standard_of(timezone.localdate())
    scheme = Scheme()
    # Stays the next one to be counted: each measured counting of it is taken back.
    waiting = FigureEntry.objects.get(audit=audit_at(Status.ISSUED, scheme))
    found: dict[str, Any] = {}
    small, large = sizes()
    for size in (small, large):
        began, there = time.perf_counter(), Audit.objects.count() - 1
        rows = make_load(audits=size - there, seed=1, standard=standard, tell=partial(_say, size))
        took = time.perf_counter() - began
        found[f"made, {size:,} audits"] = {
            "seconds": round(took, 1),
            "rows_a_second": round(rows / took),
        }
        found[f"one more issue, {size:,} audits"] = _one(counting(waiting), runs)
        found[f"dashboard of the owner, {size:,} audits"] = _one(opening(scheme.owner), runs)
        found[f"rebuild, {size:,} audits"] = rebuilding()
        found[f"differences, {size:,} audits"] = comparing()
    issue, page = (
        f"{what}, {{:,}} audits" for what in ("one more issue", "dashboard of the owner")
    )
    there = found[page.format(large)]
    return Measured(
        runs,
        found,
        {
            f"{what} of one more issue, {large:,} to {small:,} audits; goal 1.3": round(
                found[issue.format(large)][key] / found[issue.format(small)][key], 2
            )
            for what, key in (("time", "median_ms"), ("CPU", "cpu_ms"), ("queries", "queries"))
        }
        | {
            f"dashboard to {DASHBOARD_MS} ms; goal 1": round(there["median_ms"] / DASHBOARD_MS, 2),
            f"dashboard to {DASHBOARD_QUERIES} queries; goal 1": round(
                there["queries"] / DASHBOARD_QUERIES, 2
            ),
        },
    )


def sizes() -> tuple[int, int]:
    """Return how many audits the small and the large scheme have."""
    if asked := os.environ.get("FIGURES_AUDITS"):
        small, large = sorted(int(size) for size in asked.split(","))
        return small, large
    return SMALL, LARGE[connection.vendor]


def _one(work: Callable[[], Any], runs: int) -> dict[str, Any]:
    return {**timed(work, runs), "queries": queries(work)}


def counting(entry: FigureEntry) -> Callable[[], object]:
    """Freeze the facts of a result and count it; each time is taken back."""
    facts = AuditFacts.objects.select_related("result").get(
        audit=entry.audit_id, revision=entry.revision
    )

    def work() -> None:
        with transaction.atomic():
            figures.facts_of(facts.result)
            assert figures.apply_entry(entry.pk)  # noqa: S101  a refusal is quick
            transaction.set_rollback(True)

    return work


def opening(user: User) -> Callable[[], object]:
    """Open the dashboard, as a whole request."""
    client = Client(headers={"accept-language": "ja"})
    client.force_login(user)

    def work() -> None:
        answer = client.get(reverse("console:home"))
        assert answer.status_code == 200, answer.status_code  # noqa: S101  as above

    return work


def rebuilding() -> dict[str, Any]:
    """Compute all counters anew, once."""
    began = time.perf_counter()
    figures.rebuild()
    took = time.perf_counter() - began
    findings = REQUIREMENTS * AuditFacts.objects.counted().count()
    return {"seconds": round(took, 2), "findings_a_second": round(findings / took)}


def comparing() -> dict[str, Any]:
    """Count wrong rows after a rebuild, and after one was made wrong, which is put right again."""
    began = time.perf_counter()
    after_rebuild = len(figures.differences())
    took = time.perf_counter() - began
    row = Figure.objects.filter(dimension="month").order_by("pk")[:1].get()
    one = Figure.objects.filter(pk=row.pk)
    one.update(conforming=F("conforming") + 1)
    planted = len(figures.differences())
    one.update(conforming=F("conforming") - 1)
    return {"seconds": round(took, 2), "after_rebuild": after_rebuild, "with_one_planted": planted}


def _say(size: int, done: int, rows: int) -> None:
    print(f"  … {done:,} of {size:,} audits, {rows:,} rows", file=sys.stderr, flush=True)
