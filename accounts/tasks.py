"""Work of this room that runs by itself: the e-mails of notices."""

from __future__ import annotations

from celery import shared_task

from accounts.services.mailing import send_notices


@shared_task
def mail_notices() -> int:
    """Send the e-mails that are due; return how many went out."""
    return send_notices()
