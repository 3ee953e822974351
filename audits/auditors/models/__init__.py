"""Models of the room, one file per noun."""

from __future__ import annotations

from audits.auditors.models.auditors import Absence, Auditor, Qualification
from audits.auditors.models.engagements import Engagement

__all__ = ["Absence", "Auditor", "Engagement", "Qualification"]
