"""The snapshot: everything a report says as plain data, without what must not leave the scheme."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from audits.models import AuditEvent, CorrectiveAction
from audits.services.assessment import computed_grade, grading_inputs
from audits.standards.conditions import reason_not_applicable
from audits.standards.explanations import explain
from audits.terms import (
    Act,
    Answer,
    CorrectionStatus,
    EvidenceClass,
    Judgement,
    Severity,
    Threat,
)
from suppliers.prefectures import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from accounts.models import User
    from audits.models import Audit, Evidence, Finding, Result
    from suppliers.models import SiteProfile

SCHEMA_VERSION = 1
LANGUAGES = ("ja", "en")

Data = dict[str, Any]


def canonical(snapshot: Data) -> str:
    """Return the one JSON text of a snapshot: keys sorted, no spaces, characters as themselves."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a canonical text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def build_snapshot(audit: Audit, result: Result | None) -> Data:
    """Return what the report of an issued result says; without a result, that of a draft.

    Texts in two languages are {"ja": …, "en": …}. Working notes, sealed evidence, comments and
    anything about single workers are not read at all; of restricted evidence only its reference.
    """
    findings = list(audit.findings.in_order().prefetch_related("requirement__clauses", "evidence"))
    return {
        "schema": SCHEMA_VERSION,
        "draft": result is None,
        "number": audit.number,
        "revision": result.revision if result else 0,
        "kind": audit.kind,
        "purpose": audit.purpose,
        "payer": audit.payer,
        "language_of_texts": "ja",
        "site": _site(audit),
        "profile": _profile(audit.profile) if audit.profile else None,
        "standard": _standard(audit, findings),
        "secretariat": _names(audit.secretariat),
        "body": _names(audit.body) if audit.body else None,
        "team": _team(audit),
        "review": _review(audit),
        "dates": _dates(audit),
        "person_days": _number(audit.person_days),
        "person_days_reason": audit.person_days_reason,
        "samples": _samples(audit),
        "categories": _categories(findings),
        "findings": [_finding(finding) for finding in findings],
        "counts": _counts(findings),
        "grade": _grade(audit, result),
        "corrective_actions": _corrections(audit),
        "verification_code": result.verification_code if result else "",
        "verification_address": _address(result.verification_code) if result else "",
    }


