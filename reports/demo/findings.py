"""The visit: every requirement judged, with texts, evidence and interviews that fit the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.models import Finding, SchemeSettings
from audits.sampling import plan
from audits.services.evidence import add_evidence
from audits.services.fieldwork import save_finding
from audits.services.interviews import record_sample
from audits.terms import EvidenceClass, Judgement, Method, Severity
from reports.demo import texts
from reports.demo.pictures import draw

if TYPE_CHECKING:
    from random import Random

    from accounts.models import User
    from audits.models import Audit
    from reports.demo.clock import Clock

SEEN = {"d": Method.DOCUMENT, "o": Method.OBSERVATION, "i": Method.INTERVIEW}
# What factories most often get wrong comes up more often here too.
FREQUENT = frozenset(
    {"5-3", "5-4", "5-6", "5-8", "5-10", "5-11", "5-20"}
    | {"6-2", "6-8", "6-13", "7-7", "3-4", "8-3", "9-2"}
)
# Categories that the lead takes; the others are a member's, if there is one.
OF_LEAD = frozenset((1, 4, 6, 7, 8))
CLASSES = (
    EvidenceClass.PUBLIC,
    EvidenceClass.PUBLIC,
    EvidenceClass.RESTRICTED,
    EvidenceClass.SEALED,
)


class Visit:
    """What one team records at one site, as its people, in the order of the standard."""

    def __init__(self, audit: Audit, people: list[User], clock: Clock, rng: Random) -> None:
        self.audit, self.people, self.clock, self.rng = audit, people, clock, rng
        self.known = texts.read("findings")
        self.remarks = texts.read("remarks")
        self.findings = list(Finding.objects.filter(audit=audit).in_order())

    def judge(self, worst: int, *, grave: bool, share: float = 1, loose_end: bool = False) -> None:
        """Judge the applicable findings, or the first `share` of them; see Plan for the rest.

        `loose_end`: the last nonconformity is still without text and evidence.
        """
        applicable = [row for row in self.findings if not row.preset]
        bad = self._bad(applicable, worst, grave=grave)
        last = [row.pk for row in applicable if row.pk in bad][-1:] if loose_end else []
        for number, finding in enumerate(applicable[: round(len(applicable) * share)]):
            self.clock.tick(self.rng.choice((3, 4, 5)))
            if finding.pk in last:
                self._unwritten(finding)
            elif finding.pk in bad:
                self._nonconforming(finding)
            else:
                self._ordinary(finding, number)

    def _bad(self, rows: list[Finding], worst: int, *, grave: bool) -> set[int]:
        """Choose nonconformities: weighted, none unacceptable unless one is to be."""
        graves = [row for row in rows if row.requirement.severity == Severity.UNACCEPTABLE]
        others = [row for row in rows if row.requirement.severity != Severity.UNACCEPTABLE]
        others.sort(key=lambda row: self._weighted(row.requirement.code), reverse=True)
        count = max(worst - self.rng.choice((0, 0, 1)), 0)
        chosen = {row.pk for row in others[:count]}
        if grave and graves:
            chosen.add(self.rng.choice(graves).pk)
        return chosen

    def _weighted(self, code: str) -> float:
        return float(self.rng.random() ** (1 / (2.5 if code in FREQUENT else 1)))

    def _who(self, finding: Finding) -> User:
        return self.people[0 if finding.requirement.category.number in OF_LEAD else -1]

    def _nonconforming(self, finding: Finding) -> None:
        known = self.known[finding.requirement.code]
        person = self._who(finding)
        save_finding(
            actor=person,
            finding=finding,
            version=finding.version,
            judgement=Judgement.NONCONFORMING,
            methods=[SEEN[letter] for letter in known["seen"]],
            report_text=known["text"],
            working_note=known["note"],
        )
        self.clock.tick(1)
        self.photograph(finding, person, known["caption"])

    def _unwritten(self, finding: Finding) -> None:
        known = self.known[finding.requirement.code]
        save_finding(
            actor=self._who(finding),
            finding=finding,
            version=finding.version,
            judgement=Judgement.NONCONFORMING,
            methods=[SEEN[letter] for letter in known["seen"]],
            working_note=known["note"],
        )

    def photograph(self, finding: Finding | None, person: User, caption: str) -> None:
        """Add a drawn picture as evidence of a finding, or of the audit as a whole."""
        add_evidence(
            actor=person,
            audit=self.audit,
            finding=finding,
            file=draw(self.rng),
            name=f"IMG_{self.rng.randint(1000, 9999)}.png",
            caption=caption,
            evidence_class=self.rng.choice(CLASSES) if finding else EvidenceClass.RESTRICTED,
        )

    def _ordinary(self, finding: Finding, number: int) -> None:
        chance = self.rng.random()
        fields: dict[str, object] = {
            "judgement": Judgement.CONFORMING,
            "methods": [SEEN[letter] for letter in self.known[finding.requirement.code]["seen"]],
        }
        minor = finding.requirement.severity == Severity.MINOR
        if chance < 0.05 and minor:
            fields |= {"judgement": Judgement.UNVERIFIABLE, "methods": ["document"]}
            fields["reason"] = self.rng.choice(self.remarks["unverifiable"])
        elif finding.requirement.code in ("7-3", "2-3") and chance < 0.4:
            fields |= {"judgement": Judgement.NOT_APPLICABLE, "methods": ["document"]}
            fields["reason"] = self.rng.choice(self.remarks["not_applicable"])
        elif number % 6 == 0:
            fields["report_text"] = self.rng.choice(self.remarks["conforming"])
        if chance > 0.88:
            fields["working_note"] = self.rng.choice(self.remarks["working"])
        save_finding(actor=self._who(finding), finding=finding, version=finding.version, **fields)

    def interview(self, *, finished: bool = True) -> None:
        """Record the interview sample: strata of the profile and how many of each were heard."""
        profile = self.audit.profile
        if profile is None:
            return
        least = SchemeSettings.objects.current().interviews_of(self.audit)
        foreign = [code for code in profile.languages if code != "ja"] or ["ja"]
        for number, row in enumerate(plan(profile, least)):
            done = row.planned if finished else row.planned // 2
            record_sample(
                actor=self.people[0],
                audit=self.audit,
                stratum=row.name,
                language="ja" if row.japanese else foreign[number % len(foreign)],
                across=row.across,
                planned=row.planned,
                done=done,
                # Regular employees are heard in groups too; those who depend more, alone.
                done_in_groups=done // 2 if row.japanese and not row.across else 0,
            )
