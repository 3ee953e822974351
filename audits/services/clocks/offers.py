"""Clocks of a proposed team: offers that end or lapse, and the supplier's time to object."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.services.notices import Message, notify, told
from audits.models import Audit, TeamMember
from audits.services.clocks.marks import Reminder, send
from audits.services.clocks.registry import clock, each
from audits.services.teams import let_lapse
from audits.services.telling import Audience
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
    return sum(notify([row.auditor.user], key, partial(_ending, row)) for key, row in rows.items())


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
            Audience.SUPPLIER,
            f"objection:{audit.due_on}",
            partial(_objecting, audit),
            path=reverse("portal:our_team", args=[audit.number]),
        )
        for audit in ending
    )


def _objecting(audit: Audit) -> str:
    return _(
        "You may object to the audit team until %(day)s. Without an answer it counts as agreed."
    ) % {"day": date_format(audit.due_on) if audit.due_on else "–"}


def _ending(member: TeamMember) -> Message:
    audit = member.audit
    return Message(
        _("%(number)s Answer the offer of a place in the audit team by %(day)s.")
        % {
            "number": audit.number,
            "day": date_format(member.answer_by) if member.answer_by else "–",
        },
        f"{audit.site.supplier.name} {audit.site.name}",
        reverse("portal:offer", args=[audit.number]),
    )
