"""Clocks of the check of facts: reminders, silence taken as yes, answers that are still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.urls import reverse

from audits.letters.reminders import ANSWERS, FACTS, FACTS_OVER
from audits.models import Audit, FindingComment, SchemeSettings
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock, each
from audits.services.perform import perform
from audits.services.telling import key_of_move, tell
from audits.terms import Act, Status


@clock
def remind_of_facts(today: date) -> int:
    """Remind the supplier to check the facts before silence is taken as yes."""
    # After the last day the facts are accepted: there is nothing to remind of any more.
    marks = [days for days in SchemeSettings.objects.current().reminder_days if days <= 0]
    near = Audit.objects.filter(
        status=Status.FACT_CHECK, due_on__gte=today, due_on__lte=horizon(marks, today)
    ).select_related("site__supplier")
    return send(reminder for audit in near for reminder in _of_facts(audit, marks, today))


def _of_facts(audit: Audit, marks: list[int], today: date) -> Iterator[Reminder]:
    mark = reached(audit.due_on, marks, today) if audit.due_on else None
    if mark is not None:
        yield Reminder(
            audit,
            FACTS,
            f"facts:{audit.due_on}:{mark}",
            {"due": audit.due_on},
            path=reverse("portal:facts", args=[audit.number]),
            urgent=mark >= 0,
        )


@clock
def accept_facts_when_over(today: date) -> int:
    """Accept the facts of audits whose time to check has passed, and say so."""
    late = Audit.objects.filter(status=Status.FACT_CHECK, due_on__lt=today)
    return each(list(late), _accept)


@transaction.atomic
def _accept(audit: Audit) -> None:
    over = audit.due_on
    moved = perform(audit, Act.ACCEPT_FACTS, actor=None, expected_version=audit.version)
    # Who decides is told by the move itself that a result waits, and not twice of one thing.
    key = key_of_move(moved.events.filter(act=Act.ACCEPT_FACTS).latest("sequence"))
    tell(moved, FACTS_OVER, key=key, facts={"due": over})


@clock
def remind_of_answers(today: date) -> int:
    """Remind the lead of comments and disputes without an answer when the report is due."""
    marks = SchemeSettings.objects.current().reminder_days
    near = Audit.objects.filter(status=Status.DRAFTING, due_on__lte=horizon(marks, today))
    rows = FindingComment.objects.unanswered().filter(finding__audit__in=near)
    waiting = Counter(rows.values_list("finding__audit", flat=True))
    return send(
        Reminder(
            audit,
            ANSWERS,
            f"answers:{audit.due_on}:{mark}",
            {"count": waiting[audit.pk], "due": audit.due_on},
            path=reverse("portal:comments", args=[audit.number]),
            urgent=mark >= 0,
        )
        for audit in near.filter(pk__in=waiting).select_related("site__supplier")
        if audit.due_on and (mark := reached(audit.due_on, marks, today)) is not None
    )
