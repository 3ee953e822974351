"""Whose audits the supplier's pages show, and who may act on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts import policies as accounts
from accounts.terms import Kind
from audits.models import Audit, CorrectiveAction
from audits.terms import CorrectionStatus, Status
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.models.audits import AuditQuerySet
    from audits.models.corrections import CorrectiveActionQuerySet

# States of a corrective action in which the supplier has to do something.
SUPPLIERS_TURN = (CorrectionStatus.OPEN, CorrectionStatus.PLAN_ACCEPTED)


# States in which somebody looks at what the supplier sent.
BEING_CHECKED = (CorrectionStatus.PLANNED, CorrectionStatus.EVIDENCE_SUBMITTED)


def own_audits(user: User) -> AuditQuerySet:
    """Return the audits of the user's own company."""
    mine = accounts.organisation_ids(user, Kind.SUPPLIER)
    return Audit.objects.visible_to(user).filter(site__supplier__organisation__in=mine)


def own_audit(request: UserRequest, number: str) -> Audit:
    """Return one own audit with what policies ask for, or 404."""
    rows = own_audits(request.user).with_people().select_related("profile")
    return get_object_or_404(rows, number=number)


def managed_audit(request: UserRequest, number: str) -> Audit:
    """Return one own audit the user may act on: 404 when not own, 403 for a reader."""
    audit = own_audit(request, number)
    if not suppliers.manages(request.user, audit.site.supplier):
        raise PermissionDenied
    return audit


def own_draft(request: UserRequest, number: str) -> Audit | None:
    """Return the draft application to be filled in, or None once it was submitted."""
    audit = managed_audit(request, number)
    return audit if audit.status == Status.DRAFT else None


def own_actions(user: User) -> CorrectiveActionQuerySet:
    """Return the corrective actions of the user's own company."""
    return CorrectiveAction.objects.visible_to(user).filter(
        finding__audit__in=own_audits(user).values("pk")
    )


def awaiting_a_plan(user: User) -> CorrectiveActionQuerySet:
    """Return the own corrective actions that wait for a plan, the most urgent first."""
    rows = own_actions(user).filter(status=CorrectionStatus.OPEN)
    return rows.select_related("finding__requirement", "finding__audit__site__supplier").order_by(
        "plan_due_on", "finding__audit__number", "finding__requirement__order"
    )


@dataclass(frozen=True)
class Waiting:
    """How many corrective actions of an audit wait for the supplier, and the first due date."""

    count: int
    due: date


def waiting_actions(user: User, audits: Iterable[Audit]) -> dict[UUID, Waiting]:
    """Return what waits for the supplier in each audit where something does, in one query."""
    rows = own_actions(user).filter(
        finding__audit__in=[audit.pk for audit in audits], status__in=SUPPLIERS_TURN
    )
    dues: dict[UUID, list[date]] = defaultdict(list)
    for audit, status, plan, close in rows.values_list(
        "finding__audit", "status", "plan_due_on", "close_due_on"
    ):
        dues[audit].append(min(plan, close) if status == CorrectionStatus.OPEN else close)
    return {audit: Waiting(len(days), min(days)) for audit, days in dues.items()}
