"""Models of the room, one file per noun."""

from __future__ import annotations

from accounts.models.designations import Designation
from accounts.models.invitations import Invitation
from accounts.models.notices import Notice
from accounts.models.organisations import Membership, Organisation
from accounts.models.records import ChainEntry, OrganisationEvent
from accounts.models.users import User

__all__ = [
    "ChainEntry",
    "Designation",
    "Invitation",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationEvent",
    "User",
]
