"""Who is tied to the supplier of an audit: the same facts for auditors and for those who judge.

A tie is an engagement that still counts, or a membership in force in the supplier's organisation;
the person's own, or of anybody of the same office. Source: nobody reviews or decides on a company
that he or she belongs to or advises; whoever works for it advises it all the more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import policies
from accounts.models import Membership
from accounts.terms import Kind
from audits.auditors.eligibility import Tie
from audits.auditors.models import Engagement
from audits.models import SchemeSettings
from ui.calendars import add_months

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from accounts.models import User
    from audits.models import Audit
    from suppliers.models import Supplier


@dataclass(frozen=True, slots=True)
class Source:
    """Where a tie comes from: whose it is (None: of an office as such), and the offices it binds."""

    person: UUID | None
    offices: Collection[UUID]
    key: str
    kind_label: str = ""
    ends_on: date | None = None
    member: bool = False


class Ties:
    """Everything that ties anybody to one supplier, by person and by office."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = list(sources)

    def of(self, person: UUID, offices: Iterable[UUID]) -> Iterator[Tie]:
        """Yield the person's own ties and those of anybody of the same offices."""
        places = set(offices)
        for source in self.sources:
            own = source.person == person
            if own or not places.isdisjoint(source.offices):
                yield Tie(
                    source.kind_label,
                    own,
                    source.ends_on,
                    office=source.person is None,
                    key=source.key,
                    member=source.member,
                )

    def of_office(self, office: UUID) -> Iterator[Tie]:
        """Yield what ties anybody of an office, or the office as such."""
        for source in self.sources:
            if office in source.offices:
                yield Tie(
                    source.kind_label,
                    own=False,
                    ends_on=source.ends_on,
                    office=source.person is None,
                    key=source.key,
                    member=source.member,
                )


def ties_with(supplier: Supplier, since: date) -> Ties:
    """Return what ties people to a supplier: memberships in force, and engagements since a day.

    Two queries, however many people and offices there are.
    """
    engagements = list(Engagement.objects.touching(supplier, since))
    engaged = [row.person_id for row in engagements if row.person_id]
    members, offices = _members(supplier, engaged)
    return Ties(
        [
            *(Source(one, offices[one], str(one), member=True) for one in members),
            *(
                Source(
                    row.person_id,
                    offices[row.person_id].union([row.body_id] if row.body_id else []),
                    str(row.pk),
                    str(row.get_kind_display()),
                    row.ends_on,
                )
                for row in engagements
            ),
        ]
    )


def _members(
    supplier: Supplier, engaged: list[UUID]
) -> tuple[list[UUID], dict[UUID | None, set[UUID]]]:
    """Return who belongs to the supplier, and the audit bodies of these and of the engaged."""
    own = Membership.objects.in_force().filter(organisation=supplier.organisation_id)
    desks = Membership.objects.filter(organisation__kind=Kind.AUDIT_BODY)
    found = own.values_list("user", "organisation").union(
        desks.filter(user__in=own.values("user")).values_list("user", "organisation"),
        desks.filter(user__in=engaged).values_list("user", "organisation"),
    )
    members: list[UUID] = []
    offices: dict[UUID | None, set[UUID]] = defaultdict(set)
    for user, organisation in found:
        if organisation == supplier.organisation_id:
            members.append(user)
        else:
            offices[user].add(organisation)
    return sorted(members), offices


def ties_of_person(audit: Audit, user: User) -> list[Tie]:
    """Return what keeps somebody from judging an audit today: the same rule as for auditors."""
    months = SchemeSettings.objects.current().engagement_months
    found = ties_with(audit.site.supplier, add_months(timezone.localdate(), -months))
    return list(found.of(user.pk, policies.organisation_ids(user, Kind.AUDIT_BODY)))
