"""What the advisory checks see of an audit, gathered in a constant number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from audits.auditors.terms import Level
from audits.checks import Gap, Report, advise
from audits.checks.likeness import SHORTEST, Alike, Text, alike
from audits.models import Audit, Finding, SchemeSettings
from audits.services.assessment import facts_of
from audits.services.interviews import coverage_of
from audits.terms import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from accounts.models import User

# With how many other audits under the same lead texts are compared, newest first.
COMPARED = 20


def advice_on(*, audit: Audit, findings: Sequence[Finding], reader: User) -> list[Gap]:
    """Return what the checks advise to look at before signing, and again in the review.

    `audit` comes with its people and profile, `findings` in order with their requirement. Other
    audits are named only to a reader who may see them.
    """
    settings = SchemeSettings.objects.current()
    profile = audit.profile
    heard = coverage_of(audit)
    return advise(
        Report(
            findings=findings,
            evidence=list(audit.evidence.exclude(taken_at=None).order_by("number")),
            alike=_alike(audit, findings, reader, settings.similar_text_percent),
            facts=facts_of(profile) if profile else None,
            first=_day(audit.started_at) or audit.planned_from,
            last=_day(audit.finished_at) or audit.planned_until,
            auditors=sum(
                place.answer == Answer.ACCEPTED and place.function != Level.TRAINEE
                for place in audit.team.all()
            ),
            person_days=settings.person_days_of(audit),
            interviews=heard.done,
            counted=heard.counted,
            least=heard.least,
            dependent=heard.dependent,
            few_because=audit.interviews_reason,
        )
    )


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _alike(audit: Audit, findings: Sequence[Finding], reader: User, percent: int) -> list[Alike]:
    """Compare each text with those on the same requirement in the lead's latest other audits."""
    texts = {
        row.requirement.code: row.report_text
        for row in findings
        if len(row.report_text) >= SHORTEST
    }
    leads = [
        place.auditor_id
        for place in audit.team.all()
        if place.function == Level.LEAD and place.answer == Answer.ACCEPTED
    ]
    if not texts or not leads:
        return []
    others = (
        Audit.objects.filter(
            team__auditor__in=leads,
            team__function=Level.LEAD,
            team__answer=Answer.ACCEPTED,
            started_at__isnull=False,
        )
        .exclude(pk=audit.pk)
        .order_by("-started_at")
    )
    numbers: dict[UUID, str] = dict(others.values_list("pk", "number")[:COMPARED])
    named = set(
        Audit.objects.visible_to(reader).filter(pk__in=numbers).values_list("pk", flat=True)
    )
    rows = (
        Finding.objects.filter(audit__in=numbers, requirement__code__in=texts)
        .exclude(report_text="")
        .order_by("pk")
        .values_list("audit", "requirement__code", "report_text")
    )
    written = (
        Text(code, text, numbers[other] if other in named else "") for other, code, text in rows
    )
    return alike(texts, written, percent)
