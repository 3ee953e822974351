"""What a finding was taken over from, in words: for cards, the review desk, the report and the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import date, datetime

    from audits.models import CorrectiveAction, Finding


def corrected_at(finding: Finding) -> datetime | None:
    """Return when a nonconformity was verified as corrected, None when it was not."""
    action: CorrectiveAction | None = getattr(finding, "corrective_action", None)
    return action.closed_at if action else None


def origin_of(finding: Finding) -> str:
    """Return in a sentence from which audit a finding was taken over; blank for one of this audit.

    For lists, read the findings `with_origin`.
    """
    before = finding.carried_from
    if before is None:
        return ""
    closed = corrected_at(before)
    if closed is not None:
        return _(
            "Not met in audit %(number)s; its corrective action was verified and closed on %(day)s."
        ) % {"number": before.audit.number, "day": date_format(timezone.localdate(closed))}
    seen = _seen_on(before)
    return _("Taken over from audit %(number)s (visit of %(day)s); not looked at again.") % {
        "number": before.audit.number,
        "day": date_format(seen) if seen else "–",
    }


def _seen_on(finding: Finding) -> date | None:
    audit = finding.audit
    return timezone.localdate(audit.finished_at) if audit.finished_at else audit.planned_until
