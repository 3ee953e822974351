"""Clock of change notices: those on which the secretariat has not decided in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits.models import ChangeNotice, SchemeSettings
from audits.services.clocks.marks import Reminder, reached, send
from audits.services.clocks.registry import clock
from audits.services.telling import Audience


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
    marks = {0, *(days for days in settings.reminder_days if days > 0)}
    yield Reminder(
        notice.audit,
        Audience.SECRETARIAT,
        f"change:{notice.pk}:{reached(notice.due_on, marks, today)}",
        partial(_due, notice),
        path=path,
    )
    # On the last day itself nothing is late yet.
    if reached(notice.due_on, [max(1, settings.escalation_days)], today) is not None:
        yield Reminder(
            notice.audit,
            Audience.OWNER,
            f"change-late:{notice.pk}",
            partial(_undecided, notice),
            path=path,
        )


def _due(notice: ChangeNotice) -> str:
    return _(
        "A change that the supplier reported (%(kind)s) waits for a decision, due on %(due)s."
    ) % {
        "kind": notice.get_kind_display(),
        "due": date_format(notice.due_on),
    }


def _undecided(notice: ChangeNotice) -> str:
    return _(
        "Nobody has decided on a change that the supplier reported: it was due on %(due)s. "
        "The scheme owner may decide too."
    ) % {"due": date_format(notice.due_on)}
