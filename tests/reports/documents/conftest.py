"""One issued audit and its printed reports for all tests of the report."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from audits.models import Audit
from audits.terms import Status
from reports.documents import render_pdf
from reports.models import Snapshot
from reports.services.reporting import pictures_of
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = ("1-1", "3-4", "5-7", "9-1")


@pytest.fixture(scope="session")
def _issued(django_db_setup: None, django_db_blocker: Any) -> tuple[Any, Any]:
    """One issued audit for all, as plain data: printing needs no database."""
    from django.test import TestCase  # noqa: PLC0415  the case only lends its transaction

    with django_db_blocker.unblock():
        TestCase.setUpClass()
        try:
            audit = audit_at(Status.ISSUED, Scheme(), nonconforming=CODES)
            data = Snapshot.objects.get(audit=audit).data
            pictures = pictures_of(Audit.objects.get(pk=audit.pk), data)
        finally:
            TestCase.tearDownClass()
    # As long as auditors write, and no two the same, so that pages break within them.
    for row in data["findings"]:
        row["report_text"] = f"{row['code']}の所見。{row['title']['ja']}を確認した。" * 6
    return data, pictures


@pytest.fixture
def data(_issued: tuple[dict[str, Any], Any]) -> dict[str, Any]:
    return _issued[0]


@pytest.fixture
def small(data: dict[str, Any]) -> dict[str, Any]:
    """The same report with three findings, printed in a fraction of the time."""
    return {**data, "findings": data["findings"][:3], "corrective_actions": []}


@pytest.fixture
def pictures(_issued: tuple[Any, dict[str, bytes]]) -> dict[str, bytes]:
    return _issued[1]


@pytest.fixture(scope="session")
def printed(_issued: tuple[dict[str, Any], dict[str, bytes]]) -> Callable[[str], bytes]:
    """Give the report in a language, printed once for all who only read it."""
    data, pictures = _issued
    return cache(lambda language: render_pdf(data, language, pictures=pictures))
