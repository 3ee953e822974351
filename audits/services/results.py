"""Results: created by a decision, and what becomes of them afterwards."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.services.suspensions import BY, imposer
from audits import policies
from audits.letters.events import RESULT_CHANGED, RESULT_EXPIRED
from audits.models import Audit, CorrectiveAction, Result, SchemeSettings
from audits.services.assessment import computed_grade, grading_inputs
from audits.services.independence import bonds
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.repeating import repeats_of
from audits.services.result_suspensions import imposed_by_owner
from audits.services.telling import tell
from audits.signals import result_changed
from audits.terms import Actor, AuditKind, Judgement, ResultStatus, Verification
from suppliers.models import Site

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise

    from accounts.models import User
    from audits.models import Finding
    from audits.repeats import Repeat

# Crockford's alphabet without the letters that are misread on paper.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STANDING = (ResultStatus.VALID, ResultStatus.SUSPENDED)


def create_result(
    audit: Audit,
    *,
    grade: str,
    decided_by: User,
    reason: str = "",
    seconded_by: User | None = None,
) -> Result:
    """Create the next revision of an audit's result and supersede what stood for the site.

    The caller holds the lock of `lock_with_site`, so that two audits of a site that are issued at
    once do not both stand. `inputs` keeps the parameters and every judgement, so
    that anybody can compute the grade again. An older result, of this audit or of an earlier one
    of the site, becomes superseded and names the new one.
    """
    settings = SchemeSettings.objects.current()
    today = timezone.localdate()
    computed = computed_grade(audit)
    revision = audit.results.count() + 1
    renewal_due_on = settings.renewal_due(grade, _renewed_from(audit) or today)
    older = list(
        Result.objects.filter(
            audit__site__in=Site.objects.at_place_of(audit.site), status__in=STANDING
        ).select_related("audit__site__supplier")
    )
    # Before the new one is there: an audit has one valid result.
    Result.objects.filter(pk__in=[row.pk for row in older]).update(
        status=ResultStatus.SUPERSEDED, updated_at=timezone.now()
    )
    result = Result.objects.create(
        audit=audit,
        revision=revision,
        number=audit.number if revision == 1 else f"{audit.number}-{revision}",
        computed_grade=computed.grade,
        score=computed.score,
        grade=grade,
        reason=reason,
        decided_by=decided_by,
        seconded_by=seconded_by,
        inputs=grading_inputs(audit),
        official=audit.pinned_standard.official,
        issued_on=today,
        renewal_due_on=renewal_due_on,
        expires_on=settings.expires(renewal_due_on),
        verification_code="".join(secrets.choice(CODE_ALPHABET) for _position in range(12)),
    )
    Result.objects.filter(pk__in=[row.pk for row in older]).update(superseded_by=result)
    for row in older:
        append_event(
            audit=audit if row.audit_id == audit.pk else lock(row.audit),
            actor=decided_by,
            act="result_superseded",
            payload={"result": row.number, "by": result.number},
        )
        _tell_rooms(row)
    return result


def _renewed_from(audit: Audit) -> date | None:
    """Return the day from which the renewal is counted, None for today.

    Neither an appeal nor a follow-up lengthens the time for which a visit to the whole site speaks.
    """
    while audit.kind == AuditKind.FOLLOW_UP and audit.follows is not None:
        audit = audit.follows
    first = audit.results.order_by("revision").first()
    return first.issued_on if first else None


def _tell_rooms(result: Result) -> None:
    """Let the other rooms know what became of a result."""
    result.refresh_from_db()
    result_changed.send(sender=Result, result=result)


def open_corrections(audit: Audit) -> int:
    """Open a corrective action for each nonconformity that has none; return how many."""
    settings = SchemeSettings.objects.current()
    today = timezone.localdate()
    repeats = repeats_of(audit)
    nonconforming = audit.findings.filter(
        judgement=Judgement.NONCONFORMING, corrective_action=None
    ).select_related("requirement")
    rows = [
        corrective_action(finding, settings, today, repeats.of(finding.requirement_id))
        for finding in nonconforming
    ]
    CorrectiveAction.objects.bulk_create(rows)
    return len(rows)


def corrective_action(
    finding: Finding, settings: SchemeSettings, today: date, repeat: Repeat | None
) -> CorrectiveAction:
    """Return the action with its days and verification: those of the severity, or of a repeat."""
    rule = settings.corrective_deadlines[finding.effective_severity]
    percent = settings.repeat_days_percent if repeat else 100
    plan, close = (ceil(int(rule[name]) * percent / 100) for name in ("plan", "close"))
    on_site = repeat is not None and settings.repeat_verified_on_site
    return CorrectiveAction(
        finding=finding,
        plan_due_on=today + timedelta(days=plan),
        close_due_on=today + timedelta(days=close),
        verification=Verification.ON_SITE if on_site else Verification(rule["verification"]),
        repeat_since=repeat.since if repeat else None,
        repeat_audits=list(repeat.audits) if repeat else [],
    )


@dataclass(frozen=True)
class Change:
    """What may become of a result: from, to, under which name it is recorded."""

    sources: tuple[ResultStatus, ...]
    target: ResultStatus
    act: str
    label: _StrPromise
    final: bool = False


# What the secretariat or the scheme owner does to an issued result.
CHANGES: dict[str, Change] = {
    "suspend": Change(
        (ResultStatus.VALID,),
        ResultStatus.SUSPENDED,
        "result_suspended",
        gettext_lazy("Suspend the result"),
    ),
    "reinstate": Change(
        (ResultStatus.SUSPENDED,),
        ResultStatus.VALID,
        "result_reinstated",
        gettext_lazy("Reinstate the result"),
    ),
    "withdraw": Change(
        STANDING,
        ResultStatus.WITHDRAWN,
        "result_withdrawn",
        gettext_lazy("Withdraw the result"),
        final=True,
    ),
}


def why_not(actor: User, result: Result, change: str) -> str:
    """Return why the actor may not make the change, in whatever state the result is, or "".

    The secretariat's decision makers and the scheme owner do, when they are independent of the
    audit; what the owner suspended only the owner reinstates.
    """
    held = policies.capacities(actor, result.audit)
    if held.isdisjoint({Actor.DECISION_MAKER, Actor.OWNER}):
        return _("The decision makers of the secretariat and the scheme owner change results.")
    if bond := next(bonds(actor, result.audit, decides=True), None):
        return str(bond)
    if change == "reinstate" and Actor.OWNER not in held and imposed_by_owner(result):
        return _("The scheme owner suspended this result. Only the scheme owner reinstates it.")
    return ""


@transaction.atomic
def change_result(*, actor: User, result: Result, change: str, reason: str) -> Result:
    """Suspend, reinstate or withdraw a result; `change` is a key of CHANGES.

    Raises PermissionDenied with the sentence of `why_not`, ValidationError without a reason or when
    the result is not in a fitting state any more.
    """
    row = CHANGES[change]
    audit = lock(result.audit)
    result = Result.objects.select_for_update(of=("self",)).get(pk=result.pk)
    result.audit = audit
    if sentence := why_not(actor, result, change):
        raise PermissionDenied(sentence)
    if not reason.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    if result.status not in row.sources:
        raise ValidationError(
            _("The result is “%(status)s”; this can no longer be done.")
            % {"status": result.get_status_display()}
        )
    before, by = result.status, imposer(actor).value
    result.status, result.status_reason = row.target, reason.strip()
    result.updated_at = timezone.now()
    result.save(update_fields=["status", "status_reason", "updated_at"])
    event = append_event(
        audit=audit,
        actor=actor,
        act=row.act,
        comment=reason.strip(),
        payload={"result": result.number, "from": before, "to": row.target.value, BY: by},
    )
    letter = RESULT_CHANGED[change]
    tell(audit, letter, key=f"result{event.sequence}", said=reason.strip())
    _tell_rooms(result)
    return result


@transaction.atomic
def expire(result: Result) -> Result:
    """Let a result expire whose last day has passed; nothing happens to one that no longer stands."""
    audit = lock(result.audit)
    changed = Result.objects.filter(pk=result.pk, status__in=STANDING).update(
        status=ResultStatus.EXPIRED, updated_at=timezone.now()
    )
    if not changed:
        result.refresh_from_db()
        return result
    append_event(audit=audit, actor=None, act="result_expired", payload={"result": result.number})
    tell(audit, RESULT_EXPIRED, key=f"expired:{result.number}")
    _tell_rooms(result)
    return result
