"""Telling those whose work the scheme's settings rule what was changed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.services.notices import Message, notify
from accounts.terms import Kind, Role
from audits.settings_words import change_lines

if TYPE_CHECKING:
    from accounts.models import OrganisationEvent


def tell_of_settings(event: OrganisationEvent) -> int:
    """Tell the administrators of secretariats and bodies of a recorded change, each once.

    What changed, from what to what, and the reason. Returns how many people were told.
    """
    desks = Membership.objects.in_force().filter(
        organisation__kind__in=(Kind.SECRETARIAT, Kind.AUDIT_BODY), role=Role.ADMINISTRATOR
    )

    def message() -> Message:
        reason = _("Reason: %(reason)s") % {"reason": event.comment}
        return Message(
            subject=_("The scheme's settings were changed."),
            body=f"{change_lines(event.payload)}\n{reason}",
            path=reverse("console:settings"),
        )

    people = User.objects.filter(pk__in=desks.values("user"))
    return notify(people, f"settings:{event.pk}", message)
