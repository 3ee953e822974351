"""Submission sets: frozen when the supplier asks for one, made into one file by a worker."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.services.submitting import record_submission, why_not_submit
from reports.models import Report, Submission, SubmissionFile
from reports.services.printing import Printed, Renew, frozen_text, read_file, read_version
from reports.snapshot import canonical, fingerprint
from reports.snapshot.submissions import SCHEMA_VERSION, Answer, submission_of
from reports.terms import SubmissionPaper
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Result
    from reports.models import SubmissionTarget

# (which paper, what it says, language) → PDF
Typesetter = Callable[[str, dict[str, Any], str], Printed]
MANIFEST = "manifest"
MANIFEST_VERSION = 1


def report_for(result: Result, target: SubmissionTarget) -> Report | None:
    """Return the printed report that the target asks for, or None while there is none."""
    if not target.report_language:
        return None
    rows = Report.objects.ready().current().filter(audit=result.audit, revision=result.revision)
    return rows.filter(language=target.report_language).first()


def refusals(result: Result, target: SubmissionTarget) -> list[str]:
    """Return why the set cannot be made of this result for this target, as sentences."""
    said = [why_not_submit(result)]
    if not target.active:
        said.append(str(_("This target is no longer offered. Choose another one.")))
    if target.report_language and report_for(result, target) is None:
        said.append(str(_("The audit report is still being printed. Come back in a few minutes.")))
    return [sentence for sentence in said if sentence]


@transaction.atomic
def make_submission(
    *,
    actor: User,
    result: Result,
    target: SubmissionTarget,
    answers: Mapping[str, Answer],
    seen: int,
) -> SubmissionFile:
    """Freeze what is submitted of a result to a target, and record it; its file is made by a worker.

    `seen` is the version of the target that the person answered. Raises ValidationError when the
    result does not stand, or when the target asks for something else by now.
    """
    if not suppliers.manages(actor, result.audit.site.supplier):
        raise PermissionDenied
    pk, now = uuid7(), timezone.now()
    today = timezone.localdate(now)
    number = f"SB-{today:%Y%m%d}-{pk.hex[-8:].upper()}"
    result = record_submission(actor=actor, result=result, number=number, target=target.name_ja)
    if refused := refusals(result, target):
        raise ValidationError(refused)
    if seen != target.version:
        raise ValidationError(
            _("What this target asks for was changed in the meantime. Look at it again."),
            code="stale",
        )
    text = canonical(
        submission_of(
            result,
            target,
            answers,
            number=number,
            actor=actor,
            now=now,
            today=today,
            report=report_for(result, target),
        )
    )
    submission = Submission.objects.create(
        pk=pk,
        result=result,
        target=target,
        number=number,
        made_by=actor,
        schema_version=SCHEMA_VERSION,
        content=text,
        sha256=fingerprint(text),
        created_at=now,
    )
    return SubmissionFile.objects.create(submission=submission, language=target.cover_language)


def print_submission(row: SubmissionFile, typeset: Typesetter, _renew: Renew) -> Printed:
    """Return the set as one ZIP, with what lies in it as `members`."""
    submission = row.submission
    frozen_text(submission)
    data = submission.data
    language = {paper["paper"]: paper["language"] for paper in data["papers"]}
    statement = typeset(
        SubmissionPaper.STATEMENT, data["statement"] | _made(data), language["statement"]
    )
    enclosed = [
        _member(f"{data['number']}_2_statement_{language['statement']}.pdf", statement)
        | {"paper": SubmissionPaper.STATEMENT.value, "language": language["statement"]}
    ]
    contents = [statement.content]
    if data["report"]:
        content = _report(data["report"])
        enclosed.append(
            _member(f"{data['number']}_3_report_{data['report']['language']}.pdf", content)
            | {"paper": SubmissionPaper.REPORT.value, "language": data["report"]["language"]}
        )
        contents.append(content.content)
    # Last, because it names the others with their fingerprints; it lies on top.
    cover = typeset(SubmissionPaper.COVER, data | {"enclosed": enclosed}, language["cover"])
    members = [
        _member(f"{data['number']}_1_cover_{language['cover']}.pdf", cover)
        | {"paper": SubmissionPaper.COVER.value, "language": language["cover"]},
        *enclosed,
    ]
    files = dict(zip([each["name"] for each in members], [cover.content, *contents], strict=True))
    manifest = _manifest(submission, members)
    name = f"{data['number']}_{MANIFEST}.json"
    packed = zipped({**files, name: manifest}, datetime.fromisoformat(data["made_at"]))
    pages = sum(each["pages"] for each in members)
    return Printed(packed, pages, cover.template_version, {"members": members})


def _made(data: dict[str, Any]) -> dict[str, Any]:
    return {"made_at": data["made_at"], "submission": data["number"]}


def _member(name: str, printed: Printed) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": hashlib.sha256(printed.content).hexdigest(),
        "size": len(printed.content),
        "pages": printed.pages,
    }


def _report(frozen: dict[str, Any]) -> Printed:
    """Return the report as it was when the set was frozen."""
    report = Report.objects.get(pk=frozen["id"])
    if report.sha256 == frozen["sha256"]:
        return Printed(read_file(report), frozen["pages"], "")
    # It was made again since; what it was then is kept.
    return Printed(read_version(report, frozen["sha256"]), frozen["pages"], "")


def _manifest(submission: Submission, members: list[dict[str, Any]]) -> bytes:
    """Return what lies in the set with its fingerprints, and the frozen content, as canonical JSON."""
    return canonical(
        {
            "schema": "orime-submission-manifest",
            "schema_version": MANIFEST_VERSION,
            "number": submission.number,
            "files": members,
            "content_sha256": submission.sha256,
            "content": submission.data,
        }
    ).encode()


def zipped(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """Return a ZIP of the files in their order; the same files and moment give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            # Unix, and readable by everybody, wherever it was made; PDF is compressed already.
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_STORED)
    return out.getvalue()


def member_of(row: SubmissionFile, place: int) -> tuple[str, bytes]:
    """Return name and content of one file of the set, counted from 1; ValidationError if it changed."""
    packed = read_file(row)
    if not 1 <= place <= len(row.members):
        raise ValidationError(_("The set has no such file."), code="missing")
    member = row.members[place - 1]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return member["name"], archive.read(member["name"])
