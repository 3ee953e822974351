"""Who imposed the suspension of a result, and so who lifts it; and that a revision inherits it.

Source: as for designations (`accounts.services.suspensions`): what the scheme owner stopped, a
secretariat must not permit again. Who imposed it is in the audit's record, which nobody can change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.services.suspensions import BY
from accounts.terms import Kind
from audits.models import AuditEvent
from audits.services.records import append_event
from audits.terms import ResultStatus

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Result


def imposed_by_owner(result: Result) -> bool:
    """Say whether the result is suspended and the scheme owner suspended it."""
    return result.status == ResultStatus.SUSPENDED and _imposer(result) == Kind.SCHEME_OWNER


def stay_suspended(*, actor: User, result: Result, before: Result) -> None:
    """Suspend a new revision as the one before it was: for the same reason, lifted by the same.

    The caller holds the lock on the audit. A revision says what was found, not whether the
    doubts for which the result was suspended are gone.
    """
    result.status, result.status_reason = ResultStatus.SUSPENDED, before.status_reason
    result.updated_at = timezone.now()
    result.save(update_fields=["status", "status_reason", "updated_at"])
    append_event(
        audit=result.audit,
        actor=actor,
        act="result_suspended",
        comment=before.status_reason,
        payload={"result": result.number, "as": before.number, BY: _imposer(before)},
    )


def _imposer(result: Result) -> str:
    last = (
        AuditEvent.objects.filter(
            audit=result.audit_id, act="result_suspended", payload__result=result.number
        )
        .order_by("-sequence")
        .first()
    )
    return str(last.payload.get(BY, "")) if last else ""
