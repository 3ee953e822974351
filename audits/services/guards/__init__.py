"""The guards of the moves: each yields a sentence, with the way out, for every obstacle it sees."""

from __future__ import annotations

from audits.services.guards import application, decision, designations, team, visit
from audits.services.guards.registry import GUARDS
from audits.services.guards.visit import changed_since, sign_gaps, visit_gaps

__all__ = [
    "GUARDS",
    "application",
    "changed_since",
    "decision",
    "designations",
    "sign_gaps",
    "team",
    "visit",
    "visit_gaps",
]
