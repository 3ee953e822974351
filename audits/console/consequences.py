"""What follows from acts, as sentences to read before confirming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, ngettext

from audits.models import SchemeSettings
from audits.terms import Act, Judgement

if TYPE_CHECKING:
    from audits.models import Audit


def consequences(act: Act, audit: Audit) -> list[str]:
    """Return what the act brings about, most important first; empty when nothing needs saying."""
    match act:
        case Act.ISSUE:
            return _of_issue(audit)
        case Act.CANCEL:
            return [
                _("The audit ends here; it cannot be taken up again, only applied for anew."),
                _("The supplier and the audit team read the reason you give."),
                _("Findings and evidence collected so far are kept, but no result is issued."),
            ]
        case Act.VOID:
            return [
                _(
                    "The result is withdrawn; whoever verifies the report sees that it no longer stands."
                ),
                _("Open corrective actions are withdrawn; the supplier need do nothing more."),
                _("Brands with whom the result was shared are told that it was withdrawn."),
                _("The record, the findings and the report stay readable for the scheme."),
            ]
        case Act.RETURN:
            return [
                _(
                    "The application becomes a draft again; the supplier can change and resubmit it."
                ),
                _("The supplier reads the reason you give."),
            ]
        case Act.DEFER:
            return [
                _("The report goes back to the review; the reviewer reads the reason you give.")
            ]
        case Act.SUBMIT:
            return [_("From here on the supplier can no longer change the application.")]
        case _:
            return []


def _of_issue(audit: Audit) -> list[str]:
    count = audit.findings.filter(judgement=Judgement.NONCONFORMING).count()
    days = SchemeSettings.objects.current().appeal_days
    said = [
        _("The findings can no longer be changed and the audit report is made."),
        _("The supplier is told the result and can share it with brands."),
    ]
    if count:
        said.append(
            ngettext(
                "%(count)d corrective action is opened, with deadlines by severity.",
                "%(count)d corrective actions are opened, with deadlines by severity.",
                count,
            )
            % {"count": count}
        )
    said.append(
        _(
            "The supplier can contest the result in writing within %(days)d days. Issuing cannot be undone."
        )
        % {"days": days}
    )
    return said


def consequences_of_change(change: str) -> list[str]:
    """Return what follows from suspending, reinstating or withdrawing a result."""
    told = _("The supplier, the audit body and the secretariat are told, with your reason.")
    if change == "reinstate":
        return [
            _("The result stands again; whoever verifies the report sees that it does."),
            told,
        ]
    out = [_("The reports are marked as withdrawn, and the result leaves the statistics.")]
    return [
        _("Whoever verifies the report, and every brand it is shared with, sees the new state."),
        *(out if change == "withdraw" else ()),
        _("The findings and corrective actions go on; the report stays readable."),
        told,
    ]
