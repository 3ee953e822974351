"""`check_papers`: reads every printed paper, and has the damaged ones made again if asked to."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.services.checking import Checked, check_all, repair


class Command(BaseCommand):
    help = "Read every printed paper; exit with 1 when one is missing or damaged."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to repair."""
        parser.add_argument(
            "--repair", action="store_true", help="have the damaged ones made again by a worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all, say how many of each kind, name the damaged ones."""
        found: Checked = check_all()
        for kind, count in found.read.items():
            self.stdout.write(f"{kind}: {count} read")
        for row, digest in found.damaged:
            self.stdout.write(f"{'damaged' if digest else 'missing'}: {row.file_name}")
            if options["repair"]:
                repair(row, digest)
        if found.damaged:
            sys.exit(1)
