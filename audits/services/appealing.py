"""Appeals: a supplier contests a result; somebody who had no part in it decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Appeal, AuditEvent, Result, SchemeSettings
from audits.services.assessment import computed_grade
from audits.services.candidates import ties_of_person
from audits.services.closing import close_when_done
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.results import create_result
from audits.services.revising import revise_findings, withdraw_corrections
from audits.services.telling import Audience, tell
from audits.signals import result_issued
from audits.terms import Act, Actor, ResultStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from accounts.models import User
    from audits.models import Audit

HANDLERS = {Actor.SECRETARIAT, Actor.DECISION_MAKER, Actor.OWNER}
# Who did one of these had a part in the review or in the decision.
TOOK_PART = (Act.PASS_REVIEW, Act.SEND_BACK, Act.DEFER, Act.ISSUE, "grade_proposed", "grade_agreed")
APPEALABLE = (ResultStatus.VALID, ResultStatus.SUSPENDED)


def last_day(result: Result) -> date:
    """Return the last day on which the supplier may appeal against the result."""
    return result.issued_on + timedelta(days=SchemeSettings.objects.current().appeal_days)


def why_not(result: Result, audit: Audit) -> str:
    """Return why nobody can appeal against the result now, or an empty text."""
    if result.status not in APPEALABLE:
        return _("This result no longer stands; there is nothing to appeal against.")
    if last_day(result) < timezone.localdate():
        return _("The time to appeal ended on %(day)s.") % {"day": date_format(last_day(result))}
    if Appeal.objects.open().filter(result__audit=audit).exists():
        return _("An appeal against this result is open already.")
    return ""


def may_decide(actor: User, audit: Audit) -> bool:
    """Say whether the actor decides on appeals: secretariat or owner, in whatever state it is."""
    return not policies.capacities(actor, audit).isdisjoint(HANDLERS)


@transaction.atomic
def raise_appeal(*, actor: User, result: Result, grounds: str) -> Appeal:
    """Appeal against a result within the days of the settings; one appeal at a time."""
    audit = lock(result.audit)
    if Actor.SUPPLIER not in policies.capacities(actor, audit):
        raise PermissionDenied
    result = Result.objects.get(pk=result.pk)
    settings, today = SchemeSettings.objects.current(), timezone.localdate()
    if result.status not in APPEALABLE:
        raise ValidationError(
            _("This result no longer stands; there is nothing to appeal against.")
        )
    if last_day(result) < today:
        raise ValidationError(
            _("The time to appeal ended on %(day)s.") % {"day": date_format(last_day(result))}
        )
    if Appeal.objects.open().filter(result__audit=audit).exists():
        raise ValidationError(_("An appeal against this result is open already."))
    if not grounds.strip():
        raise ValidationError(_("Say what is wrong with the result, and why."))
    appeal = Appeal.objects.create(
        result=result,
        grounds=grounds.strip(),
        raised_by=actor,
        due_on=today + timedelta(days=settings.appeal_decision_days),
    )
    append_event(
        audit=audit,
        actor=actor,
        act="appeal_raised",
        comment=appeal.grounds,
        payload={"appeal": str(appeal.pk), "result": result.number},
    )
    for audience in (Audience.SECRETARIAT, Audience.DECISION_MAKERS, Audience.OWNER):
        tell(
            audit,
            audience,
            key=f"appeal:{appeal.pk}",
            sentence=lambda: (
                _("The supplier appeals against the result, to be decided by %(due)s.")
                % {"due": date_format(appeal.due_on)}
            ),
            path=reverse("console:appeal", args=[appeal.pk]),
        )
    return appeal


def dependences(actor: User, appeal: Appeal, audit: Audit) -> list[str]:
    """Return why the actor is not independent enough to decide on the appeal, as sentences."""
    found = []
    if policies.member_of(actor, audit) is not None:
        found.append(_("You were in the audit team. Somebody else must decide on the appeal."))
    took_part = AuditEvent.objects.filter(audit=audit, actor=actor, act__in=TOOK_PART).exists()
    if took_part or actor.pk in (appeal.result.decided_by_id, appeal.result.seconded_by_id):
        found.append(
            _(
                "You took part in the review or the decision. "
                "Somebody else must decide on the appeal."
            )
        )
    if ties_of_person(audit, actor):
        found.append(
            _(
                "You, or somebody of your office, has an engagement with this supplier. "
                "Somebody else must decide on the appeal."
            )
        )
    return found


@transaction.atomic
def dismiss_appeal(*, actor: User, appeal: Appeal, decision: str) -> Appeal:
    """Dismiss an appeal; the result stays as it is."""
    audit, appeal = _deciding(actor, appeal, decision)
    _settle(audit, appeal, actor, upheld=False, decision=decision, changes={})
    close_when_done(audit)
    return appeal


@transaction.atomic
def uphold_appeal(
    *, actor: User, appeal: Appeal, decision: str, changes: Mapping[str, Mapping[str, str]]
) -> Result:
    """Uphold an appeal: change findings, by code, and issue the next revision of the result.

    The grade is computed anew. Corrective actions of findings that are no longer nonconforming are
    withdrawn; The revision before stays readable and is superseded.
    """
    audit, appeal = _deciding(actor, appeal, decision)
    if not changes:
        raise ValidationError(
            _("An upheld appeal changes at least one finding. Otherwise dismiss it.")
        )
    kept = revise_findings(actor=actor, audit=audit, given=changes)
    _settle(audit, appeal, actor, upheld=True, decision=decision, changes=kept)
    result = create_result(
        audit,
        grade=computed_grade(audit).grade,
        decided_by=actor,
        renewed_from=appeal.result.issued_on,
    )
    withdraw_corrections(audit)
    result_issued.send(sender=Result, audit=audit, result=result)
    close_when_done(audit)
    return result


def _deciding(actor: User, appeal: Appeal, decision: str) -> tuple[Audit, Appeal]:
    audit = lock(appeal.result.audit)
    if not may_decide(actor, audit):
        raise PermissionDenied
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("result__audit__site__supplier")
        .get(pk=appeal.pk)
    )
    if appeal.decided_at is not None:
        raise ValidationError(
            _("This appeal has been decided in the meantime. Look at it again."), code="moved_on"
        )
    if obstacles := dependences(actor, appeal, audit):
        raise ValidationError(obstacles)
    if not decision.strip():
        raise ValidationError(_("Give the reasons of the decision: the supplier reads them."))
    return audit, appeal


def _settle(
    audit: Audit,
    appeal: Appeal,
    actor: User,
    *,
    upheld: bool,
    decision: str,
    changes: dict[str, dict[str, Any]],
) -> None:
    appeal.upheld, appeal.decision, appeal.changes = upheld, decision.strip(), changes
    appeal.decided_by, appeal.decided_at = actor, timezone.now()
    appeal.save()
    append_event(
        audit=audit,
        actor=actor,
        act="appeal_upheld" if upheld else "appeal_dismissed",
        comment=appeal.decision,
        payload={"appeal": str(appeal.pk), "changes": changes},
    )
    for audience in (Audience.SUPPLIER, Audience.BODY, Audience.TEAM):
        tell(
            audit,
            audience,
            key=f"appeal-decided:{appeal.pk}",
            sentence=lambda: (
                _("The appeal was upheld. A new revision of the result is issued.")
                if upheld
                else _("The appeal was dismissed. The result stands.")
            ),
            said=appeal.decision,
        )
