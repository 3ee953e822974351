"""Versions of the audit standard with their categories, requirements and clauses."""

from __future__ import annotations

from audits.standards.models.category import Category
from audits.standards.models.clause import Clause
from audits.standards.models.immutable import ImmutableStandardError
from audits.standards.models.mapping import RequirementMapping
from audits.standards.models.requirement import Requirement
from audits.standards.models.standard import Standard

__all__ = [
    "Category",
    "Clause",
    "ImmutableStandardError",
    "Requirement",
    "RequirementMapping",
    "Standard",
]
