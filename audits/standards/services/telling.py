"""Who is told of a new version of the standard, of its dates and of its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.services.notices import notify
from accounts.terms import Kind, Role
from audits.standards.letters import ACTIVATED, DATED, PROPOSED, SECOND_PERSON
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from accounts.letters import Letter, Message
    from accounts.models import OrganisationEvent
    from audits.standards.models import Standard

DESK = (Role.ADMINISTRATOR, Role.COORDINATOR)
INSTITUTIONS = (Kind.SCHEME_OWNER, Kind.SECRETARIAT, Kind.AUDIT_BODY)


def desks(*kinds: Kind) -> Iterable[User]:
    """Return the administrators and coordinators of all organisations of the kinds."""
    members = Membership.objects.in_force().filter(organisation__kind__in=kinds, role__in=DESK)
    people: Iterable[User] = User.objects.filter(pk__in=members.values("user"))
    return people


def tell_owners_of_proposal(
    standard: Standard, event: OrganisationEvent | None, actor: User
) -> int:
    """Ask the scheme owner's other administrators and coordinators to confirm the activation."""
    others = [person for person in desks(Kind.SCHEME_OWNER) if person.pk != actor.pk]
    return _tell(
        others,
        standard,
        event,
        PROPOSED,
        lambda: str(SECOND_PERSON),
        reverse("console:standard_act", args=[standard.version, "confirm"]),
    )


def tell_desks_of_activation(standard: Standard, event: OrganisationEvent | None) -> int:
    """Tell owner, secretariats and bodies from when the version counts."""
    return _tell(desks(*INSTITUTIONS), standard, event, ACTIVATED, lambda: dates(standard))


def tell_desks_of_dates(standard: Standard, event: OrganisationEvent | None) -> int:
    """Tell owner, secretariats and bodies that dates of a version were fixed or changed."""
    return _tell(desks(*INSTITUTIONS), standard, event, DATED, lambda: dates(standard))


def dates(standard: Standard) -> str:
    """Return from when until when the version counts, as sentences for people."""
    sentences = [
        _("It may be used for visits from %(day)s.") % {"day": day(standard.effective_on)},
    ]
    if standard.mandatory_from:
        sentences.append(
            _("For visits from %(day)s it is mandatory; audits planned for later are changed over.")
            % {"day": day(standard.mandatory_from)}
        )
    if standard.retired_on:
        sentences.append(
            _("For visits from %(day)s it can no longer be used.")
            % {"day": day(standard.retired_on)}
        )
    return "\n".join(sentences)


def _tell(
    people: Iterable[User],
    standard: Standard,
    event: OrganisationEvent | None,
    letter: Letter,
    body: Callable[[], str],
    path: str = "",
) -> int:
    if event is None:
        return 0
    path = path or f"{reverse('console:standard')}?version={standard.version}"

    def message() -> Message:
        return letter.message({"version": standard.version}, body=body(), path=path)

    return notify(people, f"standard:{event.pk}", message)
