"""From findings to the cells of the weave."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ui.charts import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from audits.models import Audit, Finding
    from audits.models.findings import FindingQuerySet


def cells(
    findings: Iterable[Finding],
    url: Callable[[Finding], str] | None = None,
    current: str = "",
) -> list[Cell]:
    """Return one cell per finding (given in order, with requirement and category loaded)."""
    return [
        Cell(
            code=finding.requirement.code,
            category=str(finding.requirement.category.number),
            title=str(finding.requirement.title),
            judgement=finding.judgement,
            severity=finding.effective_severity,
            url=url(finding) if url else None,
            current=finding.requirement.code == current,
        )
        for finding in findings
    ]


def strips(audits: Iterable[Audit], visible: FindingQuerySet) -> dict[UUID, list[Cell]]:
    """Return the cells of each audit of a list in one query; only findings in `visible`."""
    rows = (
        visible.filter(audit__in=[audit.pk for audit in audits])
        .order_by("audit", "requirement__order")
        .values_list(
            "audit",
            "requirement__code",
            "requirement__category__number",
            "judgement",
            "severity",
            "requirement__severity",
        )
    )
    found: dict[UUID, list[Cell]] = defaultdict(list)
    for audit, code, category, judgement, severity, usual in rows:
        graded = (severity or usual) if judgement == "nonconforming" else ""
        found[audit].append(
            Cell(code=code, category=str(category), title="", judgement=judgement, severity=graded)
        )
    return found
