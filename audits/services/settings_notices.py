"""Telling those whose work the scheme's settings rule what was changed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.letters import letter
from accounts.models import Membership, User
from accounts.services.notices import notify
from accounts.terms import Kind, Role
from audits.settings_words import change_lines

if TYPE_CHECKING:
    from accounts.letters import Message
    from accounts.models import OrganisationEvent

CHANGED = letter(
    "settings-changed",
    gettext_lazy("The scheme's settings were changed."),
    to=(gettext_lazy("Administrators of secretariats and bodies"),),
    when=gettext_lazy("The scheme owner changes a setting."),
    group=gettext_lazy("Scheme"),
    example_body=gettext_lazy(
        "business days to review: 10 → 8\nReason: decided by the committee of November"
    ),
)


def tell_of_settings(event: OrganisationEvent) -> int:
    """Tell the administrators of secretariats and bodies of a recorded change, each once.

    What changed, from what to what, and the reason. Returns how many people were told.
    """
    desks = Membership.objects.in_force().filter(
        organisation__kind__in=(Kind.SECRETARIAT, Kind.AUDIT_BODY), role=Role.ADMINISTRATOR
    )

    def message() -> Message:
        reason = _("Reason: %(reason)s") % {"reason": event.comment}
        return CHANGED.message(
            body=f"{change_lines(event.payload)}\n{reason}",
            path=reverse("console:settings"),
        )

    people = User.objects.filter(pk__in=desks.values("user"))
    return notify(people, f"settings:{event.pk}", message)
