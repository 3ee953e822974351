"""Holding the closing meeting: the list of what was found, and the site's signature under it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audits import policies
from audits.letters.events import SUMMARY
from audits.models import Audit, ClosingMeeting, Told
from audits.personal_data import refuse_personal_data
from audits.services.guards.visit import TOLD, visit_gaps
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import tell
from audits.signals import closing_signed
from audits.signatures import path_of
from audits.terms import Actor, Judgement, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User

LONGEST = 4_000  # characters of one text
# Clocks of tablets differ a little.
TOLERANCE = timedelta(minutes=10)


def findings_to_tell(audit: Audit) -> list[Told]:
    """Return what the site is to be told: nonconforming or not verified, as the findings stand."""
    return [
        Told(
            code=row.requirement.code,
            title_ja=row.requirement.title_ja,
            title_en=row.requirement.title_en,
            judgement=row.judgement,
            severity=row.effective_severity,
            text=(
                row.report_text if row.judgement == Judgement.NONCONFORMING else row.reason
            ).strip(),
        )
        for row in audit.findings.in_order().filter(judgement__in=TOLD)
    ]


def seal_of(told: Sequence[Told]) -> str:
    """Return a fingerprint of a list as it was shown, to notice that it changed meanwhile."""
    text = json.dumps([asdict(row) for row in told], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def hold_closing(
    *,
    actor: User,
    audit: Audit,
    seal: str,
    held_at: datetime,
    representative: str,
    function: str,
    contested: Mapping[str, str],
    strokes: str = "",
    remarks: str = "",
    reason: str = "",
) -> ClosingMeeting:
    """Record the closing meeting as signed; the supplier is told the same moment.

    `seal` is that of the list that was shown, `contested` the representative's words by code of
    what is contested; the rest is acknowledged. Without `strokes` the typed name is the signature.
    Held again before the visit ends it replaces the earlier one and needs a reason. Raises
    PermissionDenied for anybody but the lead, ValidationError with a sentence otherwise.
    """
    audit = lock(audit)
    if Actor.LEAD not in policies.capacities(actor, audit):
        raise PermissionDenied(_("The closing meeting is recorded by the lead auditor."))
    if audit.status != Status.FIELDWORK:
        raise ValidationError(_("The closing meeting belongs to the visit, which is not open."))
    told = findings_to_tell(audit)
    _check_list(audit, told, seal)
    _check_time(audit, held_at)
    before = audit.closing_meetings.current()
    texts = [representative, function, remarks, reason, *contested.values()]
    _check_texts(representative, function, contested, told, texts)
    if before and not reason.strip():
        raise ValidationError(_("Say why the closing meeting is held again."), code="reason")
    closing = ClosingMeeting(
        audit=audit,
        number=before.number + 1 if before else 1,
        held_at=held_at,
        findings=[
            asdict(
                replace(
                    row,
                    contested=row.code in contested,
                    words=contested.get(row.code, "").strip(),
                )
            )
            for row in told
        ],
        representative=representative.strip(),
        function=function.strip(),
        remarks=remarks.strip(),
        signature=path_of(strokes),
        reason=reason.strip() if before else "",
        recorded_by=actor,
    )
    closing.save()
    Audit.objects.filter(pk=audit.pk).update(closing_meeting_at=held_at, updated_at=timezone.now())
    append_event(
        audit=audit,
        actor=actor,
        act="closing_replaced" if before else "closing_signed",
        comment=closing.reason,
        # No name: what is chained cannot be forgotten. The fingerprint proves what was signed.
        payload={
            "number": closing.number,
            "function": closing.function,
            "contested": sorted(contested),
            "sha256": seal_of(closing.told),
        },
    )
    tell(
        audit,
        SUMMARY,
        key=f"closing{closing.number}",
        path=reverse("portal:preliminary", args=[audit.number]),
    )
    closing_signed.send(sender=ClosingMeeting, closing=closing)
    return closing


def _check_list(audit: Audit, told: Sequence[Told], seal: str) -> None:
    if visit_gaps(audit):
        raise ValidationError(
            _("Some findings are not ready to be told. Complete those that are listed first.")
        )
    if seal != seal_of(told):
        raise ValidationError(
            _(
                "A finding was changed while the list was being gone through. Look at the list "
                "again; the answers given so far are filled in."
            ),
            code="changed",
        )


def _check_time(audit: Audit, held_at: datetime) -> None:
    if held_at > timezone.now() + TOLERANCE:
        raise ValidationError(_("The closing meeting lies in the future. Record it once held."))
    started = audit.started_at
    if started and timezone.localtime(held_at).date() < timezone.localtime(started).date():
        raise ValidationError(_("The closing meeting cannot be before the audit was started."))


def _check_texts(
    representative: str,
    function: str,
    contested: Mapping[str, str],
    told: Sequence[Told],
    texts: Sequence[str],
) -> None:
    if not representative.strip() or not function.strip():
        raise ValidationError(_("Give name and function of the site's representative."))
    if set(contested) - {row.code for row in told}:
        raise ValidationError(_("Only findings of the list can be contested."))
    if not all(words.strip() for words in contested.values()):
        raise ValidationError(_("Write down in the representative's words what is contested."))
    if any(len(text) > LONGEST for text in texts) or max(len(representative), len(function)) > 100:
        raise ValidationError(_("A text is too long. Shorten it."))
    if any("\x00" in text for text in texts):
        raise ValidationError(_("The text has a character that cannot be kept (NUL)."))
    # The representative's own name stands in its field; nobody else's anywhere.
    for text in texts[1:]:
        refuse_personal_data(text)


def contested_words(audit: Audit) -> dict[str, str]:
    """Return what the site's representative contested at the closing meeting, by code."""
    closing = audit.closing_meetings.current()
    return {row.code: row.words for row in closing.contested} if closing else {}
