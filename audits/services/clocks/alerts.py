"""Clocks of what is contested: alerts that nobody settles, appeals that nobody decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from audits.letters.reminders import ALERT_HALF, ALERT_LATE, APPEAL_DUE, APPEAL_LATE
from audits.models import Alert, Appeal, SchemeSettings
from audits.services.alerting import address, in_words
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock

if TYPE_CHECKING:
    from accounts.letters import Fact


@clock
def remind_of_alerts(today: date) -> int:
    """Remind the secretariat at half time; when the time is over tell it and the scheme owner.

    Alerts are counted in hours: the clock looks at the time of day, not only at `today`.
    """
    now = timezone.now()
    rows = Alert.objects.open().select_related("audit__site__supplier")
    return send(reminder for alert in rows for reminder in _of_alert(alert, now))


def _of_alert(alert: Alert, now: datetime) -> Iterator[Reminder]:
    facts: dict[str, Fact] = {"due": partial(in_words, alert.due_at)}
    if now >= alert.due_at:
        yield Reminder(
            alert.audit, ALERT_LATE, f"alert-late:{alert.pk}", facts, path=address(alert)
        )
    elif now >= alert.raised_at + (alert.due_at - alert.raised_at) / 2:
        yield Reminder(
            alert.audit, ALERT_HALF, f"alert-half:{alert.pk}", facts, path=address(alert)
        )


@clock
def remind_of_appeals(today: date) -> int:
    """Remind the secretariat of appeals to decide; tell the scheme owner of late ones."""
    settings = SchemeSettings.objects.current()
    near = (
        Appeal.objects.open()
        .filter(due_on__lte=horizon(settings.reminder_days, today))
        .select_related("result__audit__site__supplier")
    )
    return send(reminder for appeal in near for reminder in _of_appeal(appeal, settings, today))


def _of_appeal(appeal: Appeal, settings: SchemeSettings, today: date) -> Iterator[Reminder]:
    audit, path = appeal.result.audit, reverse("console:appeal", args=[appeal.pk])
    facts: dict[str, Fact] = {"due": appeal.due_on}
    mark = reached(appeal.due_on, settings.reminder_days, today)
    if mark is not None:
        yield Reminder(
            audit,
            APPEAL_DUE,
            f"appeal:{appeal.pk}:{mark}",
            facts,
            path=path,
            urgent=mark >= 0,
        )
    if reached(appeal.due_on, [settings.escalation_days], today) is not None:
        yield Reminder(audit, APPEAL_LATE, f"appeal-late:{appeal.pk}", facts, path=path)
