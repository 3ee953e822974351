"""The clocks of the scheme: what happens by itself when a day comes; each is a named function."""

from __future__ import annotations

from audits.services.clocks import audits
from audits.services.clocks.registry import CLOCKS

__all__ = ["CLOCKS", "audits"]
