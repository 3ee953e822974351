"""Telling an organisation, its secretariat and the owner what became of its designation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.letters import Letter, letter
from accounts.models import Membership, Organisation, User
from accounts.services.notices import notify
from accounts.terms import Kind, Role
from accounts.timeline import details

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.letters import Message
    from accounts.models import OrganisationEvent

DESK = (Role.ADMINISTRATOR, Role.COORDINATOR)

# By the recorded act.
LETTERS: dict[str, Letter] = {
    act: letter(
        act.replace("_", "-"),
        sentence,
        to=(gettext_lazy("Coordinators of the organisation, its secretariat and the owner"),),
        when=when,
        group=gettext_lazy("Designations"),
        example_body=gettext_lazy("The reason or the dates, as they were recorded."),
    )
    for act, sentence, when in (
        (
            "designated",
            gettext_lazy("%(name)s is designated."),
            gettext_lazy("An organisation is designated."),
        ),
        (
            "designation_suspended",
            gettext_lazy("The designation of %(name)s is suspended in part."),
            gettext_lazy("A designation is suspended."),
        ),
        (
            "designation_suspension_changed",
            gettext_lazy("The suspension of the designation of %(name)s was changed."),
            gettext_lazy("A suspension comes to stop more or fewer acts."),
        ),
        (
            "designation_lifted",
            gettext_lazy("The suspension of the designation of %(name)s is lifted."),
            gettext_lazy("The suspension of a designation is lifted."),
        ),
        (
            "designation_ended",
            gettext_lazy("The designation of %(name)s ends."),
            gettext_lazy("The end of a designation is fixed."),
        ),
    )
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
        return LETTERS[event.act].message(
            {"name": organisation.name},
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
