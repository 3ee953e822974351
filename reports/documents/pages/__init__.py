"""From a snapshot to what the templates print, in the order of the pages."""

from __future__ import annotations

from reports.documents.pages.context import context_of as context_of
