"""What becomes of an audit that is declared void: result, corrective actions, record."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from audits.models import CorrectiveAction
from audits.services.correcting import STEPS, take_step
from audits.services.perform import perform
from audits.services.records import verify_records
from audits.terms import Act, CorrectionStatus, ResultStatus, Status
from tests.factories import Scheme, audit_at, plan_for

pytestmark = pytest.mark.django_db

SUPPLIERS = (CorrectionStatus.PLANNED, CorrectionStatus.EVIDENCE_SUBMITTED)


def test_void_withdraws_the_result_with_its_reason_and_the_open_corrective_actions() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "5-8"))
    first, second = CorrectiveAction.objects.order_by("finding__requirement__order")
    CorrectiveAction.objects.filter(pk=first.pk).update(status=CorrectionStatus.CLOSED)

    perform(audit, Act.VOID, actor=scheme.owner, comment="虚偽の書類")

    result = audit.results.get()
    assert (result.status, result.status_reason) == (ResultStatus.WITHDRAWN, "虚偽の書類")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (CorrectionStatus.CLOSED, CorrectionStatus.WITHDRAWN)
    assert not CorrectiveAction.objects.awaited().exists()
    payload = audit.events.get(act="void").payload
    assert payload["corrective_actions_withdrawn"] == [second.finding.requirement.code]
    assert payload["results_withdrawn"] == [result.number]
    assert verify_records() == (1, [])


@pytest.mark.parametrize("step", sorted(STEPS))
def test_no_step_is_taken_in_a_void_audit(step: str) -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    perform(audit, Act.VOID, actor=scheme.owner, comment="虚偽の書類")
    action = CorrectiveAction.objects.get()
    row = STEPS[step]
    CorrectiveAction.objects.update(status=row.sources[0])
    actor = scheme.manager if row.target in SUPPLIERS else scheme.coordinator

    with override("en"), pytest.raises(ValidationError, match="The audit is void"):
        take_step(actor=actor, action=action, step=step, comment="x", **plan_for(action))

    action.refresh_from_db()
    assert action.status == row.sources[0]
