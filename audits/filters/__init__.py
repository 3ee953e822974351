"""What lists of the console can be narrowed to, and in which order they come."""

from __future__ import annotations

from audits.filters.auditors import AuditorFilter
from audits.filters.audits import AuditFilter, BoardFilter
from audits.filters.changes import ChangeFilter
from audits.filters.contested import AlertFilter, AppealFilter
from audits.filters.corrections import CorrectionFilter, CorrectionOverviewFilter
from audits.filters.outbox import OutboxFilter
from audits.filters.records import RecordFilter
from audits.filters.results import ResultFilter
from audits.filters.suppliers import DuplicateFilter, SupplierFilter

__all__ = [
    "AlertFilter",
    "AppealFilter",
    "AuditFilter",
    "AuditorFilter",
    "BoardFilter",
    "ChangeFilter",
    "CorrectionFilter",
    "CorrectionOverviewFilter",
    "DuplicateFilter",
    "OutboxFilter",
    "RecordFilter",
    "ResultFilter",
    "SupplierFilter",
]
