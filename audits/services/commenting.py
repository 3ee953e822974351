"""Comments on findings before they are sent: kept for whoever writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audits.models import CommentDraft
from audits.services.locking import lock
from audits.services.perform import may
from audits.terms import Act
from audits.workflow import TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Audit

WHOLE = ""  # under this code stands what is said on the whole report
LONGEST = 2_000  # characters of one comment


@transaction.atomic
def keep_comments(*, actor: User, audit: Audit, act: Act, texts: Mapping[str, str]) -> CommentDraft:
    """Keep what somebody writes for `act` (sending back, disputing) without sending it.

    `texts` is by code of the requirement, or WHOLE; codes that are not given stay as they were, a
    blank text takes one out. Raises PermissionDenied for people who may not do the act,
    ValidationError when it is not open any more or a text is too long.
    """
    audit = lock(audit)
    row = TRANSITIONS[act]
    if not may(actor, audit, row):
        raise PermissionDenied(_("You may not do this on this audit."))
    if audit.status not in row.sources:
        raise ValidationError(
            _("The audit has moved on in the meantime. Look at it again."), code="moved_on"
        )
    if any(len(text) > LONGEST for text in texts.values()):
        raise ValidationError(
            _("The text is longer than %(limit)d characters. Shorten it."),
            params={"limit": LONGEST},
        )
    codes = {WHOLE, *audit.findings.values_list("requirement__code", flat=True)}
    draft, _created = CommentDraft.objects.select_for_update().get_or_create(
        audit=audit, author=actor
    )
    kept = draft.texts | {code: text.strip() for code, text in texts.items() if code in codes}
    draft.texts = {code: text for code, text in kept.items() if text}
    draft.saved_at = timezone.now()
    draft.save()
    return draft


def kept_comments(*, actor: User, audit: Audit) -> dict[str, str]:
    """Return what somebody wrote on an audit and has not sent, by code of the requirement."""
    draft = CommentDraft.objects.visible_to(actor).filter(audit=audit).first()
    return dict(draft.texts) if draft else {}
