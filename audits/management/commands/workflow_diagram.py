"""Write docs/workflow.md from the table of transitions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from audits.diagram import workflow_page

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`workflow_diagram [--check]`; with --check ends with 1 when the page is out of date."""

    help = "Write docs/workflow.md from the table of transitions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to compare only."""
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        file = Path(settings.BASE_DIR) / "docs" / "workflow.md"
        with translation.override("en"):
            page = workflow_page()
        if not options["check"]:
            file.parent.mkdir(exist_ok=True)
            file.write_text(page, encoding="utf-8")
            self.stdout.write(f"{file.name} was written.")
        elif not file.is_file() or file.read_text(encoding="utf-8") != page:
            raise CommandError("docs/workflow.md is out of date: run manage.py workflow_diagram.")
