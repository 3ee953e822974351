"""Make the demo scheme in an empty database, or print its sign-ins."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from audits.models import Audit
from reports.demo import sign_ins
from reports.demo.audits import make_demo
from reports.demo.printing import spread_printing
from suppliers.models import Supplier

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`demo [--seed N] [--if-empty] [--small]` makes it; `demo --sign-ins` prints who may sign in."""

    help = "Make the demo scheme: institutions, auditors, suppliers and audits in every state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seed, what to do when there is data, and printing only."""
        parser.add_argument("--seed", type=int, default=1, help="another number, another scheme")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the database has data"
        )
        parser.add_argument("--small", action="store_true", help="fewer audits, still every state")
        parser.add_argument("--sign-ins", action="store_true", help="print the sign-ins and end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse on real data and in production; otherwise make the demo and print its sign-ins."""
        if options["sign_ins"]:
            if not sign_ins.is_here():
                raise CommandError("This database does not hold the demo.")
            self.stdout.write(sign_ins.as_table())
            return
        if people_or_work():
            if options["if_empty"]:
                self.stdout.write("The database has data already; nothing was made.")
                return
            if sign_ins.is_here():
                raise CommandError("The demo is in this database already. Use an empty database.")
            raise CommandError(
                "This database holds real data. The demo is made in an empty database only."
            )
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "The demo opens accounts whose password everybody knows. "
                "Set ORIME_DEMO=true to have it; never do so where real data will be kept."
            )
        # A line for each of some seventy jobs would hide what is said here; those that found no
        # broker are queued by the sweep once there is one.
        logging.getLogger("django_structlog.celery").setLevel(logging.WARNING)
        logging.getLogger("accounts.sending").setLevel(logging.ERROR)
        began = time.monotonic()
        audits = make_demo(seed=options["seed"], small=options["small"])
        spread_printing()
        self.stdout.write(f"{audits} audits were made in {time.monotonic() - began:.0f} s.")
        if not options["if_empty"]:  # `make run` prints them at its end
            self.stdout.write(sign_ins.as_table())


def people_or_work() -> bool:
    """Say whether anybody has used the database: any person, supplier or audit."""
    return User.objects.exists() or Supplier.objects.exists() or Audit.objects.exists()
