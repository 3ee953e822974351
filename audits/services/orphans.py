"""Files that no row names: left by a process that ended between a file and its row."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.core.files.storage import default_storage

from audits.models import Audit, Evidence, SuppliedFile, Upload
from audits.services.storing import discard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

log = structlog.get_logger(__name__)

# Longer than any request: a file is there before its row. And long enough for an operator who has
# gone back to an older database to go forward again.
KEPT_FOR = timedelta(days=7)


def remove_orphans(now: datetime) -> int:
    """Remove the files of audits and uploads that no row has named for a week; return how many.

    None of them ever was evidence, so they are told in the log and not in an audit's record. Files
    of an audit that the database does not know are left alone: then it is the wrong database.
    """
    orphans = [
        name for name in _unnamed() if default_storage.get_modified_time(name) < now - KEPT_FOR
    ]
    for name in orphans:
        log.warning("orphan_removed", name=name)
    discard(orphans)
    return len(orphans)


def _unnamed() -> Iterator[str]:
    for key, files in _folders("evidence"):
        if Audit.objects.filter(pk=key).exists():
            rows = Evidence.objects.filter(audit=key).values_list("file", "thumbnail")
            yield from files - {name for row in rows for name in row}
    for key, files in _folders("documents"):
        if Audit.objects.filter(pk=key).exists():
            yield from files - set(
                SuppliedFile.objects.filter(audit=key).values_list("file", flat=True)
            )
    for key, files in _folders("uploads"):
        parts = Upload.objects.filter(pk=key).values_list("parts", flat=True)
        yield from files - {name for row in parts for name in row}


def _folders(place: str) -> Iterator[tuple[UUID, set[str]]]:
    """Yield each folder of a place that is called by an id, with the names of its files."""
    for folder in _listed(place)[0]:
        try:
            key = UUID(folder)
        except ValueError:
            continue
        yield key, {f"{place}/{folder}/{name}" for name in _listed(f"{place}/{folder}")[1]}


def _listed(place: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(place)
    except FileNotFoundError:
        return [], []
