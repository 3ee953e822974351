"""Corrective action plans: frozen when somebody asks for one, printed in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
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
    from reports.snapshot.values import Data

# (the plan's canonical text, its hash, language) → PDF
Typesetter = Callable[[str, str, str], Printed]
# What differs between two plans that say the same.
OF_THE_MAKING = {"number", "made_at"}
PRINTED = (ReportLanguage.JAPANESE, ReportLanguage.ENGLISH)


@transaction.atomic
def make_plan(*, actor: User, audit: Audit) -> list[ActionPlanPaper]:
    """Freeze the corrective actions of an audit as they stand; a worker prints both papers.

    Who asks again before they are printed, and nothing was changed, gets the same ones. Raises
    PermissionDenied for those who only read, ValidationError when nothing is to be corrected.
    """
    # Nobody takes a step meanwhile: the plan is of one moment.
    audit = lock(audit)
    if not policies.makes_plans(actor, audit):
        raise PermissionDenied
    result = audit.results.order_by("-revision").first()
    pk, now = uuid7(), timezone.now()
    number = f"AP-{timezone.localdate(now):%Y%m%d}-{pk.hex[-8:].upper()}"
    data = plan_of(audit, result, number=number, actor=actor, now=now) if result else {}
    if not data.get("actions"):
        raise ValidationError(_("This audit has no corrective actions."), code="no_actions")
    if waiting := _waiting(audit, actor, data):
        return waiting
    text = canonical(data)
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


def _waiting(audit: Audit, actor: User, data: Data) -> list[ActionPlanPaper]:
    """Return the papers that the same person has just asked for and that will say the same, if any."""
    newest = audit.action_plans.filter(made_by=actor).order_by("-created_at", "-pk").first()
    if newest is None or _said(newest.data) != _said(data):
        return []
    papers = list(newest.papers.order_by("-language"))
    return papers if any(paper.is_unfinished for paper in papers) else []


def _said(data: Data) -> Data:
    """Return what a plan says but for when it was made, as it is read back from its text."""
    said: Data = json.loads(canonical(data))
    return {key: value for key, value in said.items() if key not in OF_THE_MAKING}


def print_plan(row: ActionPlanPaper, typeset: Typesetter, _renew: Renew) -> Printed:
    """Return the paper of a plan; ValidationError when it no longer is what was frozen."""
    plan = row.plan
    return typeset(frozen_text(plan), plan.sha256, row.language)
