"""Guards of the visit and the report: started in time, judged, complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.checks import SIGN_CHECKS, VISIT_CHECKS, Gap, gaps
from audits.models import Audit, Finding, FindingComment
from audits.services.guards.registry import Sentences, guard

if TYPE_CHECKING:
    from audits.workflow import Move


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
    """Return what is missing before the visit can be finished."""
    return gaps(_findings(audit), VISIT_CHECKS)


def sign_gaps(audit: Audit) -> list[Gap]:
    """Return what is missing before the report can be signed."""
    return gaps(_findings(audit), SIGN_CHECKS)


@guard
def every_finding_judged(audit: Audit, move: Move) -> Sentences:
    """Every applicable requirement is judged."""
    missing = visit_gaps(audit)
    if missing:
        codes = [gap.code for gap in missing]
        more = "" if len(codes) <= 12 else f" … (+{len(codes) - 12})"
        yield format_lazy(
            _("{count} requirements have not been assessed yet: {codes}."),
            count=len(codes),
            codes=", ".join(codes[:12]) + more,
        )


@guard
def closing_meeting_recorded(audit: Audit, move: Move) -> Sentences:
    """The closing meeting is recorded."""
    if not move.data.get("closing_meeting_at") and not audit.closing_meeting_at:
        yield _("Record the closing meeting: when it was held and with whom.")


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
