"""Freezing what was issued, and printing it: each report once, however often it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, gettext_noop

from audits.models import Audit, Evidence
from audits.terms import EvidenceClass, ResultStatus
from reports import policies
from reports.models import Claim, Job, Report, Snapshot
from reports.snapshot import SCHEMA_VERSION, build_snapshot, canonical, fingerprint
from reports.terms import ReportLanguage

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from audits.models import Result
    from reports.models.papers import Paper

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Printed:
    """A PDF as a typesetter returns it."""

    content: bytes
    pages: int
    template_version: str


# (snapshot, language, pictures by evidence id, called between its steps) → PDF
Typesetter = Callable[[dict[str, Any], str, dict[str, bytes], Callable[[], None]], Printed]


class LostClaimError(RuntimeError):
    """Another worker has taken the job over; what this one made is thrown away."""


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


def render(report_pk: UUID | str, *, typeset: Typesetter) -> bool:
    """Print one report if nobody else does; say whether this call made the file.

    A failure is kept with its reason and tried again later; it is not raised.
    """
    return carry_out(Report, report_pk, lambda claim: _print(claim, typeset))


def carry_out(model: type[Job], pk: UUID | str, make: Callable[[Claim], bool]) -> bool:
    """Do one job if nobody else does; say whether it is done. A failure is kept, not raised."""
    claim = model.jobs().claim(pk)
    if claim is None:
        return False
    try:
        return make(claim)
    except LostClaimError:
        log.warning("report_claim_lost", report=str(claim.pk), attempt=claim.attempt)
        return False
    except Exception as error:
        log.exception("report_failed", report=str(claim.pk), attempt=claim.attempt)
        model.jobs().fail(claim, failure_sentence(error))
        return False


def failure_sentence(error: Exception) -> str:
    """Return the reason that is kept: a sentence of ours, else on a second line what was raised.

    `Job.reason` translates the first line where it is shown.
    """
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    detail = f"{type(error).__name__}: {error}"[:500]
    return f"{PRINTING_FAILED}\n{detail}"


PRINTING_FAILED = gettext_noop("The report could not be printed.")


def _print(claim: Claim, typeset: Typesetter) -> bool:
    report = Report.objects.select_related("snapshot", "audit").get(pk=claim.pk)

    def renew() -> None:
        if not Report.objects.renew(claim):
            raise LostClaimError

    text = report.snapshot.content
    if fingerprint(text) != report.snapshot.sha256:
        raise ValidationError(_("The snapshot no longer is what was issued."))
    data = report.snapshot.data
    printed = typeset(data, report.language, pictures_of(report.audit, data), renew)
    return keep(claim, report, printed, updated_at=timezone.now())


def keep(claim: Claim, row: Paper, printed: Printed, **more: Any) -> bool:
    """Keep what was printed and finish its job; LostClaimError when somebody else has it by now."""
    jobs = type(row).jobs()
    if not jobs.renew(claim):
        raise LostClaimError
    return jobs.finish(
        claim,
        file=write_once(row, printed.content),
        sha256=hashlib.sha256(printed.content).hexdigest(),
        size=len(printed.content),
        pages=printed.pages,
        template_version=printed.template_version,
        **more,
    )


def write_once(row: Paper, content: bytes) -> str:
    """Keep the file under its hash and return its name; the same bytes are kept once.

    A file that a killed worker left half-written is replaced; one that is whole never is.
    """
    digest = hashlib.sha256(content).hexdigest()
    name: str = row.file.field.generate_filename(row, f"{digest}.{row.suffix}")
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            if hashlib.file_digest(kept, "sha256").hexdigest() == digest:
                return name
        default_storage.delete(name)
    saved = default_storage.save(name, ContentFile(content))
    if saved != name:
        default_storage.delete(saved)
        raise ValidationError(_("Another worker is writing the same report."))
    return name


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


def read_file(report: Paper) -> bytes:
    """Return the file of a ready paper; ValidationError when it is not what was printed."""
    try:
        with report.file.open("rb") as file:
            content = bytes(file.read())
    except (FileNotFoundError, ValueError) as error:
        raise ValidationError(_("The file of this report is missing.")) from error
    if hashlib.sha256(content).hexdigest() != report.sha256:
        raise ValidationError(_("The file of this report was changed and is not handed out."))
    return content


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
