"""Reading every printed paper again and again: is it there, and is it what was printed?"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.core.files.storage import default_storage
from django.db.models import Count, Min
from django.utils import timezone

from reports.models import Remaking
from reports.services.papers import PAPERS
from reports.services.printing import UNFINISHED, digest_at, report_damage
from reports.terms import JobState

if TYPE_CHECKING:
    from datetime import datetime

    from reports.models.papers import Paper

log = structlog.get_logger(__name__)

AT_ONCE = 100
# More open repairs than this are no rot of single files but a disk that is not there, and making
# everything again in its place would help nobody.
MOST_REPAIRS = 200
LEFT_FOR = timedelta(days=1)


@dataclass
class Checked:
    """How many papers of each kind were read, and the damaged ones with the hash found, if any."""

    read: dict[str, int] = field(default_factory=dict)
    damaged: list[tuple[Paper, str]] = field(default_factory=list)


def check_slice(*, before: datetime, seconds: float) -> Checked:
    """Read papers that were not checked since `before`, the longest first, for so many seconds.

    Damaged ones are made again. Stops when more repairs are open than single accidents explain.
    """
    stop = time.monotonic() + seconds
    found = Checked()
    while time.monotonic() < stop and (rows := _stalest(before)):
        if Remaking.objects.repairs().open().count() >= MOST_REPAIRS:
            log.error("papers_damaged_in_masses", open=MOST_REPAIRS)
            break
        for row, digest in check(rows, found):
            repair(row, digest)
    return found


def repair(row: Paper, digest: str) -> None:
    """Have a damaged paper made again, once more if that failed before."""
    asked = report_damage(row, digest)
    Remaking.objects.requeue(asked.pk)


def check(rows: Iterable[Paper], found: Checked) -> list[tuple[Paper, str]]:
    """Read the files of some papers of one kind; return the damaged ones and note all in `found`."""
    damaged, read = [], []
    for row in rows:
        digest = digest_at(str(row.file.name))
        read.append(row)
        if digest != row.sha256:
            damaged.append((row, digest))
    if read:
        kind = type(read[0])
        kind.jobs().filter(pk__in=[row.pk for row in read]).update(checked_at=timezone.now())
        found.read[kind.label()] = found.read.get(kind.label(), 0) + len(read)
    found.damaged += damaged
    return damaged


def check_all() -> Checked:
    """Read every paper of every kind, whenever it was read before."""
    found = Checked()
    for kind in PAPERS:
        found.read[kind.label()] = 0
        keys = list(kind.jobs().filter(state=JobState.READY).values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            check(kind.jobs().filter(pk__in=keys[start : start + AT_ONCE]), found)
    return found


@dataclass(frozen=True)
class Round:
    """How many files of a kind are kept, and when the one not read for longest was read."""

    kind: str
    papers: int
    oldest: datetime | None


def rounds() -> list[Round]:
    """Return how far the nightly round is, for each kind."""
    found = []
    for kind in PAPERS:
        rows = kind.jobs().filter(state=JobState.READY)
        facts = rows.aggregate(n=Count("pk"), oldest=Min("checked_at"))
        found.append(Round(kind.noun(), facts["n"], facts["oldest"]))
    return found


def _stalest(before: datetime) -> list[Paper]:
    """Return the next papers to read: of the kind in which one waits for longest."""
    heads = []
    for kind in PAPERS:
        rows = (
            kind.jobs().filter(state=JobState.READY, checked_at__lt=before).order_by("checked_at")
        )
        if oldest := rows.values_list("checked_at", flat=True).first():
            heads.append((oldest, rows))
    if not heads:
        return []
    return list(min(heads, key=lambda head: head[0])[1][:AT_ONCE])


def remove_unfinished(now: datetime) -> int:
    """Remove what killed workers left half-written; return how many files."""
    try:
        names = default_storage.listdir(UNFINISHED)[1]
    except FileNotFoundError:
        return 0
    paths = [f"{UNFINISHED}/{name}" for name in names]
    old = [path for path in paths if default_storage.get_modified_time(path) < now - LEFT_FOR]
    for path in old:
        default_storage.delete(path)
    return len(old)
