"""Corrective actions of the demo: each brought as far as its audit's plan says."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

from audits.models import CorrectiveAction
from audits.services.closing import close_when_done
from audits.services.correcting import take_step
from audits.services.correction_files import send_shown
from reports.demo import texts
from reports.demo.pictures import draw

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from audits.models import Audit
    from reports.demo.clock import Clock

# The steps that lead to each end; "plan_returned" and "evidence_returned" wait for the supplier.
WAYS: dict[str, tuple[str, ...]] = {
    "open": (),
    "planned": ("plan",),
    "plan_returned": ("plan", "return_plan"),
    "plan_accepted": ("plan", "accept_plan"),
    "evidence_submitted": ("plan", "accept_plan", "submit_evidence"),
    "evidence_returned": ("plan", "accept_plan", "submit_evidence", "return_evidence"),
    "closed": ("plan", "accept_plan", "submit_evidence", "close"),
    "carried_over": ("plan", "accept_plan", "carry_over"),
}
# Days after the issue on which each step is taken.
AFTER = {
    "plan": 6,
    "return_plan": 9,
    "accept_plan": 10,
    "submit_evidence": 14,
    "return_evidence": 16,
    "close": 16,
    "carry_over": 16,
}
# Days after the plan by which it is to be carried out.
PLANNED_AFTER = 10


def correct(
    audit: Audit,
    ways: tuple[str, ...],
    *,
    clock: Clock,
    manager: User,
    desk: User,
    coordinator: User,
) -> None:
    """Take the steps of every corrective action of an issued audit, in the order of the days."""
    answers = texts.read("corrections")
    remarks = texts.read("remarks")
    issued = clock.moment
    actions = CorrectiveAction.objects.filter(finding__audit=audit).select_related(
        "finding__requirement__category"
    )
    taken: list[tuple[datetime, int, str, CorrectiveAction]] = []
    if ways:
        ordered = actions.order_by("finding__requirement__order")
        for number, (action, way) in enumerate(zip(ordered, cycle(ways), strict=False)):
            for step in WAYS[way]:
                moment = issued + timedelta(days=AFTER[step], minutes=7 * number)
                taken.append((moment, number, step, action))
    for moment, number, step, action in sorted(taken, key=lambda row: row[:2]):
        clock.set(moment)
        fields = answers[str(action.finding.requirement.category.number)]
        person = {"plan": manager, "submit_evidence": manager, "carry_over": coordinator}
        if step == "plan":
            day = clock.today + timedelta(days=PLANNED_AFTER)
            fields = {**fields, "planned_on": min(day, action.close_due_on)}
        elif step == "submit_evidence":
            photo = draw(Random(f"{audit.number} {number}"))  # noqa: S311  a scene, not a secret
            send_shown(actor=manager, action=action, file=photo, name=f"是正後{number + 1}.png")
        take_step(
            actor=person.get(step, desk),
            action=action,
            step=step,
            comment=remarks.get(step, ""),
            **fields,
        )
    if ways and not taken:
        return
    if not actions.exists():
        clock.tick(24 * 60)
        close_when_done(audit)
