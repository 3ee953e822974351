"""Clock of change notices: those on which the secretariat has not decided in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from audits.letters.reminders import CHANGE_DUE, CHANGE_LATE
from audits.models import ChangeNotice, SchemeSettings
from audits.services.clocks.marks import Reminder, reached, send
from audits.services.clocks.registry import clock

if TYPE_CHECKING:
    from accounts.letters import Fact


@clock
def remind_of_changes(today: date) -> int:
    """Remind the secretariat on the last day to decide and after it; tell the scheme owner when late."""
    settings = SchemeSettings.objects.current()
    late = (
        ChangeNotice.objects.undecided()
        .filter(due_on__lte=today)
        .select_related("audit__site__supplier")
    )
    return send(reminder for notice in late for reminder in _of_notice(notice, settings, today))


def _of_notice(notice: ChangeNotice, settings: SchemeSettings, today: date) -> Iterator[Reminder]:
    path = reverse("console:change", args=[notice.pk])
    mark = reached(
        notice.due_on, {0, *(days for days in settings.reminder_days if days > 0)}, today
    )
    if mark is None:
        return
    facts: dict[str, Fact] = {"kind": notice.get_kind_display, "due": notice.due_on}
    yield Reminder(notice.audit, CHANGE_DUE, f"change:{notice.pk}:{mark}", facts, path=path)
    # On the last day itself nothing is late yet.
    if reached(notice.due_on, [max(1, settings.escalation_days)], today) is not None:
        yield Reminder(notice.audit, CHANGE_LATE, f"change-late:{notice.pk}", facts, path=path)
