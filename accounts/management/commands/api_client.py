"""Make or renew the service account of a brand and print its token once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.models import Organisation
from accounts.services.service_accounts import issue_token
from accounts.terms import Kind

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`api_client BRAND [--rotate]`: BRAND is the id or a name of the brand."""

    help = "Print a new API token for a brand. It is shown this once and kept as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which brand, and whether older tokens end now."""
        parser.add_argument("brand", help="id, Japanese or English name")
        parser.add_argument("--rotate", action="store_true", help="end earlier tokens at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the brand and print the token."""
        name = options["brand"]
        rule = Q(name_ja=name) | Q(name_en__iexact=name)
        with suppress(ValueError):  # a name, not an id
            rule |= Q(pk=UUID(name))
        found = list(Organisation.objects.filter(rule, kind=Kind.BRAND)[:2])
        if len(found) != 1:
            brands = ", ".join(
                Organisation.objects.filter(kind=Kind.BRAND).values_list("name_ja", flat=True)
            )
            raise CommandError(
                f"There is no single brand “{name}”. Known brands: {brands or 'none'}."
            )
        self.stdout.write(issue_token(actor=None, brand=found[0], rotate=options["rotate"]))
