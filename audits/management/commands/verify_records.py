"""Check the hash-chained record of one audit, or of all audits and organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.records import verify_organisations
from audits.models import Audit
from audits.services.records import verify_records

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`verify_records [NUMBER]`; ends with 1, naming audit and sequence number, when broken."""

    help = "Check that nobody changed the record of an audit (or of all, and of organisations)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number of one audit."""
        parser.add_argument("number", nargs="?", help="for example JASTI-2026-0412")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report."""
        number = options["number"]
        if number and not Audit.objects.filter(number=number).exists():
            raise CommandError(f"There is no audit {number}.")
        checked, broken = verify_records(number)
        if not number:
            more, found = verify_organisations()
            checked, broken = checked + more, broken + found
        for row in broken:
            self.stderr.write(f"{row.number} #{row.sequence}: {row.reason}")
        if broken:
            raise CommandError(f"{len(broken)} of {checked} records are broken.")
        self.stdout.write(f"{checked} records are unbroken.")
