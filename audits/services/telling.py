"""Who is told of an audit's moves, deadlines and troubles, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.services.notices import Message, notify
from accounts.services.people import people_of
from accounts.terms import Kind, Role
from audits import policies
from audits.auditors.terms import Level
from audits.terms import Act, Answer, ReviewPool

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from audits.models import Audit, AuditEvent, TeamMember

DESK = (Role.ADMINISTRATOR, Role.COORDINATOR)


class Audience(TextChoices):
    """The people around one audit who can be told something."""

    SUPPLIER = "supplier"
    BODY = "body"
    SECRETARIAT = "secretariat"
    OWNER = "owner"
    TEAM = "team"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LEAD = "lead"
    REVIEWERS = "reviewers"
    DECISION_MAKERS = "decision_makers"


def _team(audit: Audit, **which: Any) -> Iterable[User]:
    places = audit.team.exclude(answer=Answer.DECLINED).filter(**which)
    return [place.auditor.user for place in places.select_related("auditor__user")]


def _reviewers(audit: Audit) -> Iterable[User]:
    if (holder := policies.review_holder(audit)) is not None:
        return [holder]
    pool = audit.body_id if audit.reviewed_by == ReviewPool.BODY else audit.secretariat_id
    return people_of(pool, Role.REVIEWER)


def _owners(audit: Audit) -> Iterable[User]:
    owners = Organisation.objects.filter(kind=Kind.SCHEME_OWNER).values_list("pk", flat=True)
    return [person for owner in owners for person in people_of(owner, *DESK)]


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
    Audience.OWNER: (_owners, "console:audit"),
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

# What whom is told after which move; {due}, {first} and {last} are days of the audit.
MOVES: dict[Act, dict[Audience, _StrPromise]] = {
    Act.SUBMIT: {
        Audience.BODY: _("An application has arrived. Examine it by {due}."),
        Audience.SECRETARIAT: _("An application has arrived. It is to be answered by {due}."),
    },
    Act.RETURN: {
        Audience.SUPPLIER: _(
            "Your application was returned. Read the reason, correct it and submit it again."
        ),
    },
    Act.ACCEPT: {
        Audience.SUPPLIER: _("Your application was accepted. The audit team is proposed next."),
    },
    Act.PROPOSE_TEAM: {
        Audience.SUPPLIER: _("An audit team is proposed. Agree, or object by {due}."),
        Audience.OFFERED: _("You are asked to be in the audit team. Answer the offer."),
        # Accepted before the team was proposed again.
        Audience.ACCEPTED: _(
            "The audit team was proposed again. Your place stays; you need not answer."
        ),
    },
    Act.OBJECT: {
        Audience.BODY: _("The supplier objects to the audit team. Propose another one."),
    },
    Act.SCHEDULE: {
        Audience.SUPPLIER: _("The visit is fixed: {first} to {last}."),
        Audience.TEAM: _("The visit is fixed: {first} to {last}."),
    },
    Act.ABORT: {
        Audience.SUPPLIER: _("The audit was aborted during the visit."),
        Audience.BODY: _("The audit was aborted during the visit."),
        Audience.SECRETARIAT: _("The audit was aborted during the visit."),
        Audience.OWNER: _("The audit was aborted during the visit."),
    },
    Act.SIGN: {
        Audience.REVIEWERS: _("A report waits for its review, due {due}."),
    },
    Act.SEND_BACK: {
        Audience.TEAM: _("The reviewer sent the report back. Answer the comments and sign again."),
    },
    Act.PASS_REVIEW: {
        Audience.SUPPLIER: _("The findings can be read. Check the facts by {due}."),
    },
    Act.DISPUTE: {
        Audience.TEAM: _("The supplier disputes facts. Answer each point and sign again."),
    },
    Act.ACCEPT_FACTS: {
        Audience.DECISION_MAKERS: _("A result waits for the decision, due {due}."),
    },
    Act.DEFER: {
        Audience.REVIEWERS: _("The decision was deferred. Review the report again by {due}."),
    },
    Act.ISSUE: {
        Audience.SUPPLIER: _("The result is issued. Read it, and plan the corrective actions."),
        Audience.BODY: _("The result is issued."),
        Audience.TEAM: _("The result is issued."),
    },
    Act.CLOSE: {
        Audience.SUPPLIER: _("The audit is closed: every corrective action has ended."),
    },
    Act.WITHDRAW: {
        Audience.BODY: _("The supplier withdrew the application."),
        Audience.TEAM: _("The supplier withdrew the application."),
    },
    Act.CANCEL: {
        Audience.SUPPLIER: _("The audit was cancelled. Read the reason."),
        Audience.TEAM: _("The audit was cancelled."),
    },
    Act.VOID: {
        Audience.SUPPLIER: _("The audit was declared void. Its result no longer stands."),
        Audience.BODY: _("The audit was declared void. Its result no longer stands."),
        Audience.SECRETARIAT: _("The audit was declared void. Its result no longer stands."),
    },
}


def key_of(audit: Audit, key: str, audience: Audience) -> str:
    """Return under which key an audience is told something about an audit."""
    return f"{audit.number}:{key}:{audience}"


def tell(
    audit: Audit,
    audience: Audience,
    *,
    key: str,
    sentence: Callable[[], str],
    said: str = "",
    path: str = "",
) -> int:
    """Tell an audience of one audit something once; return how many people were told.

    Who belongs to several audiences is told under one key as part of the first one told, and no
    more: the lead of a one-person office is its coordinator too.

    `sentence` is called in each reader's language; `said` is quoted below it, as it was written;
    `path` replaces the page of the audit as where the message leads.
    """
    people, page = AUDIENCES[audience]

    def message() -> Message:
        place = f"{audit.site.supplier.name} {audit.site.name}"
        return Message(
            subject=f"{audit.number} {sentence()}",
            body=f"{place}\n{said}".strip(),
            path=path or reverse(page, args=[audit.number]),
        )

    same = [key_of(audit, key, other) for other in Audience]
    return notify(people(audit), key_of(audit, key, audience), message, same=same)


def key_of_move(event: AuditEvent) -> str:
    """Return the key of what is told of a move; what more is told of it goes under the same."""
    return f"move{event.sequence}"


def tell_of_move(audit: Audit, event: AuditEvent) -> int:
    """Tell everybody whom a move concerns."""
    told = 0
    for audience, text in MOVES.get(Act(event.act), {}).items():
        told += tell(
            audit,
            audience,
            key=key_of_move(event),
            sentence=lambda text=text: str(text).format(**_days(audit)),  # type: ignore[misc]  # bound at once
            said=event.comment,
        )
    return told


def tell_of_lost_places(audit: Audit, places: Iterable[TeamMember]) -> int:
    """Tell those whose place in the team a new proposal gives to somebody else."""
    return sum(
        notify(
            [place.auditor.user],
            f"{audit.number}:lost:{place.pk}",
            lambda: Message(
                f"{audit.number} "
                + str(_("Another audit team was proposed, without you. You need not do anything.")),
                f"{audit.site.supplier.name} {audit.site.name}",
                reverse("portal:offer", args=[audit.number]),
            ),
        )
        for place in places
        if place.answer != Answer.DECLINED
    )


def _days(audit: Audit) -> dict[str, str]:
    days = {"due": audit.due_on, "first": audit.planned_from, "last": audit.planned_until}
    return {name: date_format(day) if day else "–" for name, day in days.items()}
