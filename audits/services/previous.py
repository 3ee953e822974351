"""What the report of a site's previous audit says about the same requirements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from audits import policies
from audits.models import Audit, CorrectiveAction, Finding
from audits.models.audits import SHAREABLE
from audits.services.repeating import repeats_of
from audits.standards.models import Requirement
from audits.standards.services.mapping import links_between
from audits.standards.terms import Relation
from audits.terms import CorrectionStatus, Judgement
from suppliers.models import Site

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from audits.repeats import Repeat

# What is printed in a report, and what it takes to find it; working notes are not read at all.
PRINTED = (
    "judgement",
    "severity",
    "clauses_not_met",
    "report_text",
    "reason",
    "requirement__code",
    "requirement__severity",
    "corrective_action__status",
    "corrective_action__closed_at",
)


@dataclass(frozen=True)
class Before:
    """What the previous audit of the site says about the same requirement, as its report prints it.

    `code` is the requirement's own in the version of that audit; `relation` says how the requirement
    of today follows it, "" within one version. `correction` is the state of the corrective action,
    "" without one. `repeat` says in which audits before today's it was not met.
    """

    code: str
    judgement: str
    severity: str
    clauses: tuple[str, ...]
    text: str
    relation: str
    correction: str
    corrected_at: datetime | None
    repeat: Repeat | None

    @property
    def is_adverse(self) -> bool:
        """Say whether it has to be looked at again: not met, or not seen."""
        return self.judgement in (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)

    @property
    def label(self) -> str:
        """Return the judgement in words."""
        return str(Judgement(self.judgement).label)

    @property
    def correction_label(self) -> str:
        """Return where the corrective action stands, in words; blank without one."""
        return str(CorrectionStatus(self.correction).label) if self.correction else ""

    @property
    def relation_label(self) -> str:
        """Return in words how the requirement has changed since; blank when it has not."""
        if self.relation in ("", Relation.UNCHANGED):
            return ""
        return str(Relation(self.relation).label)

    def differs_from(self, finding: Finding) -> bool:
        """Say whether the site is judged otherwise now."""
        return (self.judgement, self.severity) != (finding.judgement, finding.effective_severity)


@dataclass(frozen=True)
class Previous:
    """The site's previous audit; `findings` are by the code that the requirement has today.

    `opens` says whether the reader may open that audit itself.
    """

    audit: Audit
    findings: dict[str, Before]
    opens: bool


def previous_of(reader: User, audit: Audit, code: str = "") -> Previous | None:
    """Return what the site's last result before this audit rests on, as far as the reader may see it.

    Team and reviewers read what that report prints, whoever made it; everybody else only audits
    that he or she sees anyway. With `code` the finding on that requirement alone is read. The
    number of queries does not depend on how many audits or versions there are.
    """
    found = _audit_before(reader, audit)
    if found is None or audit.standard is None or found.standard is None:
        return None
    opens: bool = found.opens
    if not opens and not policies.reads_report_before(reader, audit):
        return None
    repeats = repeats_of(audit)
    rows = (
        Finding.objects.filter(audit=found)
        .select_related("requirement", "corrective_action")
        .only(*PRINTED)
    )
    if found.standard_id == audit.standard_id:
        rows = rows.filter(requirement__code=code) if code else rows
        return Previous(
            found,
            {
                row.requirement.code: _before(row, "", repeats.of(row.requirement_id))
                for row in rows
            },
            opens,
        )
    links = links_between(found.standard, audit.standard)
    today = Requirement.objects.filter(standard=audit.standard_id, pk__in=links)
    today = today.filter(code=code) if code else today
    followed = {name: (key, links[key]) for key, name in today.values_list("pk", "code")}
    by_key = {
        row.requirement_id: row
        for row in rows.filter(requirement__in=[link.previous for _key, link in followed.values()])
    }
    return Previous(
        found,
        {
            name: _before(by_key[link.previous], link.relation, repeats.of(key))
            for name, (key, link) in followed.items()
            if link.previous in by_key
        },
        opens,
    )


def _audit_before(reader: User, audit: Audit) -> Any:
    """Return the site's last audit with a result that stood before this one; void ones do not count.

    None, or an Audit with `opens`: whether the reader sees its findings by himself or herself.
    """
    seen = Finding.objects.visible_to(reader).filter(audit=OuterRef("pk"))
    rows = (
        Audit.objects.filter(
            site__in=Site.objects.at_place_of(audit.site),
            status__in=SHAREABLE,
            issued_at__isnull=False,
        )
        .exclude(pk=audit.pk)
        .annotate(opens=Exists(seen))
    )
    if audit.issued_at is not None:
        rows = rows.filter(issued_at__lt=audit.issued_at)
    return rows.select_related("standard").order_by("-issued_at").first()


def _before(row: Finding, relation: str, repeat: Repeat | None) -> Before:
    action: CorrectiveAction | None = getattr(row, "corrective_action", None)
    return Before(
        code=row.requirement.code,
        judgement=row.judgement,
        severity=row.effective_severity,
        clauses=tuple(row.clauses_not_met),
        text=row.report_text or row.reason,
        relation=relation,
        correction=action.status if action else "",
        corrected_at=action.closed_at if action else None,
        repeat=repeat,
    )
