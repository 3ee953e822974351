"""Whether a result can be submitted somewhere, and the record's entry of its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy as _

from audits.models import Result
from audits.result_states import meaning
from audits.services.locking import lock
from audits.services.records import append_event
from audits.terms import ResultStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from accounts.models import User


# What the supplier does instead, by what became of the result.
WAYS_OUT: dict[str, _StrPromise] = {
    ResultStatus.SUPERSEDED: _("Make the papers from the newer result."),
    ResultStatus.SUSPENDED: _("Ask the secretariat what has to be done."),
    ResultStatus.WITHDRAWN: _("Apply for a new audit."),
    ResultStatus.EXPIRED: _("Apply for a new audit."),
}


def why_not_submit(result: Result) -> str:
    """Return why nobody should be shown this result, with the way out; nothing when it stands."""
    if result.stands:
        return ""
    if result.status == ResultStatus.VALID:
        # It stands by itself; its audit does not.
        said, way = gettext("The audit was declared void."), WAYS_OUT[ResultStatus.WITHDRAWN]
    else:
        said, way = meaning(result.status), WAYS_OUT[result.status]
    return " ".join((said, str(way)))


def record_submission(*, actor: User, result: Result, number: str, target: str) -> Result:
    """Write into the audit's record that papers were made; return the result as it is under the lock.

    Called inside the transaction that freezes the papers.
    """
    audit = lock(result.audit)
    append_event(
        audit=audit,
        actor=actor,
        act="submission_made",
        comment=target,
        payload={"note": number, "result": result.number},
    )
    return Result.objects.select_related("audit").get(pk=result.pk)
