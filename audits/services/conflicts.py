"""Conflicts of interest that come to light while an audit runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from audits.auditors.services import engaging
from audits.letters.events import CONFLICT_CLEARED, CONFLICT_FOUND
from audits.models import Audit
from audits.services.candidates import rank
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import Answer, Status

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from accounts.models import User
    from audits.auditors.models import Auditor, Engagement
    from audits.services.candidates import Ranked

# From the proposal of a team until the result: a conflict blocks the start and the issue.
RUNNING = (
    Status.TEAM_PROPOSED,
    Status.SCHEDULED,
    Status.FIELDWORK,
    Status.DRAFTING,
    Status.IN_REVIEW,
    Status.FACT_CHECK,
    Status.DECISION,
)


def declare_engagement(*, actor: User, **fields: Any) -> Engagement:
    """Declare an engagement and flag the running audits that it touches.

    `fields` are those of `audits.auditors.services.engaging.declare_engagement`.
    """
    with transaction.atomic():
        engagement = engaging.declare_engagement(actor=actor, **fields)
        refresh_conflicts(engagement, actor=actor)
    return engagement


def end_engagement(
    *, actor: User, engagement: Engagement, ends_on: date, reason: str = ""
) -> Engagement:
    """Enter the last day of an engagement and look again at the audits that it touches.

    Raises what `audits.auditors.services.engaging.end_engagement` raises, and ValidationError
    when a secretariat would clear an audit of another one.
    """
    with transaction.atomic():
        engagement = engaging.end_engagement(
            actor=actor, engagement=engagement, ends_on=ends_on, reason=reason
        )
        changed = refresh_conflicts(engagement, actor=actor)
        if engaging.may_judge(actor, engagement):
            _check_own(actor, changed)
    return engagement


def withdraw_engagement(*, actor: User, engagement: Engagement, reason: str) -> Engagement:
    """Withdraw an engagement and clear the audits that nothing else touches.

    Raises what `audits.auditors.services.engaging.withdraw_engagement` raises, and
    ValidationError when a secretariat would clear an audit of another one.
    """
    with transaction.atomic():
        engagement = engaging.withdraw_engagement(actor=actor, engagement=engagement, reason=reason)
        _check_own(actor, refresh_conflicts(engagement, actor=actor))
    return engagement


def _check_own(actor: User, changed: list[Audit]) -> None:
    """Refuse, and so undo, what changes audits of secretariats other than the actor's."""
    if accounts.administers_scheme(actor):
        return
    if not all(accounts.coordinates(actor, audit.secretariat_id) for audit in changed):
        raise ValidationError(
            _(
                "An audit of another secretariat is held up by this engagement. Only the scheme "
                "owner can withdraw it or correct its end."
            )
        )


def refresh_conflicts(engagement: Engagement, *, actor: User | None) -> list[Audit]:
    """Look again at every running audit of the engagement's supplier; return those that changed."""
    running = Audit.objects.filter(
        site__supplier=engagement.supplier_id, status__in=RUNNING
    ).order_by("pk")
    return [audit for audit in list(running) if refresh_conflict(audit, actor=actor)]


def conflicts_of(audit: Audit) -> list[str]:
    """Return, of an audit that is flagged, who in the team has which conflict, as sentences."""
    if audit.conflict_found_at is None or audit.status not in RUNNING:
        return []
    rows = rank(audit, _team(audit))
    return [f"{row.auditor.user.name}: {one}" for row in rows for one in row.conflicts]


def tied_in(audit: Audit) -> list[Ranked[Auditor]]:
    """Return who in the team has a tie with the supplier that is not settled."""
    return [row for row in rank(audit, _team(audit)) if row.candidate.ties]


def _team(audit: Audit) -> list[Auditor]:
    return [place.auditor for place in audit.team.all() if place.answer != Answer.DECLINED]


def refresh_conflict(audit: Audit, *, actor: User | None) -> bool:
    """Flag an audit whose team has a tie with the supplier, or clear it; say whether that changed.

    To be called whenever a team or an engagement changed; an audit that has ended is left alone.
    """
    audit = lock(audit)
    if audit.status not in (Status.ACCEPTED, *RUNNING):
        return False
    tied = tied_in(audit)
    if bool(tied) == (audit.conflict_found_at is not None):
        return False
    found = timezone.now() if tied else None
    Audit.objects.filter(pk=audit.pk).update(conflict_found_at=found)
    event = append_event(
        audit=audit,
        actor=actor,
        act="conflict_found" if tied else "conflict_cleared",
        payload={"auditors": [row.auditor.registration_number for row in tied]},
    )
    letter = CONFLICT_FOUND if tied else CONFLICT_CLEARED
    tell(audit, letter, key=f"conflict{event.sequence}")
    return True
