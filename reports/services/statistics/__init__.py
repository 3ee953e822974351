"""Figures of any selection of issued results, for the statistics explorer."""

from __future__ import annotations

from reports.services.statistics.selection import Selection
from reports.services.statistics.summaries import Part, Summary, summaries, summary

__all__ = ["Part", "Selection", "Summary", "summaries", "summary"]
