"""Plans of corrective actions that are being written: kept for the supplier alone until they are sent.

A draft obeys the rails of the plan for what it holds. It takes no step: a plan is sent by a manager
who has read it, one corrective action at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audits.models import Audit, CorrectiveAction
from audits.services.correcting import DAYS, MOVED_ON, PLAN_TEXTS
from audits.services.correction_rails import (
    Given,
    day_within_the_deadline,
    refuse,
    refuse_void,
    texts_given,
)
from audits.services.locking import lock
from audits.standards.services.mapping import first_wordings
from audits.terms import CorrectionStatus
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

Refused = list[tuple[CorrectiveAction, list[str]]]


@transaction.atomic
def draft_plan(*, actor: User, action: CorrectiveAction, **fields: Any) -> CorrectiveAction:
    """Keep parts of a plan, by the names of its fields; what is blank is taken out of the draft.

    Raises PermissionDenied for anybody but the supplier's managers, ValidationError when no plan is
    awaited, or for what the rails of the plan refuse, by field.
    """
    audit = lock(Audit.objects.get(findings=action.finding_id))
    action = CorrectiveAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if not suppliers.manages(actor, audit.site.supplier):
        raise PermissionDenied
    refuse_void(audit)
    if action.status != CorrectionStatus.OPEN:
        raise ValidationError(MOVED_ON)
    given = Given("", fields)
    texts = [name for name in PLAN_TEXTS if given.text(name)]
    days = [name for name in DAYS if fields.get(name)]
    rails = [texts_given(*texts), *(day_within_the_deadline for _name in days)]
    refuse(error for rail in rails for error in rail(action, given))
    kept = {name: value for name, value in action.plan_draft.items() if name not in fields}
    action.plan_draft = (
        kept
        | {name: given.text(name) for name in texts}
        | {name: fields[name].isoformat() for name in days}
    )
    action.save(update_fields=["plan_draft"])
    return action


def draft_together(
    *, actor: User, actions: Iterable[CorrectiveAction], **fields: Any
) -> tuple[int, Refused]:
    """Keep the same parts in the drafts of several; return for how many, and which refused and why."""
    done, refused = 0, []
    for action in actions:
        try:
            draft_plan(actor=actor, action=action, **fields)
        except ValidationError as error:
            refused.append((action, error.messages))
        else:
            done += 1
    return done, refused


def plan_of(action: CorrectiveAction) -> dict[str, str]:
    """Return the texts of a plan as it was sent last, or as it is being drafted."""
    return {
        name: text
        for name in PLAN_TEXTS
        if (text := action.plan_draft.get(name) or getattr(action, name))
    }


def same_elsewhere(
    action: CorrectiveAction, actions: Iterable[CorrectiveAction]
) -> list[CorrectiveAction]:
    """Return those of the actions that wait for a plan about the same requirement at other sites."""
    firsts = first_wordings()
    wanted, site = action.finding.requirement_id, action.finding.audit.site_id
    return [
        other
        for other in actions
        if other.status == CorrectionStatus.OPEN
        and other.finding.audit.site_id != site
        and firsts.get(other.finding.requirement_id, other.finding.requirement_id)
        == firsts.get(wanted, wanted)
    ]


def copy_plan(
    *, actor: User, source: CorrectiveAction, targets: Iterable[CorrectiveAction]
) -> tuple[int, Refused]:
    """Copy the texts of a plan into the drafts for the same requirement at other sites.

    The day is not copied: each has a date for closing of its own. Raises ValidationError when there
    is nothing to copy, or no target is about the same requirement.
    """
    texts = plan_of(source)
    if not texts:
        raise ValidationError(_("There is no plan to copy yet. Write it, and keep it, first."))
    fitting = same_elsewhere(source, targets)
    if not fitting:
        raise ValidationError(
            _("Choose at least one corrective action for the same requirement at another site.")
        )
    return draft_together(actor=actor, actions=fitting, **texts)
