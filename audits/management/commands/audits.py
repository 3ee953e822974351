"""List audits with number and state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from audits.models import Audit
from audits.terms import Status

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`audits [--status S] [--json]`: numbers and states, in order of number."""

    help = "List audits with number, state and site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which state, and in which form."""
        parser.add_argument("--status", choices=Status.values)
        parser.add_argument("--json", action="store_true", help="a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list."""
        audits = Audit.objects.select_related("site__supplier").order_by("number")
        if options["status"]:
            audits = audits.filter(status=options["status"])
        rows = [
            {"number": audit.number, "status": audit.status, "site": str(audit.site)}
            for audit in audits.iterator(chunk_size=500)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        self.stdout.write(
            "\n".join(f"{row['number']}\t{row['status']}\t{row['site']}" for row in rows)
        )
