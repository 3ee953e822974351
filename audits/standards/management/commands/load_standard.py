"""Check a catalogue and load it as a version of the standard."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from audits.standards.catalogue import SHIPPED, read_catalogue
from audits.standards.problems import Problem
from audits.standards.services import activate_standard, load_catalogue

_OUTCOMES = {
    "created": gettext_lazy(
        "Version {version} was created: {requirements} requirements, {clauses} clauses."
    ),
    "replaced": gettext_lazy(
        "The draft of version {version} was replaced: {requirements} requirements, {clauses} clauses."
    ),
    "unchanged": gettext_lazy("Version {version} is unchanged."),
}


class Command(BaseCommand):
    """`load_standard [DIR] [--check]`; on a fault it ends with 1 and changes nothing."""

    help = "Check a catalogue (a folder with manifest.yaml and three CSV files) and load it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, and whether only to check it."""
        parser.add_argument(
            "dir",
            nargs="?",
            type=Path,
            default=SHIPPED,
            metavar="DIR",
            help="default: the shipped one",
        )
        parser.add_argument(
            "--check", action="store_true", help="only say what is wrong with the catalogue"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, load and, when the manifest says so, activate."""
        catalogue = read_catalogue(options["dir"])
        if isinstance(catalogue, list):
            for problem in catalogue:
                self.stderr.write(_line(problem))
            raise CommandError(
                _("The catalogue has {count} faults; nothing was changed.").format(
                    count=len(catalogue)
                )
            )
        counts = {
            "version": catalogue.contents.version,
            "requirements": len(catalogue.contents.requirements),
            "clauses": len(catalogue.contents.clauses),
        }
        if options["check"]:
            text = _(
                "The catalogue of version {version} is valid: {requirements} requirements, {clauses} clauses."
            )
            self.stdout.write(text.format(**counts))
            return
        try:
            with transaction.atomic():
                loaded = load_catalogue(catalogue=catalogue)
                activated = catalogue.activate and loaded.standard.is_draft
                if activated:
                    activate_standard(standard=loaded.standard)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(_OUTCOMES[loaded.outcome].format(**counts))
        if activated:
            self.stdout.write(_("Version {version} is now in force.").format(**counts))


def _line(problem: Problem) -> str:
    values = {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "reason": problem.reason,
    }
    if problem.row is None:
        text = _("{file}, column {column}: {reason}") if problem.column else _("{file}: {reason}")
    else:
        text = (
            _("{file}, row {row}, column {column}: {reason}")
            if problem.column
            else _("{file}, row {row}: {reason}")
        )
    return text.format(**values)
