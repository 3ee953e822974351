"""Corrective action plans: frozen when somebody asks for one, printed in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.models import CorrectiveAction
from audits.services.locking import lock
from reports import policies
from reports.models import ActionPlan, ActionPlanPaper
from reports.services.printing import Printed, Renew, frozen_text
from reports.snapshot import canonical, fingerprint
from reports.snapshot.plans import SCHEMA_VERSION, plan_of
from reports.terms import ReportLanguage

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit

# (the plan's canonical text, its hash, language) → PDF
Typesetter = Callable[[str, str, str], Printed]
PRINTED = (ReportLanguage.JAPANESE, ReportLanguage.ENGLISH)


@transaction.atomic
def make_plan(*, actor: User, audit: Audit) -> list[ActionPlanPaper]:
    """Freeze the corrective actions of an audit as they stand; a worker prints both papers.

    Raises PermissionDenied for those who only read, ValidationError when nothing is to be corrected.
    """
    # Nobody takes a step meanwhile: the plan is of one moment.
    audit = lock(audit)
    if not policies.makes_plans(actor, audit):
        raise PermissionDenied
    result = audit.results.order_by("-revision").first()
    if result is None or not CorrectiveAction.objects.filter(finding__audit=audit).exists():
        raise ValidationError(_("This audit has no corrective actions."), code="no_actions")
    pk, now = uuid7(), timezone.now()
    number = f"AP-{timezone.localdate(now):%Y%m%d}-{pk.hex[-8:].upper()}"
    text = canonical(plan_of(audit, result, number=number, actor=actor, now=now))
    plan = ActionPlan.objects.create(
        pk=pk,
        audit=audit,
        number=number,
        made_by=actor,
        schema_version=SCHEMA_VERSION,
        content=text,
        sha256=fingerprint(text),
        created_at=now,
    )
    return [ActionPlanPaper.objects.create(plan=plan, language=language) for language in PRINTED]


def print_plan(row: ActionPlanPaper, typeset: Typesetter, _renew: Renew) -> Printed:
    """Return the paper of a plan; ValidationError when it no longer is what was frozen."""
    plan = row.plan
    return typeset(frozen_text(plan), plan.sha256, row.language)
