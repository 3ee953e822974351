"""Dividing the requirements of a visit among the team: a help to find one's own, no lock."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Finding
from audits.services.locking import lock
from audits.services.records import append_event
from audits.terms import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Audit


@transaction.atomic
def divide_work(*, actor: User, audit: Audit, holders: Mapping[str, int | None]) -> int:
    """Assign requirements, by code, to places of the team (keys) or to nobody; return how many moved.

    What is written in a finding, and its version, stay as they are: everybody in the team goes on
    writing everything. Raises PermissionDenied for all but the lead, ValidationError for somebody
    who is not in the team or a requirement that is not in the audit.
    """
    audit = lock(audit)
    if not policies.divides_work(actor, audit):
        raise PermissionDenied(policies.WHO_DIVIDES)
    team = {place.pk: place for place in audit.team.all() if place.answer == Answer.ACCEPTED}
    if not {key for key in holders.values() if key is not None} <= team.keys():
        raise ValidationError(_("Choose people of the team who accepted their place."))
    now = dict(Finding.objects.filter(audit=audit).values_list("requirement__code", "assigned_to"))
    if unknown := sorted(holders.keys() - now.keys()):
        raise ValidationError(_("There is no requirement “%s” in this audit.") % unknown[0])
    moved: dict[int | None, list[str]] = defaultdict(list)
    for code, key in holders.items():
        if now[code] != key:
            moved[key].append(code)
    for key, codes in moved.items():
        Finding.objects.filter(audit=audit, requirement__code__in=codes).update(assigned_to=key)
    if moved:
        append_event(
            audit=audit,
            actor=actor,
            act="work_divided",
            payload={
                "assigned": {
                    team[key].auditor.registration_number if key is not None else "": codes
                    for key, codes in moved.items()
                }
            },
        )
    return sum(map(len, moved.values()))
