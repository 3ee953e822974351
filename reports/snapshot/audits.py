"""Of the audit: where, by which standard, by whom, when, and whom one spoke with."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audits.models import AuditEvent
from audits.terms import Act, Answer, Threat
from reports.snapshot.values import Data, day, moment, names_of, pair_of, person, prefecture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import Audit, Finding
    from suppliers.models import SiteProfile


def site_of(audit: Audit) -> Data:
    """Return the site and its supplier."""
    site, supplier = audit.site, audit.site.supplier
    return {
        "id": str(site.pk),
        "name": names_of(site),
        "prefecture": prefecture(site.prefecture),
        "address": site.address,
        "processes": list(site.processes),
        "os_id": site.os_id,
        "supplier": {
            "name": names_of(supplier),
            "corporate_number": supplier.corporate_number or "",
            "prefecture": prefecture(supplier.prefecture),
            "address": supplier.address,
        },
    }


def profile_of(profile: SiteProfile) -> Data:
    """Return the head-counts and facts of the site on its day."""
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
        "as_of": day(profile.as_of),
        **{name: getattr(profile, name) for name in counts},
        **{name: getattr(profile, name) for name in facts},
        "languages": list(profile.languages),
    }


def standard_of(audit: Audit, findings: Iterable[Finding]) -> Data:
    """Return the version of the standard, and how many requirements are of which provenance."""
    standard = audit.pinned_standard
    return {
        "version": standard.version,
        "title": pair_of(standard, "title"),
        "effective_on": day(standard.effective_on),
        "official": standard.official,
        "content_hash": standard.content_hash,
        "provenance": dict(Counter(finding.requirement.provenance for finding in findings)),
    }


def team_of(audit: Audit) -> list[Data]:
    """Return those who accepted a place, the lead first, with their declarations."""
    order = ["lead", "member", "trainee"]
    members = audit.team.filter(answer=Answer.ACCEPTED).select_related(
        "auditor__user", "auditor__body"
    )
    return [
        {
            "name": member.auditor.user.name,
            "registration_number": member.auditor.registration_number,
            "function": member.function,
            "body": names_of(member.auditor.body),
            "declaration": {
                threat: bool(member.declaration.get(threat)) for threat in Threat.values
            },
            "declared_at": moment(member.answered_at),
        }
        for member in sorted(members, key=lambda row: (order.index(row.function), row.pk))
    ]


def review_of(audit: Audit) -> Data | None:
    """Return who passed the review and when; None before that."""
    event = (
        AuditEvent.objects.filter(audit=audit, act=Act.PASS_REVIEW)
        .select_related("actor")
        .order_by("-sequence")
        .first()
    )
    return {"by": person(event.actor), "at": moment(event.at)} if event else None


def dates_of(audit: Audit) -> Data:
    """Return the days and moments of the audit."""
    return {
        "planned_from": day(audit.planned_from),
        "planned_until": day(audit.planned_until),
        "started_at": moment(audit.started_at),
        "finished_at": moment(audit.finished_at),
        "closing_meeting_at": moment(audit.closing_meeting_at),
        "signed_at": moment(audit.signed_at),
    }


def samples_of(audit: Audit) -> list[Data]:
    """Return how many workers of which stratum were interviewed; counts only."""
    return [
        {
            "stratum": row.stratum,
            "language": row.language,
            "planned": row.planned,
            "done": row.done,
        }
        for row in audit.samples.counted().order_by("pk")
    ]
