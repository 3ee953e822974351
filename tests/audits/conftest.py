"""What the tests of audits have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.services.records import verify_organisations
from audits.services.records import verify_records
from tests.factories import Scheme

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def scheme(db: None, request: pytest.FixtureRequest) -> Iterator[Scheme]:
    """The people and organisations of one scheme; whatever happens to them, its records hold."""
    yield Scheme()
    if not request.node.get_closest_marker("past_the_record"):
        assert verify_records()[1] == []
        assert verify_organisations()[1] == []
