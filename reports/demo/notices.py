"""The demo's people have been told things in the past; no mail goes out for that."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import Notice

# What is older has been read.
FRESH = timedelta(days=5)


def settle_notices() -> int:
    """Take every notice of the walk as mailed, and the older ones as read; return how many."""
    notices = Notice.objects.filter(sent_at=None)
    notices.filter(created_at__lt=timezone.now() - FRESH).update(read_at=F("created_at"))
    return notices.update(sent_at=F("created_at"))
