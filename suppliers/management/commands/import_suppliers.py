"""Bring suppliers and sites in from a spreadsheet at the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from suppliers.imports import FileRefused, read_suppliers
from suppliers.imports.reading import check_file
from suppliers.services.importing import import_suppliers
from suppliers.services.plans import Outcome


class Command(BaseCommand):
    """`manage.py import_suppliers FILE [--skip-bad] [--json]`: exit code 1 when nothing was done.

    With --json standard output holds one object {"created", "updated", "skipped", "errors"};
    remarks about columns that were left out go to standard error.
    """

    help = "Create and update suppliers and sites from an .xlsx or .csv file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--skip-bad", action="store_true", help="Import the good rows and leave out the bad."
        )
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = self._import(options["file"], skip_bad=options["skip_bad"])
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
        else:
            self._print(outcome)
        if outcome.stopped:
            raise CommandError(_("Nothing was imported."))

    def _import(self, path: Path, *, skip_bad: bool) -> Outcome:
        try:
            check_file(path.stat().st_size, path.name)
            parsed = read_suppliers(path.read_bytes(), path.name)
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be opened: %(reason)s.")
                % {"file": path, "reason": error.strerror or error}
            ) from error
        except FileRefused as refusal:
            return Outcome(problems=[refusal.problem], stopped=True)
        for warning in parsed.warnings:
            self.stderr.write(warning)
        try:
            return import_suppliers(actor=None, parsed=parsed, skip_bad=skip_bad)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _print(self, outcome: Outcome) -> None:
        for problem in outcome.problems:
            place = _("Row %(row)d") % {"row": problem.row} if problem.row else _("File")
            about = "".join(f" {part}" for part in (problem.column, problem.value) if part)
            self.stderr.write(f"{place}{about}: {problem.reason}")
        if outcome.stopped:
            return
        self.stdout.write(
            _("Created %(created)d, updated %(updated)d, skipped %(skipped)d rows.")
            % {
                "created": outcome.created,
                "updated": outcome.updated,
                "skipped": outcome.skipped,
            }
        )
