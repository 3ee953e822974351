"""The contents of a standard as plain data, and their fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category; `number` is 1 to 9."""

    number: int
    name_ja: str
    name_en: str
    order: int


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One requirement; `category` is the number of its category, `condition` blank when it always applies."""

    code: str
    category: int
    order: int
    subcategory: str
    title_ja: str
    title_en: str
    text_ja: str
    text_en: str
    guidance_ja: str
    guidance_en: str
    evidence_hint_ja: str
    evidence_hint_en: str
    legal_basis: str
    severity: str
    condition: str
    provenance: str
    source: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause; `requirement` is the code of the requirement it belongs to."""

    code: str
    requirement: str
    order: int
    text_ja: str
    text_en: str
    condition: str
    provenance: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything of a version that an audit relies on."""

    version: str
    title_ja: str
    title_en: str
    effective_on: date
    official: bool
    grading: dict[str, Any]
    categories: tuple[CategoryRow, ...]
    requirements: tuple[RequirementRow, ...]
    clauses: tuple[ClauseRow, ...]

    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal over a canonical JSON form; equal contents give equal fingerprints."""
        canonical = json.dumps(
            asdict(self),
            default=date.isoformat,
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()
