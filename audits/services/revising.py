"""Changing findings after the issue: only by an upheld appeal, only for the better, kept as was and is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from audits.models import CorrectiveAction, Finding
from audits.personal_data import personal_data_in
from audits.services.assessment import outcomes
from audits.standards.grading import Grade, grade
from audits.terms import CorrectionStatus, Judgement, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Audit
    from audits.models.corrections import CorrectiveActionQuerySet

# What an appeal can change, and to what.
CHANGEABLE = (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)
TARGETS = (
    Judgement.CONFORMING,
    Judgement.NONCONFORMING,
    Judgement.NOT_APPLICABLE,
    Judgement.UNVERIFIABLE,
)
KEPT = ("judgement", "severity", "report_text", "reason", "clauses_not_met")


@dataclass(frozen=True)
class Change:
    """What becomes of one finding: the new judgement, the new severity, and why."""

    judgement: str
    severity: str = ""
    reason: str = ""


def changes_from(given: Mapping[str, Mapping[str, str]]) -> dict[str, Change]:
    """Return changes by code from plain data: {"5-7": {"judgement": …, "severity": …, "reason": …}}."""
    return {
        code: Change(
            str(row.get("judgement", "")),
            str(row.get("severity", "")),
            str(row.get("reason", "")).strip(),
        )
        for code, row in given.items()
    }


def grade_after(audit: Audit, given: Mapping[str, Mapping[str, str]]) -> Grade:
    """Return the grade that the changes would give; nothing is changed."""
    changes = changes_from(given)
    rows = []
    for row in outcomes(audit):
        if change := changes.get(row.code):
            severity = change.severity if change.judgement == Judgement.NONCONFORMING else ""
            row = replace(row, judgement=change.judgement, severity=severity or row.severity)  # noqa: PLW2901  the changed row takes its place
        rows.append(row)
    return grade(audit.pinned_standard.parameters, rows)


def revise_findings(
    *, actor: User, audit: Audit, given: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    """Change findings as an appeal was upheld; return for each code what it is, why, and what it was.

    The caller holds the lock on the audit and has checked who acts. Raises ValidationError, one
    sentence per finding, for a change that is not for the better or has no reason.
    """
    findings = {
        finding.requirement.code: finding
        for finding in audit.findings.select_for_update(of=("self",))
        .select_related("requirement")
        .filter(requirement__code__in=given)
    }
    changes = changes_from(given)
    wrong = [
        ValidationError(f"{code}: {sentence}")
        for code, change in changes.items()
        if (sentence := _refusal(findings.get(code), change))
    ]
    if wrong:
        raise ValidationError(wrong)
    return {code: _revise(actor, findings[code], change) for code, change in changes.items()}


def _refusal(finding: Finding | None, change: Change) -> str:  # noqa: PLR0911  one sentence each
    """Return why the change cannot be made, or ""."""
    if finding is None or finding.judgement not in CHANGEABLE:
        return _("Only what was not met or could not be verified can be changed by an appeal.")
    if change.judgement not in TARGETS:
        return _("Choose one of the judgements.")
    if change.judgement == finding.judgement == Judgement.NONCONFORMING:
        graver = list(Severity.values)
        if change.severity not in graver:
            return _("Choose one of the severities.")
        if graver.index(change.severity) <= graver.index(finding.effective_severity):
            return _("An appeal can only lower a severity. Choose a lower one or change nothing.")
    elif change.judgement == Judgement.NONCONFORMING:
        return _("An appeal does not add a nonconformity.")
    elif change.judgement == finding.judgement:
        return _("Nothing is changed. Choose another judgement or leave the finding as it is.")
    if not change.reason:
        return _("Give a reason: it is printed in the new revision of the report.")
    if found := personal_data_in(change.reason):
        label, passage = found[0]
        return _(
            "“%(passage)s” looks like %(label)s. Take it out: no worker may be identifiable."
        ) % {"passage": passage, "label": label}
    return ""


def _revise(actor: User, finding: Finding, change: Change) -> dict[str, Any]:
    before = {name: getattr(finding, name) for name in KEPT}
    finding.judgement = change.judgement
    if change.judgement == Judgement.NONCONFORMING:
        finding.severity = change.severity
    else:
        # What was wrong no longer is: the first revision and the record keep the old text.
        finding.severity, finding.clauses_not_met, finding.report_text = "", [], ""
    if change.judgement == Judgement.CONFORMING:
        finding.report_text, finding.reason = change.reason, ""
    else:
        finding.reason = change.reason
    finding.preset, finding.carried_from = False, None
    finding.version += 1
    finding.changed_by, finding.changed_at = actor, timezone.now()
    finding.save()
    return {
        "judgement": finding.judgement,
        "severity": finding.severity,
        "reason": change.reason,
        "was": before,
    }


def withdraw_corrections(audit: Audit) -> list[str]:
    """Withdraw open corrective actions of what is no longer nonconforming; return their codes."""
    gone = CorrectiveAction.objects.exclude(finding__judgement=Judgement.NONCONFORMING)
    return _withdraw(gone.filter(finding__audit=audit))


def withdraw_every_correction(audit: Audit) -> list[str]:
    """Withdraw all open corrective actions of an audit that became void; return their codes."""
    return _withdraw(CorrectiveAction.objects.filter(finding__audit=audit))


def _withdraw(actions: CorrectiveActionQuerySet) -> list[str]:
    rows = list(
        actions.awaited()
        .select_related("finding__requirement")
        .order_by("finding__requirement__order")
    )
    CorrectiveAction.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=CorrectionStatus.WITHDRAWN, updated_at=timezone.now()
    )
    return [row.finding.requirement.code for row in rows]
