"""Merging suppliers, and sites, that turned out to be one: looked at first, then done at once."""

from __future__ import annotations

from audits.services.merging.looking import (
    FIELDS,
    Counts,
    counts_of,
    home_first,
    obstacles_of_sites,
    obstacles_of_suppliers,
    tied_by_merge,
)
from audits.services.merging.sites import merge_sites
from audits.services.merging.suppliers import merge_suppliers

__all__ = [
    "FIELDS",
    "Counts",
    "counts_of",
    "home_first",
    "merge_sites",
    "merge_suppliers",
    "obstacles_of_sites",
    "obstacles_of_suppliers",
    "tied_by_merge",
]
