"""Who acted, as the record knows it: a name and what the person does for an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership
from accounts.terms import Role
from reports.snapshot.values import Data, in_both

if TYPE_CHECKING:
    from accounts.models import Organisation, User


def acting(person: User | None, organisation: Organisation) -> Data | None:
    """Return name and function; None for nobody, an empty function when none is on record."""
    if person is None:
        return None
    held = set(
        Membership.objects.in_force()
        .filter(user=person, organisation=organisation)
        .values_list("role", flat=True)
    )
    # Who runs the company's account and who is responsible for its sites: the first says more.
    role = next((role for role in Role if role in held), None)
    function = in_both(lambda: str(role.label)) if role else None
    return {"name": person.name, "function": function}
