"""Models of the room, one file per noun."""

from __future__ import annotations

from suppliers.models.duplicates import DuplicateProposal, DuplicateSearch
from suppliers.models.former_names import FormerName
from suppliers.models.sharing import SharingGrant
from suppliers.models.sites import Site, SiteProfile
from suppliers.models.suppliers import Supplier

__all__ = [
    "DuplicateProposal",
    "DuplicateSearch",
    "FormerName",
    "SharingGrant",
    "Site",
    "SiteProfile",
    "Supplier",
]
