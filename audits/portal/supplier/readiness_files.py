"""The readiness guide with the self-check as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _, pgettext

from ui.tables import as_csv, as_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from audits.services.readiness import Line
    from ui.tables import Value


def as_file(lines: list[Line], kind: str) -> HttpResponseBase:
    """Return the lines as a download, `kind` is "csv" or "xlsx"."""
    header = [
        _("Category"), _("Code"), _("Requirement"), _("What is asked"), _("Severity"),
        _("Wording"), _("Legal basis"), _("Documents to have ready"), _("Self-check"),
        _("Why it does not apply"), _("Note to ourselves"), _("Answered at"),
    ]  # fmt: skip
    name = f"orime-readiness-{timezone.localdate():%Y%m%d}"
    rows = _rows(lines)
    if kind == "csv":
        return as_csv(f"{name}.csv", header, rows)
    return as_xlsx(f"{name}.xlsx", header, rows)


def _rows(lines: list[Line]) -> Iterator[list[Value]]:
    between = pgettext("between codes", ", ")
    for line in lines:
        row = line.requirement
        yield [
            f"{row.category.number} {row.category.name}",
            row.code,
            row.title,
            row.text,
            row.get_severity_display(),
            row.get_provenance_display(),
            row.legal_basis,
            between.join(paper.name for paper in line.papers),
            line.answer.label,
            line.reason,
            line.given.note,
            line.changed_at,
        ]
