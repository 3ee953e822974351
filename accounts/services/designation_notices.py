"""Telling an organisation, its secretariat and the owner what became of its designation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Membership, Organisation, User
from accounts.services.notices import Message, notify
from accounts.terms import Kind, Role
from accounts.timeline import details

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from accounts.models import OrganisationEvent

DESK = (Role.ADMINISTRATOR, Role.COORDINATOR)

SENTENCES: dict[str, _StrPromise] = {
    "designated": gettext_lazy("%(name)s is designated."),
    "designation_suspended": gettext_lazy("The designation of %(name)s is suspended in part."),
    "designation_suspension_changed": gettext_lazy(
        "The suspension of the designation of %(name)s was changed."
    ),
    "designation_lifted": gettext_lazy("The suspension of the designation of %(name)s is lifted."),
    "designation_ended": gettext_lazy("The designation of %(name)s ends."),
}


def _concerned(organisation: Organisation) -> QuerySet[User]:
    """Return the desks of the organisation, of its secretariat and of the owner."""
    desks = Membership.objects.in_force().filter(
        Q(organisation=organisation)
        | Q(organisation=organisation.parent_id)
        | Q(organisation__kind=Kind.SCHEME_OWNER),
        role__in=DESK,
    )
    people: QuerySet[User] = User.objects.filter(pk__in=desks.values("user"))
    return people


def tell_of_designation(event: OrganisationEvent) -> int:
    """Tell everybody concerned once what was recorded; return how many people were told."""
    organisation = event.organisation

    def message() -> Message:
        return Message(
            subject=str(SENTENCES[event.act]) % {"name": organisation.name},
            body="\n".join(
                filter(
                    None,
                    (
                        details(event),
                        event.comment and _("Reason: %(reason)s") % {"reason": event.comment},
                    ),
                )
            ),
            path=reverse("console:organisation", args=[organisation.pk]),
        )

    return notify(_concerned(organisation), f"designation:{event.pk}", message)
