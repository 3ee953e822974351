"""The clocks of the scheme: what happens by itself when a day comes; each is a named function."""

from __future__ import annotations

from audits.services.clocks import (
    alerts as alerts,
    auditors as auditors,
    audits as audits,
    changes as changes,
    corrections as corrections,
    deadlines as deadlines,
    escalations as escalations,
    facts as facts,
    offers as offers,
    results as results,
    standards as standards,
)
from audits.services.clocks.registry import CLOCKS as CLOCKS
