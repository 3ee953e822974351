"""Who is independent enough of an audit to review it, to decide on it or to judge an appeal.

Source: the promise that nobody reviews or decides on an audit he or she took part in, nor on a
company he or she belongs to or advises; the same conflict rules as for auditors. A body reviews
what its auditors found; deciding on it is for others, whatever else its people are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts import policies as accounts
from audits import policies
from audits.models import AuditEvent
from audits.services.ties import ties_of_person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from accounts.models import User
    from audits.models import Audit


class Dependence(TextChoices):
    """What makes somebody dependent."""

    TEAM = "team"
    SUPPLIER = "supplier"
    ENGAGEMENT = "engagement"
    # Asked for only where somebody decides.
    BODY = "body"
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
            case Dependence.BODY:
                return _(
                    "You belong to the audit body that makes this audit. Somebody else must do this."
                )
            case Dependence.SUPPLIER:
                return _(
                    "You, or somebody of your office, belong to this supplier. "
                    "Somebody else must do this."
                )
            case Dependence.ENGAGEMENT:
                return _(
                    "You, or somebody of your office, has an engagement with this supplier "
                    "(%(kind)s). Somebody else must do this."
                ) % {"kind": self.kind}
            case _:
                return _("You took part in the review or the decision. Somebody else must do this.")


def bonds(
    person: User, audit: Audit, *, decides: bool = False, acts: Collection[str] = ()
) -> Iterator[Bond]:
    """Yield what binds a person to an audit; nothing when he or she is independent.

    A place in the team, and what ties the person, or anybody of the same office, to the supplier;
    for whoever `decides`, also belonging to the audit's body; with `acts`, also that the person did
    one of these recorded acts on the audit.
    """
    if policies.member_of(person, audit) is not None:
        yield Bond(Dependence.TEAM)
    elif decides and accounts.holds(person, audit.body_id):
        yield Bond(Dependence.BODY)
    if acts and AuditEvent.objects.filter(audit=audit, actor=person, act__in=acts).exists():
        yield Bond(Dependence.TOOK_PART)
    ties = ties_of_person(audit, person)
    if any(tie.member for tie in ties):
        yield Bond(Dependence.SUPPLIER)
    for tie in ties:
        if not tie.member:
            yield Bond(Dependence.ENGAGEMENT, tie.kind_label)


def refuse_bound(
    person: User,
    audit: Audit,
    *,
    decides: bool = False,
    acts: Collection[str] = (),
    only: Collection[Dependence] = tuple(Dependence),
) -> None:
    """Raise ValidationError, a sentence for each bond, for whoever is bound to an audit.

    `decides` and `acts` as in `bonds`; `only` are the bonds that matter for what is to be done.
    """
    found = [
        ValidationError(str(bond), code="dependent")
        for bond in bonds(person, audit, decides=decides, acts=acts)
        if bond.dependence in only
    ]
    if found:
        raise ValidationError(found)


def independent(person: User, audit: Audit, *, decides: bool = False) -> bool:
    """Say whether nothing binds a person to an audit."""
    return next(bonds(person, audit, decides=decides), None) is None
