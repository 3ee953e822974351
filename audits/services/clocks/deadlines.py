"""Clocks of the desk: who is reminded of a step that is due, and who is told when it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from audits.models import Audit, FindingComment, SchemeSettings
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock
from audits.services.telling import Audience
from audits.terms import Status

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Who is reminded of the step that a state waits for, and of what. The check of facts and the
# offers to auditors have clocks of their own.
STEPS: dict[Status, tuple[Audience, _StrPromise]] = {
    Status.SUBMITTED: (Audience.BODY, gettext_lazy("The application is to be answered by {due}.")),
    Status.TEAM_PROPOSED: (
        Audience.BODY,
        gettext_lazy("The time to object ends on {due}. Then the visit can be fixed."),
    ),
    Status.SCHEDULED: (Audience.TEAM, gettext_lazy("The visit begins on {due}.")),
    Status.DRAFTING: (Audience.LEAD, gettext_lazy("The report is to be signed by {due}.")),
    Status.IN_REVIEW: (Audience.REVIEWERS, gettext_lazy("The review is due on {due}.")),
    Status.DECISION: (Audience.DECISION_MAKERS, gettext_lazy("The decision is due on {due}.")),
}


@clock
def remind_of_steps(today: date) -> int:
    """Remind whoever has the next step, before and after its day; tell the secretariat when late."""
    settings = SchemeSettings.objects.current()
    near = Audit.objects.filter(
        status__in=STEPS, due_on__lte=horizon(settings.reminder_days, today)
    ).select_related("site__supplier", "reviewer")
    drafting = near.filter(status=Status.DRAFTING)
    comments = FindingComment.objects.unanswered().filter(finding__audit__in=drafting)
    owing = set(comments.values_list("finding__audit", flat=True))
    return send(
        reminder
        for audit in near
        for reminder in _reminders(audit, settings, today, owes_answers=audit.pk in owing)
    )


def _reminders(
    audit: Audit, settings: SchemeSettings, today: date, *, owes_answers: bool
) -> Iterator[Reminder]:
    if audit.due_on is None:
        return
    audience, text = STEPS[Status(audit.status)]
    step = f"{audit.status}:{audit.due_on}"
    mark = reached(audit.due_on, settings.reminder_days, today)
    # Whose report waits for answers is reminded of these, with the same day: once is enough.
    if mark is not None and not owes_answers:
        yield Reminder(audit, audience, f"due:{step}:{mark}", lambda: _due(audit, text))
    if reached(audit.due_on, [settings.escalation_days], today) is not None:
        yield Reminder(audit, Audience.SECRETARIAT, f"late:{step}", lambda: _late(audit))


def _due(audit: Audit, text: _StrPromise) -> str:
    return str(text).format(due=date_format(audit.due_on) if audit.due_on else "–")


def _late(audit: Audit) -> str:
    return _("This audit is late: it stands at “%(status)s” and was due on %(due)s.") % {
        "status": audit.get_status_display(),
        "due": date_format(audit.due_on) if audit.due_on else "–",
    }
