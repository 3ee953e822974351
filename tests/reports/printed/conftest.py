"""An issued audit with its reports printed by a typesetter that needs no second."""

from __future__ import annotations

from typing import Any

import pytest

from audits.models import Audit
from audits.terms import Status
from reports.models import Report
from reports.services.papers import render
from reports.services.printing import Printed
from tests.factories import Scheme, audit_at


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return audit_at(Status.ISSUED, scheme)


@pytest.fixture
def report(audit: Audit) -> Report:
    """The Japanese report, printed."""
    report = Report.objects.get(audit=audit, language="ja")
    assert render(Report, report.pk, typeset=paper)
    report.refresh_from_db()
    return report


def paper(*_arguments: Any) -> Printed:
    return Printed(b"%PDF-1.7 paper", 3, "1")


def other(*_arguments: Any) -> Printed:
    return Printed(b"%PDF-1.7 a newer look", 4, "2")


def jam(*_arguments: Any) -> Printed:
    raise RuntimeError("paper jam")
