"""Clocks of offers: an auditor is reminded the day before; one that is not answered lapses."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.services.notices import Message, notify, told
from audits.models import TeamMember
from audits.services.clocks.registry import clock, each
from audits.services.teams import let_lapse
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
