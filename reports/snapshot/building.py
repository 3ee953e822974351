"""The whole snapshot, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from reports.snapshot.audits import (
    dates_of,
    profile_of,
    review_of,
    samples_of,
    site_of,
    standard_of,
    team_of,
)
from reports.snapshot.findings import categories_of, counts_of, finding_of
from reports.snapshot.results import corrections_of, grade_of
from reports.snapshot.values import Data, names_of, number

if TYPE_CHECKING:
    from audits.models import Audit, Result

SCHEMA_VERSION = 1


def build_snapshot(audit: Audit, result: Result | None) -> Data:
    """Return what the report of an issued result says; without a result, that of a draft.

    Texts in two languages are {"ja": …, "en": …}. Working notes, sealed evidence, comments and
    anything about single workers are not read at all; of restricted evidence only its reference.
    """
    findings = list(
        audit.findings.in_order().with_origin().prefetch_related("requirement__clauses", "evidence")
    )
    return {
        "schema": SCHEMA_VERSION,
        "draft": result is None,
        "number": audit.number,
        "revision": result.revision if result else 0,
        "kind": audit.kind,
        "purpose": audit.purpose,
        "payer": audit.payer,
        "language_of_texts": "ja",
        "site": site_of(audit),
        "profile": profile_of(audit.profile) if audit.profile else None,
        "standard": standard_of(audit, findings),
        "secretariat": names_of(audit.secretariat),
        "body": names_of(audit.body) if audit.body else None,
        "team": team_of(audit),
        "review": review_of(audit),
        "dates": dates_of(audit),
        "person_days": number(audit.person_days),
        "person_days_reason": audit.person_days_reason,
        "samples": samples_of(audit),
        "categories": categories_of(findings),
        "findings": [finding_of(finding) for finding in findings],
        "counts": counts_of(findings),
        "grade": grade_of(audit, result),
        "corrective_actions": corrections_of(audit),
        "verification_code": result.verification_code if result else "",
        "verification_address": verification_address(result.verification_code) if result else "",
    }


def verification_address(code: str) -> str:
    """Return where anybody can check the report; frozen, because it is printed."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('verify', args=[code])}"