def _address(code: str) -> str:
    """Return where anybody can check the report; frozen, because it is printed."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('verify', args=[code])}"


def _names(thing: Any) -> Data:
    return {"ja": thing.name_ja, "en": thing.name_en or thing.name_ja}


def _pair(thing: Any, name: str) -> Data:
    ja, en = getattr(thing, f"{name}_ja"), getattr(thing, f"{name}_en")
    return {"ja": ja or en, "en": en or ja}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _moment(value: datetime | None) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _prefecture(code: int) -> Data:
    return {"code": code, "ja": BY_CODE[code].ja, "en": BY_CODE[code].en}


def _site(audit: Audit) -> Data:
    site, supplier = audit.site, audit.site.supplier
    return {
        "id": str(site.pk),
        "name": _names(site),
        "prefecture": _prefecture(site.prefecture),
        "address": site.address,
        "processes": list(site.processes),
        "os_id": site.os_id,
        "supplier": {
            "name": _names(supplier),
            "corporate_number": supplier.corporate_number or "",
            "prefecture": _prefecture(supplier.prefecture),
            "address": supplier.address,
        },
    }


def _profile(profile: SiteProfile) -> Data:
    counts = (
        "workers",
        "workers_male",
        "workers_female",
        "workers_other",
        "workers_regular",
        "workers_fixed_term",
        "workers_dispatched",
        "foreign_workers",
        "technical_interns",
        "specified_skilled",
        "foreign_other",
        "minors",
        "homeworkers",
        "shifts",
    )
    facts = ("has_dormitory", "has_canteen", "uses_brokers", "uses_chemicals")
    return {
        "as_of": _day(profile.as_of),
        **{name: getattr(profile, name) for name in counts},
        **{name: getattr(profile, name) for name in facts},
        "languages": list(profile.languages),
    }


def _standard(audit: Audit, findings: Iterable[Finding]) -> Data:
    standard = audit.pinned_standard
    return {
        "version": standard.version,
        "title": _pair(standard, "title"),
        "effective_on": _day(standard.effective_on),
        "official": standard.official,
        "content_hash": standard.content_hash,
        "provenance": dict(Counter(finding.requirement.provenance for finding in findings)),
    }


def _team(audit: Audit) -> list[Data]:
    order = ["lead", "member", "trainee"]
    members = audit.team.filter(answer=Answer.ACCEPTED).select_related(
        "auditor__user", "auditor__body"
    )
    return [
        {
            "name": member.auditor.user.name,
            "registration_number": member.auditor.registration_number,
            "function": member.function,
            "body": _names(member.auditor.body),
            "declaration": {
                threat: bool(member.declaration.get(threat)) for threat in Threat.values
            },
            "declared_at": _moment(member.answered_at),
        }
        for member in sorted(members, key=lambda row: (order.index(row.function), row.pk))
    ]


def _review(audit: Audit) -> Data | None:
    event = (
        AuditEvent.objects.filter(audit=audit, act=Act.PASS_REVIEW)
        .select_related("actor")
        .order_by("-sequence")
        .first()
    )
    return {"by": _person(event.actor), "at": _moment(event.at)} if event else None


def _person(user: User | None) -> str:
    return user.name if user else ""


def _dates(audit: Audit) -> Data:
    return {
        "planned_from": _day(audit.planned_from),
        "planned_until": _day(audit.planned_until),
        "started_at": _moment(audit.started_at),
        "finished_at": _moment(audit.finished_at),
        "closing_meeting_at": _moment(audit.closing_meeting_at),
        "signed_at": _moment(audit.signed_at),
    }


def _samples(audit: Audit) -> list[Data]:
    return [
        {
            "stratum": row.stratum,
            "language": row.language,
            "planned": row.planned,
            "done": row.done,
        }
        for row in audit.samples.order_by("pk")
    ]


def _categories(findings: Iterable[Finding]) -> list[Data]:
    found = {row.requirement.category_id: row.requirement.category for row in findings}
    return [
        {"number": category.number, "name": _pair(category, "name")}
        for category in sorted(found.values(), key=lambda row: row.order)
    ]


def _finding(finding: Finding) -> Data:
    requirement = finding.requirement
    unmet = set(finding.clauses_not_met)
    return {
        "code": requirement.code,
        "category": requirement.category.number,
        "title": _pair(requirement, "title"),
        "text": _pair(requirement, "text"),
        "legal_basis": requirement.legal_basis,
        "provenance": requirement.provenance,
        "usual_severity": requirement.severity,
        "judgement": finding.judgement,
        "severity": finding.effective_severity,
        "methods": list(finding.methods),
        "clauses_not_met": [
            {"code": clause.code, "text": _pair(clause, "text")}
            for clause in sorted(requirement.clauses.all(), key=lambda row: row.order)
            if clause.code in unmet
        ],
        "report_text": finding.report_text,
        "reason": _reason(finding),
        "evidence": [
            _evidence(row)
            for row in sorted(finding.evidence.all(), key=lambda row: row.number)
            if row.evidence_class != EvidenceClass.SEALED
        ],
    }


def _reason(finding: Finding) -> Data | None:
    """Return the reason in both languages; what a person wrote stays as it was written."""
    requirement = finding.requirement
    if finding.preset and requirement.condition:
        return _in_both(lambda: str(reason_not_applicable(requirement.condition)))
    return {"ja": finding.reason, "en": finding.reason} if finding.reason else None


def _in_both(sentence: Any) -> Data:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = sentence()
    return said


def _evidence(row: Evidence) -> Data:
    if row.evidence_class != EvidenceClass.PUBLIC:
        return {"label": row.label, "public": False}
    return {
        "id": str(row.pk),
        "label": row.label,
        "public": True,
        "picture": row.is_picture,
        "sha256": row.sha256,
        "media_type": row.media_type,
        "caption": row.caption,
        "taken_at": _moment(row.taken_at),
    }


def _counts(findings: list[Finding]) -> Data:
    """Return counts by judgement, by severity, and by category (keys are numbers as text)."""

    def judgements(rows: Iterable[Finding]) -> dict[str, int]:
        return {**dict.fromkeys(Judgement.values, 0), **Counter(row.judgement for row in rows)}

    def severities(rows: Iterable[Finding]) -> dict[str, int]:
        found = Counter(row.effective_severity for row in rows if row.effective_severity)
        return {**dict.fromkeys(Severity.values, 0), **found}

    numbers = sorted({row.requirement.category.number for row in findings})
    by_category = {
        number: [row for row in findings if row.requirement.category.number == number]
        for number in numbers
    }
    return {
        "total": len(findings),
        "judgements": judgements(findings),
        "severities": severities(findings),
        "categories": {
            str(number): {"judgements": judgements(rows), "severities": severities(rows)}
            for number, rows in by_category.items()
        },
    }


def _grade(audit: Audit, result: Result | None) -> Data:
    """Return the grade with its reasons, as data and as sentences in both languages.

    The computation is repeated from the findings, which are those that the result was issued on.
    """
    computed = computed_grade(audit)
    sentences = _in_both(lambda: [str(sentence) for sentence in explain(computed)])
    return {
        "letter": result.grade if result else computed.grade,
        "computed": result.computed_grade if result else computed.grade,
        "score": str(result.score if result else computed.score),
        "official": result.official if result else audit.pinned_standard.official,
        "reasons": [
            {
                "key": reason.key,
                "grade": reason.grade,
                "severity": reason.severity,
                "codes": list(reason.codes),
                "numbers": {name: str(value) for name, value in reason.numbers.items()},
            }
            for reason in computed.reasons
        ],
        "sentences": sentences,
        "parameters": (result.inputs if result else grading_inputs(audit))["parameters"],
        "deviation_reason": result.reason if result else "",
        "decided_by": _person(result.decided_by) if result else "",
        "seconded_by": _person(result.seconded_by) if result else "",
        "issued_on": _day(result.issued_on) if result else None,
        "renewal_due_on": _day(result.renewal_due_on) if result else None,
    }


def _corrections(audit: Audit) -> list[Data]:
    """Return the plan; what an appeal made needless is not part of it any more."""
    rows = (
        CorrectiveAction.objects.filter(finding__audit=audit)
        .exclude(status=CorrectionStatus.WITHDRAWN)
        .select_related("finding__requirement")
        .order_by("finding__requirement__order")
    )
    return [
        {
            "code": row.finding.requirement.code,
            "severity": row.finding.effective_severity,
            "status": row.status,
            "root_cause": row.root_cause,
            "correction": row.correction,
            "prevention": row.prevention,
            "responsible": row.responsible,
            "plan_due_on": _day(row.plan_due_on),
            "close_due_on": _day(row.close_due_on),
            "verification": row.verification,
        }
        for row in rows
    ]
