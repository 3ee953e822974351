"""Models of the room, one file per noun."""

from __future__ import annotations

from reports.models.reads import ReadRecord

__all__ = ["ReadRecord"]
