"""Who is told of an audit's moves, deadlines and troubles, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.letters import Fact, Letter, Message
from accounts.models import User
from accounts.services.notices import notify
from accounts.services.people import people_of, scheme_office
from accounts.terms import Role
from audits import policies
from audits.auditors.terms import Level
from audits.letters.audiences import Audience
from audits.letters.events import PLACE_LOST
from audits.letters.moves import MOVES
from audits.terms import Act, Answer, ReviewPool

if TYPE_CHECKING:
    from audits.models import Audit, AuditEvent, TeamMember

DESK = (Role.ADMINISTRATOR, Role.COORDINATOR)


def _team(audit: Audit, **which: Any) -> Iterable[User]:
    places = audit.team.exclude(answer=Answer.DECLINED).filter(**which)
    return [place.auditor.user for place in places.select_related("auditor__user")]


def _reviewers(audit: Audit) -> Iterable[User]:
    if (holder := policies.review_holder(audit)) is not None:
        return [holder]
    pool = audit.body_id if audit.reviewed_by == ReviewPool.BODY else audit.secretariat_id
    return people_of(pool, Role.REVIEWER)


# Whom an audience consists of, and the page that its messages lead to.
AUDIENCES: dict[Audience, tuple[Callable[[Audit], Iterable[User]], str]] = {
    Audience.SUPPLIER: (
        lambda audit: people_of(
            audit.site.supplier.organisation_id, Role.MANAGER, Role.ADMINISTRATOR
        ),
        "portal:our_audit",
    ),
    Audience.BODY: (lambda audit: people_of(audit.body_id, *DESK), "console:audit"),
    Audience.SECRETARIAT: (lambda audit: people_of(audit.secretariat_id, *DESK), "console:audit"),
    Audience.OWNER: (lambda audit: scheme_office(), "console:audit"),
    Audience.TEAM: (_team, "portal:audit"),
    # Of the team, those who have still to answer the offer of their place, and those who did.
    Audience.OFFERED: (lambda audit: _team(audit, answer=Answer.OFFERED), "portal:offer"),
    Audience.ACCEPTED: (lambda audit: _team(audit, answer=Answer.ACCEPTED), "portal:audit"),
    Audience.LEAD: (lambda audit: _team(audit, function=Level.LEAD), "portal:audit"),
    Audience.REVIEWERS: (_reviewers, "console:audit"),
    Audience.DECISION_MAKERS: (
        lambda audit: people_of(audit.secretariat_id, Role.REVIEWER, Role.ADMINISTRATOR),
        "console:audit",
    ),
}


def key_of(audit: Audit, key: str, audience: Audience) -> str:
    """Return under which key an audience is told something about an audit."""
    return f"{audit.number}:{key}:{audience}"


def tell(
    audit: Audit,
    letter: Letter,
    *,
    key: str,
    facts: Mapping[str, Fact] | None = None,
    said: str = "",
    path: str | Callable[[Audience], str] = "",
    urgent: bool = False,
    to: Iterable[Audience] = (),
) -> int:
    """Write a letter about an audit to its audiences once; return how many people were told.

    Who belongs to several audiences is told under one key as part of the first one told, and no
    more: the lead of a one-person office is its coordinator too.

    `said` is quoted below the sentence, as it was written; `path` replaces the page of the audit as
    where the message leads, for all or by audience; `to` narrows the audiences of the letter.
    """
    told = 0
    for audience in to or letter.to:
        people, page = AUDIENCES[audience]
        place = path(audience) if callable(path) else path
        told += notify(
            people(audit),
            key_of(audit, key, audience),
            about_audit(
                audit, letter, facts, said, place or reverse(page, args=[audit.number]), urgent
            ),
            same=[key_of(audit, key, other) for other in Audience],
        )
    return told


def about_audit(
    audit: Audit,
    letter: Letter,
    facts: Mapping[str, Fact] | None,
    said: str,
    path: str,
    urgent: bool = False,
) -> Callable[[], Message]:
    """Return what writes a letter about an audit: its number, its site, and what is quoted."""
    return lambda: letter.message(
        facts,
        about=audit.number,
        body=f"{audit.site.supplier.name} {audit.site.name}\n{said}",
        path=path,
        urgent=urgent,
    )


def key_of_move(event: AuditEvent) -> str:
    """Return the key of what is told of a move; what more is told of it goes under the same."""
    return f"move{event.sequence}"


def tell_of_move(audit: Audit, event: AuditEvent) -> int:
    """Tell everybody whom a move concerns."""
    days = {"due": audit.due_on, "first": audit.planned_from, "last": audit.planned_until}
    return sum(
        tell(audit, letter, key=key_of_move(event), facts=days, said=event.comment)
        for letter in MOVES.get(Act(event.act), ())
    )


def tell_of_lost_places(audit: Audit, places: Iterable[TeamMember]) -> int:
    """Tell those whose place in the team a new proposal gives to somebody else."""
    page = reverse("portal:offer", args=[audit.number])
    return sum(
        notify(
            [place.auditor.user],
            f"{audit.number}:lost:{place.pk}",
            about_audit(audit, PLACE_LOST, None, "", page),
        )
        for place in places
        if place.answer != Answer.DECLINED
    )
