"""Printing all reports of a year again: started, paused and resumed by the scheme owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Organisation
from accounts.services.records import record
from accounts.terms import Kind
from accounts.timeline import ACTS
from reports.models import Remaking, Report, Reprint
from reports.template_versions import REPORT
from reports.terms import JobState, RemakingCause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

STARTED, PAUSED, RESUMED, RETRIED = (
    "reprint_started",
    "reprint_paused",
    "reprint_resumed",
    "reprint_retried",
)
ACTS[STARTED] = _("Reports of a year printed again")
ACTS[PAUSED] = _("Printing again paused")
ACTS[RESUMED] = _("Printing again resumed")
ACTS[RETRIED] = _("Failed reports of a year tried again")
AT_ONCE = 1000
UNFINISHED = (JobState.QUEUED, JobState.RUNNING, JobState.HELD)


@dataclass(frozen=True)
class Year:
    """How many printed reports were issued in a year, and how many look as they would today."""

    year: int
    reports: int
    current: int

    @property
    def outdated(self) -> int:
        """Return how many would be printed again."""
        return self.reports - self.current


def years() -> list[Year]:
    """Return the years in which reports were issued, newest first, by one query.

    Withdrawn and replaced reports count too: they stay readable.
    """
    rows = (
        Report.objects.ready()
        .annotate(year=ExtractYear("snapshot__created_at"))
        .order_by()
        .values("year")
        .annotate(n=Count("pk"), current=Count("pk", filter=Q(template_version=REPORT)))
        .order_by("-year")
    )
    return [Year(row["year"], row["n"], row["current"]) for row in rows]


def start(*, actor: User, year: int) -> Reprint:
    """Begin to print the reports of a year again that are not in the current template version.

    Raises ValidationError when there are none, and while another batch is not done.
    """
    _owner_only(actor)
    try:
        with transaction.atomic():
            _close()
            batch = Reprint.objects.create(year=year, template_version=REPORT, started_by=actor)
            count = 0
            for items in _items(batch):
                Remaking.objects.bulk_create(items)
                count += len(items)
            if not count:
                raise ValidationError(
                    _("Every report of this year is in the current template version already.")
                )
            _record(actor, batch, STARTED, count=count)
    except IntegrityError as error:
        raise ValidationError(
            _("Another year is being printed again. Wait until it is done."), code="running"
        ) from error
    return batch


def _close() -> None:
    """Let go of the batch of which nothing waits any more."""
    waiting = Remaking.objects.filter(batch=OuterRef("pk"), state__in=UNFINISHED)
    Reprint.objects.filter(~Exists(waiting), open=True).update(open=False)


def _items(batch: Reprint) -> Iterator[list[Remaking]]:
    rows = Report.objects.ready().filter(snapshot__created_at__year=batch.year)
    rows = rows.exclude(template_version=batch.template_version)
    rows = rows.select_related("audit").order_by("snapshot__created_at", "pk")
    rows = rows.only("revision", "language", "sha256", "template_version", "audit__number")
    items: list[Remaking] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        items.append(
            Remaking(
                kind=Report.label(),
                paper=row.pk,
                name=row.file_name,
                cause=RemakingCause.BATCH,
                batch=batch,
                before_sha256=row.sha256,
                before_version=row.template_version,
            )
        )
        if len(items) == AT_ONCE:
            yield items
            items = []
    if items:
        yield items


@transaction.atomic
def pause(*, actor: User, batch: Reprint) -> None:
    """Keep back what waits; what is being printed is printed to its end."""
    _owner_only(actor)
    if Reprint.objects.filter(pk=batch.pk, paused_at=None).update(paused_at=timezone.now()):
        Remaking.objects.filter(batch=batch).hold()
        _record(actor, batch, PAUSED)


@transaction.atomic
def resume(*, actor: User, batch: Reprint) -> None:
    """Go on with what was kept back."""
    _owner_only(actor)
    if Reprint.objects.filter(pk=batch.pk).exclude(paused_at=None).update(paused_at=None):
        Remaking.objects.filter(batch=batch).release()
        _record(actor, batch, RESUMED)


def retry(*, actor: User, batch: Reprint) -> int:
    """Try the failed reports of a batch again; return how many.

    Raises ValidationError while another batch is not done.
    """
    _owner_only(actor)
    try:
        with transaction.atomic():
            _close()
            Reprint.objects.filter(pk=batch.pk).update(open=True)
            failed = Remaking.objects.filter(batch=batch, state=JobState.FAILED)
            count = sum(Remaking.objects.requeue(pk) for pk in failed.values_list("pk", flat=True))
            Remaking.objects.filter(batch=batch, batch__paused_at__isnull=False).hold()
            if count:
                _record(actor, batch, RETRIED, count=count)
    except IntegrityError as error:
        raise ValidationError(
            _("Another year is being printed again. Wait until it is done."), code="running"
        ) from error
    return count


def _owner_only(actor: User) -> None:
    if not policies.administers_scheme(actor):
        raise PermissionDenied


def _record(actor: User, batch: Reprint, act: str, **facts: int) -> None:
    seats = policies.organisation_ids(actor, Kind.SCHEME_OWNER)
    record(
        organisation=Organisation.objects.filter(pk__in=seats).order_by("created_at", "pk")[0],
        actor=actor,
        act=act,
        payload={"year": batch.year, "template_version": batch.template_version, **facts},
    )
