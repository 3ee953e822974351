"""The straight way through the life of an audit, and its record."""

from __future__ import annotations

import pytest

from audits.models import CorrectiveAction, Result
from audits.services.records import verify_records
from audits.terms import Status
from tests.factories import PATH, audit_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", PATH)
def test_audit_reaches_every_state_of_the_straight_way(status: Status) -> None:
    audit = audit_at(status)

    assert audit.status == status
    assert verify_records() == (1, [])


def test_issue_creates_result_and_corrective_actions() -> None:
    audit = audit_at(Status.ISSUED, nonconforming=("5-7", "6-8"))

    result = Result.objects.get(audit=audit)
    assert result.status == "valid"
    assert result.grade == result.computed_grade
    assert not result.official
    assert CorrectiveAction.objects.filter(finding__audit=audit).count() == 2
