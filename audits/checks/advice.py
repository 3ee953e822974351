"""Checks that only advise: what the lead should look at before signing, and the reviewer again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.checks.completeness import Gap
from audits.standards.conditions import applies, reason_not_applicable
from audits.terms import Judgement, Method

if TYPE_CHECKING:
    from datetime import date

    from audits.checks.likeness import Alike
    from audits.models import Evidence, Finding
    from audits.standards.conditions import SiteFacts


@dataclass(frozen=True)
class Report:
    """A report as the checks see it: its findings and what is known around them.

    `findings` come in order with their requirement; `auditors` are those of the team who count,
    without trainees; `person_days` is what the rule asks for; `interviews` is how many were held, `counted`
    how many of them count towards `least`, what the rule asks for; `dependent` are languages that
    an interpreter of the site or its broker interpreted; `few_because` is the reason given.
    """

    findings: Sequence[Finding]
    evidence: Sequence[Evidence] = ()
    alike: Sequence[Alike] = ()
    facts: SiteFacts | None = None
    first: date | None = None
    last: date | None = None
    auditors: int = 0
    person_days: float = 0
    interviews: int = 0
    counted: int = 0
    least: int = 0
    dependent: Sequence[str] = ()
    few_because: str = ""


Advice = Callable[[Report], Iterator[Gap]]


def applicability_fits_profile(report: Report) -> Iterator[Gap]:
    """What applies to the site, by its profile, is assessed, and nothing else is."""
    if report.facts is None:
        return
    for finding in report.findings:
        requirement = finding.requirement
        holds = applies(requirement.condition, report.facts)
        if holds and finding.judgement == Judgement.NOT_APPLICABLE:
            yield Gap(
                requirement.code,
                _("Judged not applicable, but by the site profile the requirement applies.")
                if requirement.condition
                else _("Judged not applicable, but the requirement applies to every site."),
            )
        elif not holds and finding.judgement in (
            Judgement.CONFORMING,
            Judgement.NONCONFORMING,
            Judgement.UNVERIFIABLE,
        ):
            yield Gap(
                requirement.code,
                format_lazy(
                    _("Assessed, but by the site profile it does not apply: {reason}"),
                    reason=reason_not_applicable(requirement.condition),
                ),
            )


def texts_are_own(report: Report) -> Iterator[Gap]:
    """No text is nearly that of another audit under the same lead."""
    for row in report.alike:
        if row.where:
            sentence = _("The text is to {percent}% that of the same requirement in {where}.")
        else:
            sentence = _(
                "The text is to {percent}% that of the same requirement in another audit "
                "under the same lead."
            )
        yield Gap(row.code, format_lazy(sentence, percent=row.percent, where=row.where))


def long_enough_on_site(report: Report) -> Iterator[Gap]:
    """The team was on site for as many person-days as the rule asks for."""
    if report.first is None or report.last is None:
        return
    days = (report.last - report.first).days + 1
    spent = days * report.auditors
    if spent < report.person_days:
        yield Gap(
            "",
            format_lazy(
                _(
                    "The team was on site for {spent} person-days (days: {days}, auditors without "
                    "trainees: {auditors}). The rule asks for {rule}."
                ),
                spent=spent,
                days=days,
                auditors=report.auditors,
                rule=f"{report.person_days:g}",
            ),
        )


def conformity_heard(report: Report) -> Iterator[Gap]:
    """A report in which everything conforms rests on interviews too."""
    judged = {finding.judgement for finding in report.findings} - {Judgement.NOT_APPLICABLE}
    heard = report.interviews or any(Method.INTERVIEW in row.methods for row in report.findings)
    if judged == {Judgement.CONFORMING} and not heard:
        yield Gap("", _("Everything was judged conforming, and nobody was interviewed."))


def enough_heard(report: Report) -> Iterator[Gap]:
    """As many were interviewed as the rule asks for, before interpreters who are independent."""
    if report.counted < report.least:
        yield Gap(
            "",
            format_lazy(
                _("{count} interviews count; the rule asks for {least}. Reason given: {reason}"),
                count=report.counted,
                least=report.least,
                reason=report.few_because or "–",
            ),
        )
    if report.dependent:
        yield Gap(
            "",
            format_lazy(
                _(
                    "Interviews in {languages} were interpreted by somebody whom the site or its "
                    "broker employs; they do not count."
                ),
                languages="、".join(report.dependent),
            ),
        )


def evidence_from_visit(report: Report) -> Iterator[Gap]:
    """Photos were taken on the days of the visit."""
    if report.first is None or report.last is None:
        return
    codes = {finding.pk: finding.requirement.code for finding in report.findings}
    for piece in report.evidence:
        if piece.taken_at is None:
            continue
        day = timezone.localdate(piece.taken_at)
        if not report.first <= day <= report.last:
            yield Gap(
                codes.get(piece.finding_id, "") if piece.finding_id else "",
                format_lazy(
                    _("{evidence} was taken on {day}, which is not a day of the visit."),
                    evidence=piece.label,
                    day=date_format(day),
                ),
            )


ADVICE: tuple[Advice, ...] = (
    long_enough_on_site,
    conformity_heard,
    enough_heard,
    applicability_fits_profile,
    texts_are_own,
    evidence_from_visit,
)


def advise(report: Report) -> list[Gap]:
    """Return what the checks advise to look at: about the whole report, then in its order."""
    found = [gap for check in ADVICE for gap in check(report)]
    order = {row.requirement.code: number for number, row in enumerate(report.findings, 1)}
    return sorted(found, key=lambda gap: order.get(gap.code, 0))
