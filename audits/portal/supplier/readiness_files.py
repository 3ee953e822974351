"""The readiness guide with the self-check as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, pgettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.services.readiness import Line
    from ui.tables import Value


def header() -> list[Value]:
    """Return the columns of the file."""
    return [
        _("Category"), _("Code"), _("Requirement"), _("What is asked"), _("Severity"),
        _("Wording"), _("Legal basis"), _("Documents to have ready"), _("Self-check"),
        _("Why it does not apply"), _("Note to ourselves"), _("Answered at"),
    ]  # fmt: skip


def rows(lines: list[Line]) -> Iterator[list[Value]]:
    """Yield a row for each line."""
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
