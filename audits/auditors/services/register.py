"""What the register holds of the people in a list, read with a number of queries that is bounded."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from django.db.models.functions import Lower, Upper
from django.utils import timezone

from accounts import policies as accounts
from accounts.models import Membership, Organisation, User
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor, Qualification
from audits.auditors.services.registering import tidy_number
from audits.standards.models import Standard
from suppliers.imports.values import match_key
from suppliers.services.plans import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from audits.auditors.imports import AuditorRow

Key = TypeVar("Key")


def bodies_of(user: User) -> QuerySet[Organisation]:
    """Return the bodies whose auditors the user registers: of the own secretariat, or all."""
    bodies = Organisation.objects.filter(kind=Kind.AUDIT_BODY)
    if not accounts.administers_scheme(user):
        desk = {Role.COORDINATOR, Role.ADMINISTRATOR}
        bodies = bodies.filter(parent__in=accounts.organisation_ids(user, Kind.SECRETARIAT, desk))
    return bodies.order_by("name_ja")


class Register:
    """The auditors, people, bodies and versions that the rows of a list name, as they are stored.

    Numbers are found in capitals, addresses in small letters, names without regard to width, case
    and blanks. The number of queries depends on batches of rows, not on rows.
    """

    def __init__(self, actor: User, rows: Iterable[AuditorRow]) -> None:
        rows = list(rows)
        self.bodies: dict[str, Organisation] = {}
        for body in bodies_of(actor):
            self.bodies |= {match_key(name): body for name in (body.name_ja, body.name_en) if name}
        self.standards = {match_key(row.version): row for row in Standard.objects.all()}
        usable = Standard.objects.usable_on(timezone.localdate())
        self.standard = usable.order_by("-effective_on").first()
        self.auditors: dict[str, Auditor] = {}
        self.people: dict[str, User] = {}
        self.kinds: defaultdict[UUID, set[str]] = defaultdict(set)
        self.held: dict[tuple[UUID, UUID, str], Qualification] = {}
        self._read_auditors({number_key(row.registration_number) for row in rows})
        self._read_people({row.email.lower() for row in rows})

    @property
    def only_body(self) -> Organisation | None:
        """The body that a list need not name, because there is no other."""
        found = {body.pk: body for body in self.bodies.values()}
        return next(iter(found.values())) if len(found) == 1 else None

    def _read_auditors(self, numbers: Iterable[str]) -> None:
        known = Auditor.objects.select_related("user", "body").alias(
            number=Upper("registration_number")
        )
        for some in _batches(numbers):
            for auditor in known.filter(number__in=some):
                self.auditors[number_key(auditor.registration_number)] = auditor
        rows = Qualification.objects.select_related("standard")
        for keys in _batches(auditor.pk for auditor in self.auditors.values()):
            for row in rows.filter(auditor__in=keys):
                self.held[row.auditor_id, row.standard_id, row.level] = row

    def _read_people(self, addresses: Iterable[str]) -> None:
        people = User.objects.select_related("auditor").alias(address=Lower("email"))
        for some in _batches(addresses):
            for user in people.filter(address__in=some):
                self.people[user.email.lower()] = user
        rows = Membership.objects.in_force()
        for keys in _batches(user.pk for user in self.people.values()):
            places = rows.filter(user__in=keys).values_list("user", "organisation__kind")
            for user_id, kind in places:
                self.kinds[user_id].add(kind)


def number_key(number: str) -> str:
    """Return the form of a registration number under which two spellings are the same number."""
    return tidy_number(number).upper()


def _batches(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """Give the keys in portions, because SQLite takes a limited number of parameters.

    There is one portion at least, so that a list of new people asks as often as one of old ones.
    """
    found = list(keys)
    for start in range(0, max(len(found), 1), BATCH):
        yield found[start : start + BATCH]
