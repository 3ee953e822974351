"""Identifiers: UUID version 7, so that keys are unguessable and still sort by time of creation."""

from __future__ import annotations

import uuid

import uuid_utils.compat


def uuid7() -> uuid.UUID:
    """Return a new UUID v7 (RFC 9562)."""
    return uuid_utils.compat.uuid7()
