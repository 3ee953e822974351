"""Clocks of a proposed team: offers that end or lapse, and the supplier's time to object."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from accounts.services.notices import notify, told
from audits.letters.reminders import OBJECTION, OFFER
from audits.models import Audit, TeamMember
from audits.services.clocks.marks import Reminder, send
from audits.services.clocks.registry import clock, each
from audits.services.teams import let_lapse
from audits.services.telling import about_audit
from audits.terms import Answer, Status


@clock
def remind_of_offers(today: date) -> int:
    """Remind everybody whose offer ends today or tomorrow, once."""
    ending = TeamMember.objects.filter(
        answer=Answer.OFFERED,
        audit__status=Status.TEAM_PROPOSED,
        answer_by__gte=today,
        answer_by__lte=today + timedelta(days=1),
    ).select_related("audit__site__supplier", "auditor__user")
    rows = {f"{row.audit.number}:offer:{row.pk}": row for row in ending}
    for key in told(rows):
        del rows[key]
    return sum(
        notify(
            [row.auditor.user],
            key,
            about_audit(
                row.audit,
                OFFER,
                {"day": row.answer_by},
                "",
                reverse("portal:offer", args=[row.audit.number]),
            ),
        )
        for key, row in rows.items()
    )


@clock
def end_unanswered_offers(today: date) -> int:
    """Let every offer lapse whose last day has passed."""
    over = TeamMember.objects.filter(
        answer=Answer.OFFERED, audit__status=Status.TEAM_PROPOSED, answer_by__lt=today
    ).select_related("audit")
    return each(list(over), let_lapse)


@clock
def remind_of_objections(today: date) -> int:
    """Remind the supplier, the day before it ends, of the time to object to the team."""
    ending = Audit.objects.filter(
        status=Status.TEAM_PROPOSED,
        team_agreed_at=None,
        due_on__gte=today,
        due_on__lte=today + timedelta(days=1),
    ).select_related("site__supplier")
    return send(
        Reminder(
            audit,
            OBJECTION,
            f"objection:{audit.due_on}",
            {"day": audit.due_on},
            path=reverse("portal:our_team", args=[audit.number]),
        )
        for audit in ending
    )
