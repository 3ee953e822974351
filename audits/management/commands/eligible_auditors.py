"""Say who may audit, ranked, and for everybody else why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from audits.models import Audit
from audits.services.candidates import rank

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`eligible_auditors NUMBER [--json]`: auditor, eligible, score, obstacles."""

    help = "List the auditors of the audit's body: eligible ones ranked, the others with reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number of the audit, and the form."""
        parser.add_argument("number")
        parser.add_argument("--json", action="store_true", help="a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rank and print."""
        audit = (
            Audit.objects.with_people()
            .select_related("profile")
            .filter(number=options["number"])
            .first()
        )
        if audit is None:
            raise CommandError(f"There is no audit {options['number']}.")
        rows: list[dict[str, Any]] = [
            {
                "auditor": row.auditor.registration_number,
                "eligible": row.eligible,
                "score": row.score if row.eligible else 0,
                "obstacles": row.obstacles,
            }
            for row in rank(audit)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            reasons = " / ".join(row["obstacles"])
            self.stdout.write(f"{row['auditor']}\t{row['score']}\t{reasons}")
