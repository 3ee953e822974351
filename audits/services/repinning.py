"""Changing an audit that has not begun over to the version that applies on its visit day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.letters.events import REPINNED
from audits.models import Audit, Finding
from audits.services.assessment import facts_of
from audits.services.locking import lock
from audits.services.presetting import ORIGIN, preset
from audits.services.records import append_event
from audits.services.telling import tell
from audits.standards.applicable import applies_to
from audits.standards.models import Requirement, Standard
from audits.standards.services.mapping import carried_over
from audits.standards.terms import StandardStatus
from audits.terms import Judgement, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.letters import Fact
    from accounts.models import User
    from audits.models import AuditEvent

# A version is pinned and nobody has begun to audit by it.
REPINNABLE = (Status.ACCEPTED, Status.TEAM_PROPOSED, Status.SCHEDULED)

# Until the visit is fixed, days are wishes that may have passed.
BEFORE_DATES = (Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED, Status.TEAM_PROPOSED)


def versions() -> list[Standard]:
    """Return every activated version, in one query."""
    return list(Standard.objects.exclude(status=StandardStatus.DRAFT))


def visit_day(
    status: str, planned_from: date | None, preferred_from: date | None, today: date
) -> date:
    """Return the first day of the visit as far as it is known; before it is fixed never a past one."""
    if status not in BEFORE_DATES and planned_from is not None:
        return planned_from
    return max(planned_from or preferred_from or today, today)


def version_for(audit: Audit, day: date) -> Standard | None:
    """Return the version for a visit on `day`: the pinned one while it may be used, else the newest."""
    return applies_to(versions(), audit.standard, day)


@transaction.atomic
def repin_when_due(audit: Audit, today: date) -> bool:
    """Change the audit over if the version on its visit day is another one; say whether it was."""
    audit = lock(audit)
    day = visit_day(audit.status, audit.planned_from, audit.preferred_from, today)
    return repin(audit, day=day, actor=None)


def repin(audit: Audit, *, day: date, actor: User | None) -> bool:
    """Change a locked audit over to the version for a visit on `day`; say whether it was needed.

    Only before the visit begins. Answers under requirements that are mapped as unchanged stay with
    their findings; all others are laid out anew, and what the profile answers is answered anew.
    """
    # A guard may have looked ahead on the same object: what is pinned stands in the database.
    old = Audit.objects.select_related("standard").get(pk=audit.pk).standard
    if audit.status not in REPINNABLE or old is None:
        return False
    new = applies_to(versions(), old, day)
    if new is None or new.pk == old.pk:
        return False
    carried, fresh = _lay_out(audit, old, new)
    Audit.objects.filter(pk=audit.pk).update(standard=new, updated_at=timezone.now())
    audit.standard = new
    event = append_event(
        audit=audit,
        actor=actor,
        act="standard_repinned",
        payload={
            "from": old.version,
            "to": new.version,
            "visit": day.isoformat(),
            "carried": carried,
            "new": fresh,
        },
    )
    _tell(audit, event, old, new)
    return True


def _lay_out(audit: Audit, old: Standard, new: Standard) -> tuple[list[str], list[str]]:
    """Give the audit the findings of another version; return codes with kept answers, and the rest."""
    kept = carried_over(old, new)
    findings = {
        finding.requirement_id: finding for finding in audit.findings.select_related("requirement")
    }
    facts = facts_of(audit.profile) if audit.profile else None
    stay: list[Finding] = []
    come: list[Finding] = []
    answered: list[str] = []
    fresh: list[str] = []
    requirements = Requirement.objects.filter(standard=new).order_by("order")
    for requirement in requirements:
        finding = findings.pop(kept[requirement.pk], None) if requirement.pk in kept else None
        if finding is None:
            finding = Finding(audit=audit, requirement=requirement)
            come.append(finding)
            fresh.append(requirement.code)
        else:
            _move(finding, requirement)
            stay.append(finding)
            if not finding.preset and finding.judgement != Judgement.UNASSESSED:
                answered.append(requirement.code)
        preset(finding, facts)
    # What is attached to an answer that is dropped goes with it; nothing can be before the visit.
    Finding.objects.filter(pk__in=[finding.pk for finding in findings.values()]).delete()
    Finding.objects.bulk_update(
        stay, ["requirement", "judgement", "reason", *ORIGIN, "clauses_not_met", "severity"]
    )
    Finding.objects.bulk_create(come)
    return answered, fresh


def _move(finding: Finding, requirement: Requirement) -> None:
    """Put a finding under the same requirement of another version; clauses keep their letter."""
    old = finding.requirement.code
    finding.clauses_not_met = [
        requirement.code + code.removeprefix(old) for code in finding.clauses_not_met
    ]
    finding.requirement = requirement


def _tell(audit: Audit, event: AuditEvent, old: Standard, new: Standard) -> None:
    facts: dict[str, Fact] = {"new": new.version, "old": old.version}
    tell(audit, REPINNED, key=f"repinned{event.sequence}", facts=facts)


def to_repin(today: date) -> list[Audit]:
    """Return the audits whose visit day another version than the pinned one applies to."""
    known = versions()
    by_key = {version.pk: version for version in known}
    rows = Audit.objects.filter(status__in=REPINNABLE, standard__isnull=False)
    due = []
    for key, pinned, status, planned, preferred in rows.values_list(
        "pk", "standard", "status", "planned_from", "preferred_from"
    ):
        day = visit_day(status, planned, preferred, today)
        version = applies_to(known, by_key.get(pinned), day)
        if version is not None and version.pk != pinned:
            due.append(key)
    found: Iterable[Audit] = Audit.objects.filter(pk__in=due)
    return list(found)
