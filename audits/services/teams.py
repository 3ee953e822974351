"""The audit team: proposed, answered by its members, agreed by the supplier, scheduled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits.letters.reminders import OFFER_LAPSED
from audits.models import Audit, TeamMember
from audits.services.locking import lock
from audits.services.perform import perform
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import Act, Answer, Status, Threat
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from audits.auditors.models import Auditor


class Place(TypedDict):
    """One proposed place: the auditor and the function (lead, member, trainee)."""

    auditor: Auditor
    function: str


def propose_team(
    *,
    actor: User,
    audit: Audit,
    team: Sequence[Place],
    interpreters: bool = False,
    expected_version: int | None = None,
) -> Audit:
    """Propose a team in one go; everybody is asked. `interpreters`: languages are arranged for."""
    return perform(
        audit,
        Act.PROPOSE_TEAM,
        actor=actor,
        data={"team": team, "interpreters": interpreters},
        expected_version=expected_version,
    )


@transaction.atomic
def accept_offer(
    *, actor: User, member: TeamMember, declaration: Mapping[str, bool], note: str = ""
) -> TeamMember:
    """Accept a place with the signed declaration on all four threats to impartiality.

    A yes to any threat is kept and stands in the way of scheduling until the place is given to
    somebody else. Raises ValidationError when a threat is not answered.
    """
    audit, member = _offered(actor, member)
    if set(declaration) != set(Threat.values):
        raise ValidationError(_("Answer all four questions of the conflict declaration."))
    member.declaration = {
        **{str(key): bool(value) for key, value in declaration.items()},
        "note": note,
    }
    member.answer = Answer.ACCEPTED
    return _answer(actor, audit, member)


@transaction.atomic
def decline_offer(*, actor: User, member: TeamMember, reason: str) -> TeamMember:
    """Decline a place; the reason is for the coordinator."""
    audit, member = _offered(actor, member)
    if not reason.strip():
        raise ValidationError(_("Give the coordinator a short reason."))
    member.decline_reason = reason.strip()
    member.answer = Answer.DECLINED
    return _answer(actor, audit, member)


def _offered(actor: User, member: TeamMember) -> tuple[Audit, TeamMember]:
    audit = lock(member.audit)
    member = TeamMember.objects.select_related("auditor").get(pk=member.pk)
    if member.auditor.user_id != actor.pk:
        raise PermissionDenied
    if audit.status != Status.TEAM_PROPOSED or member.answer != Answer.OFFERED:
        raise ValidationError(_("This offer was answered already or is no longer open."))
    if member.answer_by is not None and member.answer_by < timezone.localdate():
        raise ValidationError(
            _("The time to answer ended on %(day)s. Speak to the coordinator.")
            % {"day": date_format(member.answer_by)}
        )
    return audit, member


def _answer(actor: User, audit: Audit, member: TeamMember) -> TeamMember:
    member.answered_at = timezone.now()
    member.save()
    append_event(
        audit=audit,
        actor=actor,
        act=f"offer_{member.answer}",
        comment=member.decline_reason,
        payload={
            "auditor": member.auditor.registration_number,
            "function": member.function,
            "conflict": member.declared_conflict,
        },
    )
    return member


@transaction.atomic
def let_lapse(member: TeamMember) -> TeamMember:
    """End an offer that was not answered in time: the place is free for somebody else."""
    audit = lock(member.audit)
    member = TeamMember.objects.select_related("auditor__user").get(pk=member.pk)
    if member.answer != Answer.OFFERED:
        return member
    member.answer = Answer.DECLINED
    with translation.override("ja"):  # kept as text, in the language of the scheme
        member.decline_reason = _("No answer by the deadline.")
    member.save()
    append_event(
        audit=audit,
        actor=None,
        act="offer_lapsed",
        payload={
            "auditor": member.auditor.registration_number,
            "function": member.function,
            "answer_by": member.answer_by.isoformat() if member.answer_by else "",
        },
    )
    tell(
        audit,
        OFFER_LAPSED,
        key=f"lapsed:{member.pk}",
        facts={"name": member.auditor.user.name},
    )
    return member


@transaction.atomic
def agree_team(*, actor: User, audit: Audit) -> Audit:
    """Let the supplier agree to the team before the time to object is over."""
    audit = lock(audit)
    if not suppliers.manages(actor, audit.site.supplier):
        raise PermissionDenied
    if audit.status != Status.TEAM_PROPOSED:
        raise ValidationError(_("There is no proposed team to agree to."))
    if audit.team_agreed_at is None:
        Audit.objects.filter(pk=audit.pk).update(team_agreed_at=timezone.now())
        append_event(audit=audit, actor=actor, act="agree_team")
        audit.refresh_from_db()
    return audit


def schedule(
    *,
    actor: User,
    audit: Audit,
    planned_from: date,
    planned_until: date,
    person_days: Decimal,
    person_days_reason: str = "",
    expected_version: int | None = None,
) -> Audit:
    """Fix the visit: first and last day, person-days, and the reason when they are fewer."""
    return perform(
        audit,
        Act.SCHEDULE,
        actor=actor,
        data={
            "planned_from": planned_from,
            "planned_until": planned_until,
            "person_days": person_days,
            "person_days_reason": person_days_reason,
        },
        expected_version=expected_version,
    )
