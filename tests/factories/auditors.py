"""Auditors and their engagements."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Organisation, User
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor, Engagement, Qualification
from audits.auditors.terms import EngagementKind, Level, QualificationStatus
from audits.standards.models import Standard
from suppliers.models import Supplier
from tests.factories.memory import memory
from tests.factories.people import make_organisation, make_user, numbers
from tests.factories.standards import make_standard


@memory.remembered
def make_auditor(
    body: Organisation | None = None,
    level: Level = Level.LEAD,
    standard: Standard | None = None,
    **fields: Any,
) -> Auditor:
    body = body or make_organisation(Kind.AUDIT_BODY)
    fields.setdefault("languages", ["ja", "vi"])
    fields.setdefault("prefectures", [38, 37])
    fields.setdefault("registration_number", f"JA-{next(numbers):05d}")
    auditor = Auditor.objects.create(user=make_user(body, Role.AUDITOR), body=body, **fields)
    Qualification.objects.create(
        auditor=auditor,
        standard=standard or make_standard(),
        level=level,
        status=QualificationStatus.QUALIFIED,
        starts_on=date(2025, 4, 1),
    )
    return auditor


@memory.remembered
def make_engagement(supplier: Supplier, person: User | None = None, **fields: Any) -> Engagement:
    fields.setdefault("kind", EngagementKind.RETAINER)
    fields.setdefault("starts_on", date(2024, 4, 1))
    fields.setdefault("declared_by", person or make_user())
    return Engagement.objects.create(supplier=supplier, person=person, **fields)
