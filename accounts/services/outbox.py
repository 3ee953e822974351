"""The outbox of the desk: letters that were given up are tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import Notice, Organisation
from accounts.services.records import record
from accounts.sign_in_letters import LINKS
from accounts.terms import Kind

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.models.notices import NoticeQuerySet

# Their link is not kept: whoever needs one asks for a new one.
NOT_KEPT = [letter.code for letter in LINKS.values()]
ACT = "letters_retried"


def to_retry(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Return those of the notices whose e-mail was given up and can be tried again."""
    return notices.given_up().exclude(kind__in=NOT_KEPT)


@transaction.atomic
def try_again(*, actor: User, notices: NoticeQuerySet) -> int:
    """Send e-mails that were given up with the next round of the mailer; return how many.

    The attempts begin anew. Raises ValidationError when none of them is given up any more.
    """
    if not policies.oversees_mail(actor):
        raise PermissionDenied
    overseen = to_retry(Notice.objects.overseen_by(actor).filter(pk__in=notices.values("pk")))
    # Who clicks at the same moment waits here, and finds none left.
    found = list(overseen.select_for_update(of=("self",)).values_list("pk", "kind"))
    if not found:
        raise ValidationError(
            _("No letter among these is given up any more. Look at the list again."),
            code="moved_on",
        )
    keys = [pk for pk, _kind in found]
    for start in range(0, len(keys), 500):  # SQLite takes a limited number of parameters
        Notice.objects.filter(pk__in=keys[start : start + 500]).update(
            given_up_at=None, attempts=0, not_before=timezone.now()
        )
    record(
        organisation=_seat(actor),
        actor=actor,
        act=ACT,
        payload={"count": len(found), "letters": sorted({kind for _pk, kind in found})},
    )
    return len(found)


def _seat(actor: User) -> Organisation:
    """Return the scheme owner or secretariat for which the actor looks after the mail."""
    seats = policies.organisation_ids(actor, Kind.SCHEME_OWNER) or policies.organisation_ids(
        actor, Kind.SECRETARIAT, policies.DESK
    )
    return Organisation.objects.filter(pk__in=seats).order_by("created_at", "pk")[0]
