"""Models of the room, one file per noun."""

from __future__ import annotations

from audits.auditors.models.auditors import Auditor, Qualification
from audits.auditors.models.engagements import Engagement

__all__ = ["Auditor", "Engagement", "Qualification"]
