"""Fill an empty scheme with issued audits, for measurements."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.models import Audit
from reports.demo.audits import standard_of
from reports.load.making import make_load

if TYPE_CHECKING:
    from argparse import ArgumentParser

# Seconds between two lines of progress.
EVERY = 5


class Command(BaseCommand):
    """`generate_load --audits N [--seed S] [--add]`: audits with findings, results and figures."""

    help = (
        "Fill an empty scheme with N issued audits: institutions, sites, findings, results, records, "
        "corrective actions and figures. No papers, evidence or interviews; nobody can sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, which seed, and whether beside what is there."""
        parser.add_argument("--audits", type=int, required=True, help="how many audits to make")
        parser.add_argument("--seed", type=int, default=1, help="another number, other audits")
        parser.add_argument("--add", action="store_true", help="beside the audits that are there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse in production and beside other audits; make them and say how fast it went."""
        if options["audits"] < 1:
            raise CommandError("Say how many audits to make: at least 1.")
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "These audits never took place, and their records cannot be deleted. "
                "Set ORIME_DEMO=true to have them; never do so where real data will be kept."
            )
        if Audit.objects.exists() and not options["add"]:
            raise CommandError(
                "This database holds audits. Use an empty one, or --add to have more beside them."
            )
        self.began = self.told = time.monotonic()
        rows = make_load(
            audits=options["audits"],
            seed=options["seed"],
            standard=standard_of(timezone.localdate()),
            tell=lambda done, rows: self._tell(done, options["audits"], rows),
        )
        took = time.monotonic() - self.began
        self.stdout.write(
            f"{options['audits']:,} audits, {rows:,} rows in {took:,.0f} s with the figures."
        )

    def _tell(self, done: int, audits: int, rows: int) -> None:
        now = time.monotonic()
        if now - self.told >= EVERY or done == audits:
            self.told = now
            speed = rows / (now - self.began)
            self.stdout.write(f"{done:,} of {audits:,} audits, {speed:,.0f} rows a second")
