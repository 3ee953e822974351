"""Two brands, two suppliers, and a client for each service account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.service_accounts import issue_token
from audits.terms import Status
from reports.models import Report
from reports.services.papers import render
from reports.services.printing import Printed
from reports.services.reporting import request_report
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant
from tests.factories.memory import memory

if TYPE_CHECKING:
    from accounts.models import Organisation
    from audits.models import Audit
    from suppliers.models import SharingGrant

API = "/api/v1"


@dataclass
class Api:
    """A client of the export with one token."""

    token: str

    def get(self, path: str, **headers: str) -> Any:
        """GET a path below /api/v1/, or a whole address."""
        signed = {"authorization": f"Token {self.token}"} if self.token else {}
        address = path if path.startswith("http") else f"{API}/{path}"
        return Client().get(address, headers={**signed, **headers})

    def json(self, path: str) -> Any:
        """GET what has to succeed."""
        answer: Any = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def rows(self, path: str) -> list[Any]:
        """GET a list's first page."""
        found: list[Any] = self.json(path)["results"]
        return found


@memory.remembered
def client_of(brand: Organisation) -> Api:
    """A client that has been used, so that noting its use is not part of what is counted."""
    token = issue_token(actor=None, brand=brand)
    User.objects.filter(is_service=True, memberships__organisation=brand).update(
        last_login=timezone.now()
    )
    return Api(token)


@pytest.fixture
def ours(db: None) -> Scheme:
    return Scheme()


@pytest.fixture
def theirs(db: None) -> Scheme:
    """A second scheme with its own supplier and brand."""
    return Scheme()


@pytest.fixture
def brand(ours: Scheme) -> Api:
    return client_of(ours.brand)


@pytest.fixture
def stranger(theirs: Scheme) -> Api:
    return client_of(theirs.brand)


@pytest.fixture
def nobody() -> Api:
    return Api("")


@dataclass
class Shared:
    """An issued audit and the grant that shows it."""

    audit: Audit
    grant: SharingGrant


@pytest.fixture
def shared(ours: Scheme) -> Shared:
    """Our audit, shared in full with our brand."""
    return Shared(audit_at(Status.ISSUED, ours), make_grant(ours.site, ours.brand, Level.FULL))


PDF = b"%PDF-1.7 printed"


def make_report(audit: Audit, language: str = "ja") -> Report:
    """A report of the audit that was printed, by a typesetter that needs no second."""
    report = request_report(audit=audit, language=language)
    assert render(Report, report.pk, typeset=lambda *_parts: Printed(PDF, 1, "1"))
    return Report.objects.get(pk=report.pk)
