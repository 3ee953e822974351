"""How often a person gets mail: at once, or a digest in the morning of each business day."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, User
from accounts.terms import Rhythm
from ui.calendars import add_business_days, is_business_day

if TYPE_CHECKING:
    from datetime import date


def mail_at(person: User, *, urgent: bool, now: datetime) -> datetime:
    """Return when the mail of something told now may go out to the person."""
    if urgent or person.mail_rhythm == Rhythm.AT_ONCE:
        return now
    return next_digest(now)


def next_digest(now: datetime) -> datetime:
    """Return the next morning of a business day in Japan, at MAIL_DIGEST_HOUR."""
    today = timezone.localdate(now)
    if is_business_day(today) and now < _morning(today):
        return _morning(today)
    return _morning(add_business_days(today, 1))


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(settings.MAIL_DIGEST_HOUR)))


@transaction.atomic
def choose_rhythm(*, actor: User, rhythm: str) -> User:
    """Keep how often the person wants mail; what has not been tried yet follows the choice."""
    if rhythm not in Rhythm.values:
        raise ValidationError(_("Choose one of the ways offered."))
    User.objects.filter(pk=actor.pk).update(mail_rhythm=rhythm)
    actor.mail_rhythm = Rhythm(rhythm)
    waiting = Notice.objects.waiting().filter(recipient=actor, urgent=False, attempts=0)
    waiting.update(not_before=mail_at(actor, urgent=False, now=timezone.now()))
    return actor
