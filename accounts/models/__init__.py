"""Models of the room, one file per noun."""

from __future__ import annotations

from accounts.models.designations import Designation
from accounts.models.organisations import Membership, Organisation
from accounts.models.users import User

__all__ = ["Designation", "Membership", "Organisation", "User"]
