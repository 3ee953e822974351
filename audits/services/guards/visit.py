"""Guards of the visit and the report: started in time, judged, complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.checks import SIGN_CHECKS, VISIT_CHECKS, Gap, gaps, judged, looks_personal
from audits.models import Audit, ClosingMeeting, Finding, FindingComment
from audits.services.guards.registry import Sentences, guard
from audits.services.interviews import coverage_of
from audits.terms import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.workflow import Move


# What the site is told at the closing meeting.
TOLD = (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)


@guard
def within_visit_dates(audit: Audit, move: Move) -> Sentences:
    """Today is one of the visit days."""
    today = timezone.localdate()
    if audit.planned_from is None or audit.planned_until is None:
        yield _("The visit has no dates yet.")
    elif not audit.planned_from <= today <= audit.planned_until:
        yield format_lazy(
            _(
                "The visit is planned from {first} to {last}. "
                "Start it on one of these days, or have the dates changed."
            ),
            first=date_format(audit.planned_from),
            last=date_format(audit.planned_until),
        )


def visit_gaps(audit: Audit) -> list[Gap]:
    """Return what is missing before the closing meeting can be held and the visit finished."""
    return gaps(_findings(audit), VISIT_CHECKS)


def sign_gaps(audit: Audit) -> list[Gap]:
    """Return what is missing before the report can be signed."""
    strata = (row.stratum for row in audit.samples.all())
    return gaps(_findings(audit), SIGN_CHECKS) + [
        Gap("", sentence, "interviews") for sentence in looks_personal(*strata)
    ]


@guard
def every_finding_judged(audit: Audit, move: Move) -> Sentences:
    """Every applicable requirement is judged."""
    missing = gaps(_findings(audit), (judged,))
    if missing:
        yield format_lazy(
            _("{count} requirements have not been assessed yet: {codes}."),
            count=len(missing),
            codes=_some(gap.code for gap in missing),
        )


@guard
def findings_tellable(audit: Audit, move: Move) -> Sentences:
    """What the site is told gives no worker away."""
    yield from (str(gap) for gap in visit_gaps(audit) if gap.field != "judgement")


@guard
def closing_meeting_recorded(audit: Audit, move: Move) -> Sentences:
    """The site's representative has signed the findings as they are judged now."""
    closing = audit.closing_meetings.current()
    if closing is None:
        yield _("Hold the closing meeting and have the list of findings signed.")
    elif changed := changed_since(audit, closing):
        yield format_lazy(
            _(
                "Judged otherwise since the closing meeting: {codes}. Hold it again, so that the "
                "site signs what was found."
            ),
            codes=_some(changed),
        )


def changed_since(audit: Audit, closing: ClosingMeeting) -> list[str]:
    """Return the codes whose judgement or severity is no longer what the site was told."""
    told = {row.code: (row.judgement, row.severity) for row in closing.told}
    now = {
        row.requirement.code: (row.judgement, row.effective_severity)
        for row in audit.findings.in_order()
    }
    return [
        code
        for code, stands in now.items()
        if (code in told or stands[0] in TOLD) and stands != told.get(code)
    ]


def _some(codes: Iterable[str]) -> str:
    """Return the first codes of a list, and how many more there are."""
    rows = list(codes)
    more = "" if len(rows) <= 12 else f" … (+{len(rows) - 12})"
    return ", ".join(rows[:12]) + more


@guard
def interviews_enough_or_reasoned(audit: Audit, move: Move) -> Sentences:
    """As many interviews as the rule and the plan ask for, or the reason why not."""
    if audit.interviews_reason:
        return
    heard = coverage_of(audit)
    if heard.counted < heard.least:
        yield format_lazy(
            _(
                "{count} interviews count, and a site of this size needs at least {least}. Hold "
                "the others, or give the reason for fewer interviews."
            ),
            count=heard.counted,
            least=heard.least,
        )
    if heard.short:
        yield format_lazy(
            _("Fewer than planned were heard of: {groups}. Give the reason for fewer interviews."),
            groups="、".join(f"{row.stratum} {row.done}/{row.planned}" for row in heard.short),
        )


@guard
def findings_complete(audit: Audit, move: Move) -> Sentences:
    """Nonconformities have severity, text and evidence; exceptions have reasons; no personal data."""
    for gap in sign_gaps(audit):
        yield str(gap)


@guard
def disputes_answered(audit: Audit, move: Move) -> Sentences:
    """Every review comment and dispute has an answer."""
    open_comments = FindingComment.objects.unanswered().filter(finding__audit=audit)
    for comment in open_comments.select_related("finding__requirement"):
        yield format_lazy(
            _("{code}: answer the {kind} first."),
            code=comment.finding.requirement.code,
            kind=comment.get_kind_display(),
        )


def _findings(audit: Audit) -> list[Finding]:
    return list(audit.findings.in_order().prefetch_related("evidence"))
