"""Compute the grade of a result again, from what was kept with it or from a downloaded file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from audits.models import Result
from audits.recomputing import as_text, check_export, check_result
from audits.standards.explanations import explain

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from audits.recomputing import Check


class Command(BaseCommand):
    """`recompute_grade NUMBER|FILE [--json]`; ends with 1 when grade or score is another."""

    help = "Compute the grade of a result (or of a downloaded file of its inputs) again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which result, and whether its inputs are wanted."""
        parser.add_argument("source", help="number of a result, or a file of its inputs")
        parser.add_argument(
            "--json", action="store_true", help="write the result's inputs instead of checking"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report, or write the inputs."""
        source = options["source"]
        result = Result.objects.filter(number=source).select_related("audit__standard").first()
        if options["json"]:
            if result is None:
                raise CommandError(f"There is no result {source}.")
            self.stdout.write(as_text(result), ending="")
            return
        check = check_result(result) if result else _check_file(source)
        for sentence in explain(check.again):
            self.stdout.write(str(sentence))
        if not check.holds:
            raise CommandError(
                f"{check.number}: computed {check.again.grade} {check.again.score}, "
                f"but {check.grade} {check.score} is kept."
            )
        self.stdout.write(f"{check.number}: {check.grade} {check.score}, as it is kept.")


def _check_file(source: str) -> Check:
    """Check a file; CommandError when there is none or it is something else."""
    path = Path(source)
    if not path.is_file():
        raise CommandError(f"There is neither a result nor a file {source}.")
    try:
        return check_export(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CommandError(f"{source} is not text.") from error
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
