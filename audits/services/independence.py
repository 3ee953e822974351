"""Who is independent enough of an audit to review it, to decide on it or to judge an appeal.

Source: the promise that nobody reviews or decides on an audit he or she took part in, nor on a
company he or she advises; the same conflict rules as for auditors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from audits import policies
from audits.models import AuditEvent
from audits.services.candidates import ties_of_person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from accounts.models import User
    from audits.models import Audit


class Dependence(TextChoices):
    """What makes somebody dependent."""

    TEAM = "team"
    ENGAGEMENT = "engagement"
    # Asked for only where somebody is to judge what others did: see `acts`.
    TOOK_PART = "took_part"


@dataclass(frozen=True)
class Bond:
    """One bond of a person to an audit; of an engagement, its kind in words."""

    dependence: Dependence
    kind: str = ""

    def __str__(self) -> str:
        """Return why the person must leave it to somebody else, said to the person."""
        match self.dependence:
            case Dependence.TEAM:
                return _("You are in the audit team. Somebody else must do this.")
            case Dependence.ENGAGEMENT:
                return _(
                    "You, or somebody of your office, has an engagement with this supplier "
                    "(%(kind)s). Somebody else must do this."
                ) % {"kind": self.kind}
            case _:
                return _("You took part in the review or the decision. Somebody else must do this.")


def bonds(person: User, audit: Audit, *, acts: Collection[str] = ()) -> Iterator[Bond]:
    """Yield what binds a person to an audit; nothing when he or she is independent.

    A place in the team, and engagements with the supplier, the person's own or of anybody of the
    same office; with `acts`, also that the person did one of these recorded acts on the audit.
    """
    if policies.member_of(person, audit) is not None:
        yield Bond(Dependence.TEAM)
    if acts and AuditEvent.objects.filter(audit=audit, actor=person, act__in=acts).exists():
        yield Bond(Dependence.TOOK_PART)
    for kind in ties_of_person(audit, person):
        yield Bond(Dependence.ENGAGEMENT, kind)


def independent(person: User, audit: Audit) -> bool:
    """Say whether nothing binds a person to an audit."""
    return next(bonds(person, audit), None) is None
