"""Freezing what was issued, and printing it: each report once, however often it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.models import Audit, Evidence
from audits.terms import EvidenceClass, ResultStatus
from reports import policies
from reports.models import Report, Snapshot
from reports.services.printing import Printed, Renew, frozen_text
from reports.snapshot import SCHEMA_VERSION, build_snapshot, canonical, fingerprint
from reports.terms import ReportLanguage

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Result

log = structlog.get_logger(__name__)


# (snapshot, language, pictures by evidence id, called between its steps) → PDF
Typesetter = Callable[[dict[str, Any], str, dict[str, bytes], Renew], Printed]


@transaction.atomic
def freeze(*, audit: Audit, result: Result) -> Snapshot:
    """Keep what the report of a result says; what was frozen already stays as it is."""
    existing = Snapshot.objects.filter(audit=audit, revision=result.revision).first()
    if existing:
        return existing
    text = canonical(build_snapshot(audit, result))
    return Snapshot.objects.create(
        audit=audit,
        revision=result.revision,
        schema_version=SCHEMA_VERSION,
        content=text,
        sha256=fingerprint(text),
    )


@transaction.atomic
def request_report(*, audit: Audit, language: str) -> Report:
    """Return the report of the audit's newest revision in a language, made if it is not there.

    Raises ValidationError before the result is issued.
    """
    result = audit.results.order_by("-revision").first()
    if result is None:
        raise ValidationError(
            _("The result has not been issued yet; until then there is only a draft."),
            code="not_issued",
        )
    snapshot = freeze(audit=audit, result=result)
    report, created = Report.objects.get_or_create(
        audit=audit,
        revision=snapshot.revision,
        language=ReportLanguage(language),
        defaults={"snapshot": snapshot},
    )
    if created:
        # One in both languages is printed only when asked for: any newer report replaces it.
        Report.objects.filter(
            Q(language=language) | Q(language=ReportLanguage.BOTH),
            audit=audit,
            revision__lt=report.revision,
            superseded_by=None,
        ).update(superseded_by=report, updated_at=timezone.now())
    return report


def print_report(report: Report, typeset: Typesetter, renew: Renew) -> Printed:
    """Return the report of what was frozen; ValidationError when that was changed."""
    data = json.loads(frozen_text(report.snapshot))
    return typeset(data, report.language, pictures_of(report.audit, data), renew)


def pictures_of(audit: Audit, data: dict[str, Any]) -> dict[str, bytes]:
    """Return the small pictures that a snapshot refers to, by evidence id.

    Only what is still marked as public is read; a picture that is missing is left out and the
    report says so in its place.
    """
    wanted = {
        row["id"]
        for finding in data["findings"]
        for row in finding["evidence"]
        if row.get("picture")
    }
    pictures = {}
    rows = Evidence.objects.filter(
        audit=audit, pk__in=wanted, evidence_class=EvidenceClass.PUBLIC
    ).filter(media_type__startswith="image/")
    for row in rows:
        try:
            # A small picture that could not be made is no reason to leave the picture out.
            with (row.thumbnail or row.file).open("rb") as file:
                pictures[str(row.pk)] = file.read()
        except FileNotFoundError:
            log.warning("picture_missing", evidence=str(row.pk))
    return pictures


def retry_report(*, actor: User, report: Report) -> Report:
    """Print a failed report again; nothing happens to one that has not failed.

    Raises PermissionDenied unless the actor runs the scheme, the secretariat or the body.
    """
    if not policies.retries_reports(actor, report.audit):
        raise PermissionDenied
    Report.objects.requeue(report.pk)
    report.refresh_from_db()
    return report


@transaction.atomic
def mark_withdrawn(*, audit: Audit) -> int:
    """Mark the reports of an audit that was declared void; return how many."""
    if audit.results.filter(status=ResultStatus.VALID).exists():
        return 0
    now = timezone.now()
    reports = Report.objects.filter(audit=audit, withdrawn_at=None)
    return reports.update(withdrawn_at=now, updated_at=now)
