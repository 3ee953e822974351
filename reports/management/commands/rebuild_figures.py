"""Compute the figures anew, or say where they are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import FigureEntry
from reports.services.figures import differences, rebuild

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`rebuild_figures [--verify]`; with --verify ends with 1, naming each wrong row."""

    help = "Compute the figures anew from the ledger and the issued answers, or compare them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether only to compare."""
        parser.add_argument("--verify", action="store_true", help="change nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare or rebuild; say how many entries still wait for a worker."""
        if options["verify"]:
            found = differences()
            for difference in found:
                self.stderr.write(str(difference))
            if found:
                raise CommandError(
                    f"{len(found)} rows of the figures are wrong; "
                    "`manage.py rebuild_figures` puts them right."
                )
            self.stdout.write("The figures are right.")
        else:
            rebuild()
            self.stdout.write("The figures are computed anew.")
        if waiting := FigureEntry.objects.pending().count():
            self.stdout.write(f"{waiting} entries of the ledger wait for a worker.")
