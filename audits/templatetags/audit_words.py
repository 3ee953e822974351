"""Words and tones of audits for templates: how late, which colour, what an act is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from audits.change_terms import ChangeDecision
from audits.origins import origin_of
from audits.terms import CorrectionStatus, Judgement, ResultStatus, Severity, Status
from suppliers.prefectures import prefecture_name
from suppliers.terms import Language

if TYPE_CHECKING:
    from audits.models import Finding, TeamMember
    from audits.portal.auditor.sheets import Sheet

register = template.Library()

TONES: dict[str, str] = {
    Status.SUBMITTED: "indigo",
    Status.ACCEPTED: "indigo",
    Status.TEAM_PROPOSED: "indigo",
    Status.SCHEDULED: "navy",
    Status.FIELDWORK: "navy",
    Status.DRAFTING: "navy",
    Status.IN_REVIEW: "indigo",
    Status.FACT_CHECK: "amber",
    Status.DECISION: "indigo",
    Status.ISSUED: "moss",
    Status.ABORTED: "red",
    Status.VOID: "red",
}
SEVERITY_TONES: dict[str, str] = {
    Severity.UNACCEPTABLE: "red",
    Severity.MAJOR: "amber",
    Severity.MINOR: "amber",
}
JUDGEMENT_TONES: dict[str, str] = {
    Judgement.CONFORMING: "moss",
    Judgement.NONCONFORMING: "red",
    Judgement.UNVERIFIABLE: "amber",
}
CORRECTION_TONES: dict[str, str] = {
    CorrectionStatus.OPEN: "amber",
    CorrectionStatus.PLANNED: "indigo",
    CorrectionStatus.PLAN_ACCEPTED: "navy",
    CorrectionStatus.EVIDENCE_SUBMITTED: "indigo",
    CorrectionStatus.CLOSED: "moss",
}
RESULT_TONES: dict[str, str] = {
    ResultStatus.VALID: "moss",
    ResultStatus.SUSPENDED: "amber",
    ResultStatus.WITHDRAWN: "red",
}
CHANGE_TONES: dict[str, str] = {
    ChangeDecision.NOTHING: "moss",
    ChangeDecision.DESK: "indigo",
    ChangeDecision.SPECIAL: "red",
}
GRADE_TONES = {"A": "moss", "B": "navy", "none": "red"}


register.filter("origin", origin_of)


@register.filter
def due(value: date | None) -> str:
    """Return how far away a day is: 3 days left, due today, 2 days overdue; "–" for nothing."""
    if value is None:
        return "–"
    days = (value - timezone.localdate()).days
    if days == 0:
        return _("due today")
    if days > 0:
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    return ngettext("%(count)d day overdue", "%(count)d days overdue", -days) % {"count": -days}


@register.filter
def status_tone(value: str) -> str:
    """Return the tone of a state of an audit."""
    return TONES.get(value, "")


@register.filter
def holder_of(sheet: Sheet, finding: Finding) -> TeamMember | None:
    """Return whose the requirement is in a divided team; None for nobody's."""
    return sheet.holder_of(finding)


@register.filter
def severity_tone(value: str) -> str:
    """Return the tone of a severity."""
    return SEVERITY_TONES.get(value, "")


@register.filter
def standard_tone(value: str) -> str:
    """Return the tone of the state of a version of the standard."""
    return {"active": "indigo", "sunset": "amber"}.get(value, "")


@register.filter
def severity_label(value: str) -> str:
    """Return a severity in words, empty for none."""
    return str(Severity(value).label) if value in Severity.values else ""


@register.filter
def judgement_tone(value: str) -> str:
    """Return the tone of a judgement."""
    return JUDGEMENT_TONES.get(value, "")


@register.filter
def correction_tone(value: str) -> str:
    """Return the tone of a state of a corrective action."""
    return CORRECTION_TONES.get(value, "")


@register.filter
def result_tone(value: str) -> str:
    """Return the tone of a state of a result."""
    return RESULT_TONES.get(value, "")


@register.filter
def change_tone(value: str) -> str:
    """Return the tone of a decision on a change."""
    return CHANGE_TONES.get(value, "")


@register.filter
def grade_tone(value: str) -> str:
    """Return the tone of a grade."""
    return GRADE_TONES.get(value, "")


@register.filter
def languages(codes: list[str]) -> str:
    """Return spoken languages in words, joined as in a list."""
    return "・".join(str(Language(code).label) for code in codes if code in Language.values)


@register.filter
def prefecture(code: int | None) -> str:
    """Return the name of a prefecture in the reader's language."""
    return prefecture_name(code)
