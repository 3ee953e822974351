"""Corrective actions, brought on through the services."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audits.services.correcting import take_step
from audits.services.correction_files import send_shown
from tests.factories.pictures import picture

if TYPE_CHECKING:
    from audits.models import CorrectiveAction
    from tests.factories.walks import Scheme


def plan_for(action: CorrectiveAction, **changes: Any) -> dict[str, Any]:
    """What the supplier writes into the plan of a corrective action."""
    return {
        "root_cause": "置き場が決まっていない。",
        "correction": "台車を移した。",
        "prevention": "床に線を引く。",
        "responsible": "製造課長",
        "planned_on": max(timezone.localdate(), action.close_due_on - timedelta(days=7)),
        **changes,
    }


def show(scheme: Scheme, action: CorrectiveAction) -> CorrectiveAction:
    """The supplier adds a photo of what was done and says so."""
    send_shown(actor=scheme.manager, action=action, file=picture(), name="IMG_0412.jpg")
    return take_step(
        actor=scheme.manager, action=action, step="submit_evidence", evidence_note="線を引いた。"
    )


def correct(scheme: Scheme, action: CorrectiveAction) -> CorrectiveAction:
    """Take a corrective action from the plan to its close."""
    take_step(actor=scheme.manager, action=action, step="plan", **plan_for(action))
    take_step(actor=scheme.desk, action=action, step="accept_plan")
    show(scheme, action)
    return take_step(actor=scheme.desk, action=action, step="close", comment="現場で確認した。")
