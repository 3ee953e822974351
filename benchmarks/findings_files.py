"""Findings of a whole audit as Excel and Word: time and size, with short and with long texts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from audits.terms import Status
from benchmarks.measuring import Measured, timed
from reports.models import Report, Snapshot
from reports.snapshot import canonical, fingerprint
from reports.terms import WorkingFormat
from reports.working_copies import write_copy
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Iterator

# An ordinary finding, and the longest that a form takes.
LENGTHS = {"ordinary": 300, "longest": 10_000}
SENTENCE = "作業場の見取り図と現場を照合し、非常口の前に糸の箱が積まれているのを確認しました。"


def measure(runs: int) -> Measured:
    """Write the copies of an issued report of 84 findings in both languages."""
    audit = audit_at(Status.ISSUED, Scheme())
    figures: dict[str, Any] = {}
    for report in Report.objects.filter(audit=audit).select_related("audit", "snapshot"):
        for length, letters in LENGTHS.items():
            report.snapshot = _filled(report.snapshot, letters)
            figures |= dict(_copies(report, length, runs))
    return Measured(runs, figures)


def _filled(snapshot: Snapshot, letters: int) -> Snapshot:
    """Return a snapshot, kept nowhere, in which every finding has a text of so many letters."""
    data = snapshot.data
    for row in data["findings"]:
        row["report_text"] = (SENTENCE * (letters // len(SENTENCE) + 1))[:letters]
    text = canonical(data)
    return Snapshot(content=text, sha256=fingerprint(text), revision=snapshot.revision)


def _copies(report: Report, length: str, runs: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in WorkingFormat:
        write = partial(write_copy, report, kind)
        yield (
            f"{kind.value}, {report.language}, {length} texts",
            {**timed(write, runs), "kB": round(len(write()) / 1000, 1)},
        )
