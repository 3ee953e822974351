"""One scheme, its target of submissions, and a result of grade A."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from audits.models import Result
from audits.terms import Status
from reports.models import SubmissionTarget
from tests.factories import Scheme, audit_at
from ui.calendars import add_months

if TYPE_CHECKING:
    pass


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def target(db: None) -> SubmissionTarget:
    return SubmissionTarget.objects.offered()[0]


@pytest.fixture
def result(scheme: Scheme) -> Result:
    """A result of grade A with some time left."""
    audit = audit_at(Status.ISSUED, scheme, nonconforming=())
    Result.objects.filter(audit=audit).update(
        grade="A", renewal_due_on=add_months(timezone.localdate(), 14) + timedelta(days=3)
    )
    return Result.objects.select_related("audit__site__supplier").get(audit=audit)
