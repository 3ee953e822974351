"""What the tests of audits have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.services.records import verify_organisations
from audits.services.records import verify_records
from audits.terms import Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.models import Audit


@pytest.fixture
def scheme(db: None, request: pytest.FixtureRequest) -> Iterator[Scheme]:
    """The people and organisations of one scheme; whatever happens to them, its records hold."""
    yield Scheme()
    if not request.node.get_closest_marker("past_the_record"):
        assert verify_records()[1] == []
        assert verify_organisations()[1] == []


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    """An audit whose visit is going on, for tests that do not need another."""
    return audit_at(Status.FIELDWORK, scheme)
