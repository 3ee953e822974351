"""Appeals: a supplier contests a result; somebody who had no part in it decides."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits import policies
from audits.letters.audiences import Audience
from audits.letters.events import (
    APPEAL_DISMISSED,
    APPEAL_RAISED,
    APPEAL_UPHELD,
    APPEAL_UPHELD_SUSPENDED,
    DESKS,
)
from audits.models import Appeal, Result, SchemeSettings
from audits.models.audits import SHAREABLE
from audits.services.assessment import computed_grade
from audits.services.closing import close_when_done
from audits.services.guards.designations import revision_stopped
from audits.services.independence import Bond, bonds, refuse_bound
from audits.services.locking import lock, lock_with_site
from audits.services.records import append_event
from audits.services.result_suspensions import stay_suspended
from audits.services.results import create_result
from audits.services.revising import revise_findings, withdraw_corrections
from audits.services.telling import tell
from audits.signals import result_issued
from audits.terms import Act, Actor, GradeLetter, ResultStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from accounts.models import User
    from audits.models import Audit

HANDLERS = {Actor.SECRETARIAT, Actor.DECISION_MAKER, Actor.OWNER}
# Who did one of these had a part in the review, in the decision, or in an earlier appeal.
TOOK_PART = (
    "take_review",
    Act.PASS_REVIEW,
    Act.SEND_BACK,
    Act.DEFER,
    Act.ISSUE,
    "grade_proposed",
    "grade_agreed",
    "grade_refused",
    "appeal_dismissed",
    "appeal_upheld",
)
APPEALABLE = (ResultStatus.VALID, ResultStatus.SUSPENDED)
BEST_FIRST = list(GradeLetter.values)


def last_day(result: Result) -> date:
    """Return the last day on which the supplier may appeal against the result."""
    return result.issued_on + timedelta(days=SchemeSettings.objects.current().appeal_days)


def why_not(result: Result, audit: Audit) -> str:
    """Return why nobody can appeal against the result now, or an empty text."""
    if result.status not in APPEALABLE or audit.status not in SHAREABLE:
        return _("This result no longer stands; there is nothing to appeal against.")
    if Appeal.objects.open().filter(result__audit=audit).exists():
        return _("An appeal against this result is open already.")
    decided = Appeal.objects.filter(result=result, decided_at__isnull=False).first()
    if decided is not None and decided.decided_at is not None:
        return _(
            "Your appeal against this result was decided on %(day)s: it was dismissed. "
            "A result can be appealed against once."
        ) % {"day": date_format(timezone.localdate(decided.decided_at))}
    if (last := last_day(result)) < timezone.localdate():
        return _("The time to appeal ended on %(day)s.") % {"day": date_format(last)}
    return ""


def may_decide(actor: User, audit: Audit) -> bool:
    """Say whether the actor decides on appeals: secretariat or owner, in whatever state it is."""
    return not policies.capacities(actor, audit).isdisjoint(HANDLERS)


@transaction.atomic
def raise_appeal(*, actor: User, result: Result, grounds: str) -> Appeal:
    """Appeal against a result within the days of the settings; once against each revision.

    Raises PermissionDenied for others than managers of the supplier, ValidationError with the
    sentence of `why_not`, or without grounds.
    """
    audit = lock(result.audit)
    if Actor.SUPPLIER not in policies.capacities(actor, audit):
        raise PermissionDenied(_("An appeal is raised by a manager of the supplier."))
    result = Result.objects.get(pk=result.pk)
    if sentence := why_not(result, audit):
        raise ValidationError(sentence)
    if not grounds.strip():
        raise ValidationError(_("Say what is wrong with the result, and why."))
    days = SchemeSettings.objects.current().appeal_decision_days
    appeal = Appeal.objects.create(
        result=result,
        grounds=grounds.strip(),
        raised_by=actor,
        due_on=timezone.localdate() + timedelta(days=days),
    )
    _touch(result)
    append_event(
        audit=audit,
        actor=actor,
        act="appeal_raised",
        comment=appeal.grounds,
        payload={"appeal": str(appeal.pk), "result": result.number},
    )
    tell(
        audit,
        APPEAL_RAISED,
        key=f"appeal:{appeal.pk}",
        facts={"due": appeal.due_on},
        path=partial(_page, appeal),
    )
    return appeal


def dependences(actor: User, audit: Audit) -> list[Bond]:
    """Return what makes the actor too dependent to decide on the appeal."""
    return list(bonds(actor, audit, decides=True, acts=TOOK_PART))


def why_no_revision(actor: User, audit: Audit) -> list[str]:
    """Return why the actor may not issue a revision now, as sentences; dismissing is still possible."""
    return [str(one) for one in revision_stopped(audit, policies.capacities(actor, audit))]


@transaction.atomic
def dismiss_appeal(*, actor: User, appeal: Appeal, decision: str) -> Appeal:
    """Dismiss an appeal; the result stays as it is."""
    audit, appeal = _deciding(actor, appeal, decision)
    _settle(audit, appeal, actor, upheld=False, decision=decision)
    _touch(appeal.result)
    close_when_done(audit)
    return appeal


@transaction.atomic
def uphold_appeal(
    *, actor: User, appeal: Appeal, decision: str, changes: Mapping[str, Mapping[str, str]]
) -> Result:
    """Uphold an appeal: change findings, by code, and issue the next revision of the result.

    The grade is computed anew and never becomes worse: where the one appealed against was a
    reasoned deviation for the better, it stays with its reason. Corrective actions of findings
    that are no longer nonconforming are withdrawn; the revision before stays readable and is
    superseded. What was suspended stays so, for the same reason, until somebody reinstates it.
    Raises ValidationError for the secretariat while its designation does not permit issuing.
    """
    audit, appeal = _deciding(actor, appeal, decision)
    if stopped := why_no_revision(actor, audit):
        raise ValidationError([ValidationError(one, code="issue_stopped") for one in stopped])
    old = appeal.result
    if old.status not in APPEALABLE or audit.status not in SHAREABLE:
        raise ValidationError(
            _("The result no longer stands and cannot be revised. Dismiss the appeal.")
        )
    kept = revise_findings(actor=actor, audit=audit, given=changes)
    computed = computed_grade(audit).grade
    grade = min(computed, old.grade, key=BEST_FIRST.index)
    if not kept and grade == old.grade:
        raise ValidationError(
            _("Nothing would change. Change at least one finding, or dismiss the appeal."),
            code="unchanged",
        )
    withdrawn = withdraw_corrections(audit)
    deviates = grade != computed
    result = create_result(
        audit,
        grade=grade,
        decided_by=actor,
        reason=old.reason if deviates else "",
        seconded_by=old.seconded_by if deviates else None,
    )
    if suspended := old.status == ResultStatus.SUSPENDED:
        stay_suspended(actor=actor, result=result, before=old)
    more = {
        "revision": result.number,
        "grades": [old.grade, str(result.grade)],
        "corrective_actions_withdrawn": withdrawn,
        "suspended": suspended,
    }
    _settle(audit, appeal, actor, upheld=True, decision=decision, changes=kept, more=more)
    result_issued.send(sender=Result, audit=audit, result=result)
    close_when_done(audit)
    return result


def _deciding(actor: User, appeal: Appeal, decision: str) -> tuple[Audit, Appeal]:
    audit = lock_with_site(appeal.result.audit)
    if not may_decide(actor, audit):
        raise PermissionDenied(_("The secretariat or the scheme owner decides on appeals."))
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("result__audit__site__supplier")
        .get(pk=appeal.pk)
    )
    if appeal.decided_at is not None:
        raise ValidationError(
            _("This appeal has been decided in the meantime. Look at it again."), code="moved_on"
        )
    refuse_bound(actor, audit, decides=True, acts=TOOK_PART)
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
    changes: dict[str, dict[str, Any]] | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    appeal.upheld, appeal.decision, appeal.changes = upheld, decision.strip(), changes or {}
    appeal.decided_by, appeal.decided_at = actor, timezone.now()
    appeal.save()
    append_event(
        audit=audit,
        actor=actor,
        act="appeal_upheld" if upheld else "appeal_dismissed",
        comment=appeal.decision,
        payload={
            "appeal": str(appeal.pk),
            "result": appeal.result.number,
            "changes": changes or {},
            **(more or {}),
        },
    )
    upheld_letter = APPEAL_UPHELD_SUSPENDED if (more or {}).get("suspended") else APPEAL_UPHELD
    tell(
        audit,
        upheld_letter if upheld else APPEAL_DISMISSED,
        key=f"appeal-decided:{appeal.pk}",
        said=appeal.decision,
        path=partial(_page, appeal),
    )


def _page(appeal: Appeal, audience: Audience) -> str:
    """Return the page of the appeal for those who are told of it; the team has none."""
    if audience == Audience.SUPPLIER:
        return reverse("portal:our_appeal", args=[appeal.result.audit.number])
    return reverse("console:appeal", args=[appeal.pk]) if audience in DESKS else ""


def _touch(result: Result) -> None:
    """Let brands who ask for changes see that the result is under appeal, or no longer."""
    Result.objects.filter(pk=result.pk).update(updated_at=timezone.now())
