"""Findings as Excel and Word, for those who go on working with them: copies, never the report.

They are made in the request: both cost less than the page that links to them may (about 60 ms for
84 findings, see benchmarks/findings_files.py), so nobody waits for a worker, and nothing is kept
that the frozen snapshot does not say already. The same snapshot gives the same bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string
from django.utils.translation import override

from reports.services.printing import frozen_text
from reports.terms import WorkingFormat
from reports.working_copies.contents import contents_of

if TYPE_CHECKING:
    from reports.models import Report

# Loaded only when it is used: the library for Word takes 20 MB in every process.
WRITERS = {
    WorkingFormat.EXCEL: "reports.working_copies.excel.write_excel",
    WorkingFormat.WORD: "reports.working_copies.word.write_word",
}
MEDIA_TYPES = {
    WorkingFormat.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    WorkingFormat.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def write_copy(report: Report, kind: WorkingFormat) -> bytes:
    """Return the working copy of a report's snapshot in its language; ValidationError if it changed.

    One in both languages has none: a cell holds one text.
    """
    snapshot = report.snapshot
    data = json.loads(frozen_text(snapshot))
    with override(report.language):
        contents = contents_of(data, snapshot.sha256, report.language)
        content: bytes = import_string(WRITERS[kind])(contents)
    return content


def copy_name(report: Report, kind: WorkingFormat) -> str:
    """Return the name of a copy, such as JASTI-2026-0412_r1_findings_ja.xlsx."""
    return f"{report.audit.number}_r{report.revision}_findings_{report.language}.{kind}"
