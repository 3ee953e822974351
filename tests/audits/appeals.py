"""Steps that the tests of appeals have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from audits.models import Appeal, Result
from audits.services.appealing import (
    raise_appeal,
    uphold_appeal,
)
from audits.terms import Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from audits.models import Audit

CONFORMING = {"judgement": "conforming", "severity": "", "reason": "当日撤去済みと写真で確認した。"}


def issued(scheme: Scheme, *codes: str) -> Result:
    audit = audit_at(Status.ISSUED, scheme, nonconforming=codes or ("5-7",))
    return Result.objects.select_related("audit").get(audit=audit)


def appealed(scheme: Scheme, *codes: str) -> Appeal:
    return raise_appeal(
        actor=scheme.manager, result=issued(scheme, *codes), grounds="5-7 は事実と違う。"
    )


def uphold(scheme: Scheme, appeal: Appeal, changes: dict[str, Any] | None = None) -> Result:
    return uphold_appeal(
        actor=scheme.coordinator,
        appeal=appeal,
        decision="申立てを認める。",
        changes={"5-7": CONFORMING} if changes is None else changes,
    )


def our(page: str, audit: Audit) -> str:
    return reverse(f"portal:{page}", args=[audit.number])
