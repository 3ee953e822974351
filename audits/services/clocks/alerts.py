"""Clocks of what is contested: alerts that nobody settles, appeals that nobody decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits.models import Alert, Appeal, SchemeSettings
from audits.services.alerting import address, in_words
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock
from audits.services.telling import Audience


@clock
def remind_of_alerts(today: date) -> int:
    """Remind the secretariat at half time; when the time is over tell it and the scheme owner.

    Alerts are counted in hours: the clock looks at the time of day, not only at `today`.
    """
    now = timezone.now()
    rows = Alert.objects.open().select_related("audit__site__supplier")
    return send(reminder for alert in rows for reminder in _of_alert(alert, now))


def _of_alert(alert: Alert, now: datetime) -> Iterator[Reminder]:
    if now >= alert.due_at:
        for audience in (Audience.SECRETARIAT, Audience.OWNER):
            yield Reminder(
                alert.audit,
                audience,
                f"alert-late:{alert.pk}",
                partial(_late, alert),
                path=address(alert),
            )
    elif now >= alert.raised_at + (alert.due_at - alert.raised_at) / 2:
        yield Reminder(
            alert.audit,
            Audience.SECRETARIAT,
            f"alert-half:{alert.pk}",
            partial(_half, alert),
            path=address(alert),
        )


def _half(alert: Alert) -> str:
    return _("A critical alert waits to be confirmed or cancelled by %(due)s.") % {
        "due": in_words(alert.due_at)
    }


def _late(alert: Alert) -> str:
    return _(
        "A critical alert is overdue: it was to be settled by %(due)s. The scheme owner may settle "
        "it too."
    ) % {"due": in_words(alert.due_at)}


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
    mark = reached(appeal.due_on, settings.reminder_days, today)
    if mark is not None:
        yield Reminder(
            audit,
            Audience.SECRETARIAT,
            f"appeal:{appeal.pk}:{mark}",
            partial(_due, appeal),
            path=path,
        )
    if reached(appeal.due_on, [settings.escalation_days], today) is not None:
        yield Reminder(
            audit,
            Audience.OWNER,
            f"appeal-late:{appeal.pk}",
            partial(_undecided, appeal),
            path=path,
        )


def _due(appeal: Appeal) -> str:
    return _("An appeal is to be decided by %(due)s.") % {"due": date_format(appeal.due_on)}


def _undecided(appeal: Appeal) -> str:
    return _("An appeal has not been decided: it was due on %(due)s.") % {
        "due": date_format(appeal.due_on)
    }
