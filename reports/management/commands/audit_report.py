"""`audit_report`: writes the report of an audit; before issue a draft that says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.models import Audit
from reports.documents import typeset
from reports.models import Report
from reports.services import papers, reporting
from reports.services.printing import read_file
from reports.snapshot import build_snapshot
from reports.tasks import queue_report
from reports.terms import JobState, ReportLanguage


class Command(BaseCommand):
    help = (
        "Write the PDF of an audit: the issued file, or before issue a draft marked on every page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which audit, which language, where to."""
        parser.add_argument("number")
        parser.add_argument("--lang", choices=ReportLanguage.values, default="ja")
        parser.add_argument("--out", type=Path, help="default: its own name, in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find, print if need be, write."""
        audit = Audit.objects.with_people().filter(number=options["number"]).first()
        if audit is None:
            raise CommandError(f"There is no audit {options['number']}.")
        try:
            if audit.results.exists():
                content, name = issued(audit, options["lang"])
            else:
                content, name = draft(audit, options["lang"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        out: Path = options["out"] or Path(name)
        if str(out) == "-":
            sys.stdout.buffer.write(content)
            return
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}.") from error
        self.stdout.write(f"{out} ({len(content):,} bytes)")


def issued(audit: Audit, language: str) -> tuple[bytes, str]:
    """Return the issued file and its name; printed here when no worker has done it yet."""
    report = queue_report(audit, language)
    if report.state == JobState.FAILED:
        Report.objects.requeue(report.pk)
    if report.state != JobState.READY:
        Report.objects.hurry(report.pk)
        papers.render(Report, report.pk, typeset=typeset)
        report.refresh_from_db()
    if report.state == JobState.RUNNING:
        raise ValidationError("A worker is printing this report just now; try again in a minute.")
    if report.state != JobState.READY:
        raise ValidationError(report.error or "The report is not ready.")
    return read_file(report), report.file_name


def draft(audit: Audit, language: str) -> tuple[bytes, str]:
    """Return a draft of an audit that has findings but no result yet."""
    if audit.standard is None:
        raise ValidationError(
            f"{audit.number} has no findings yet: it stands at “{audit.get_status_display()}”."
        )
    data = build_snapshot(audit, None)
    printed = typeset(data, language, reporting.pictures_of(audit, data))
    return printed.content, f"{audit.number}_draft_{language}.pdf"
