"""What a working copy says, in one language: the snapshot's data in words, made fit for XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audits.auditors.terms import Level
from audits.standards.terms import GradeLetter, Judgement, Provenance, Severity
from audits.terms import AuditKind, CorrectionStatus, Method, Verification
from suppliers.prefectures import full_address

if TYPE_CHECKING:
    from django.db.models import TextChoices

Data = dict[str, Any]
# What XML 1.0 cannot carry; each is shown as a sign in its place, so that nobody takes it for lost.
NOT_CARRIED = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile(r"\r\n|[\r\x0b\x0c]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# An issued result leaves nothing unassessed.
JUDGED = [judgement for judgement in Judgement if judgement != Judgement.UNASSESSED]


@dataclass(frozen=True)
class Action:
    """The corrective action for a finding, as it stood when the result was issued."""

    root_cause: str
    correction: str
    prevention: str
    responsible: str
    plan_due: date
    close_due: date
    verification: str
    status: str
    repeat: str


@dataclass(frozen=True)
class Row:
    """One finding in words."""

    code: str
    category: str
    title: str
    text: str
    judgement: str
    severity: str
    clauses: str
    methods: str
    finding: str
    reason: str
    evidence: str
    legal_basis: str
    provenance: str
    origin: str
    nonconforming: bool
    action: Action | None


@dataclass(frozen=True)
class Counts:
    """A category with how many findings of which judgement and severity; the total has no name."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Contents:
    """Everything that a working copy says; `language` is ja or en."""

    language: str
    number: str
    revision: int
    site: str
    supplier: str
    author: str
    issued_on: date
    notice: tuple[str, ...]
    facts: tuple[tuple[str, str | date], ...]
    reasons: tuple[str, ...]
    count_heads: tuple[str, ...]
    counts: tuple[Counts, ...]
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """Return what the file is about."""
        return f"{_('Findings by requirement')} {self.number} r{self.revision}"

    @property
    def made_at(self) -> datetime:
        """Return the beginning of the day of issue: the file is the same whenever it is made."""
        return datetime.combine(self.issued_on, time.min)

    @property
    def nonconforming(self) -> list[Row]:
        """Return the findings that need a corrective action."""
        return [row for row in self.rows if row.nonconforming]


def contents_of(snapshot: Data, sha256: str, language: str) -> Contents:
    """Return what the copy of a snapshot says; the language has to be active."""
    grade = snapshot["grade"]
    names = {row["number"]: clean(row["name"][language]) for row in snapshot["categories"]}
    actions = {row["code"]: _action(row, language) for row in snapshot["corrective_actions"]}
    return Contents(
        language=language,
        number=snapshot["number"],
        revision=snapshot["revision"],
        site=clean(snapshot["site"]["name"][language]),
        supplier=clean(snapshot["site"]["supplier"]["name"][language]),
        author=clean((snapshot["body"] or snapshot["secretariat"])[language]),
        issued_on=date.fromisoformat(grade["issued_on"]),
        notice=_notice(snapshot, sha256),
        facts=tuple(_facts(snapshot, language)),
        reasons=tuple(
            clean(text)
            for text in (*grade["sentences"][language], grade["deviation_reason"])
            if text
        ),
        count_heads=(
            _("Category"),
            _("Total"),
            *(str(word.label) for word in (*JUDGED, *Severity)),
        ),
        counts=tuple(_counts(snapshot, names)),
        rows=tuple(
            _row(row, names[row["category"]], actions.get(row["code"]), language)
            for row in snapshot["findings"]
        ),
    )


def clean(text: str) -> str:
    """Return a text as XML can carry it: one kind of line break, a sign for what it cannot."""
    return NOT_CARRIED.sub(REPLACEMENT, BREAKS.sub("\n", text))


def _notice(snapshot: Data, sha256: str) -> tuple[str, ...]:
    values = {"number": snapshot["number"], "revision": snapshot["revision"]}
    return (
        _(
            "Working copy of report %(number)s, revision %(revision)d. What counts is the signed PDF."
        )
        % values,
        _(
            "Anybody can change this file. Whether the result still stands is said at the address "
            "for verification."
        ),
        _("Made from the snapshot with SHA-256 %(sha256)s.") % {"sha256": sha256},
    )


def _row(row: Data, category: str, action: Action | None, language: str) -> Row:
    taken_over = row.get("taken_over")
    return Row(
        code=row["code"],
        category=f"{row['category']} {category}",
        title=clean(row["title"][language]),
        text=clean(row["text"][language]),
        judgement=label(Judgement, row["judgement"]),
        severity=label(Severity, row["severity"]),
        clauses="\n".join(
            clean(f"{clause['code']} {clause['text'][language]}")
            for clause in row["clauses_not_met"]
        ),
        methods=("、" if language == "ja" else ", ").join(
            label(Method, value) for value in row["methods"]
        ),
        finding=clean(row["report_text"]),
        reason=clean(row["reason"][language]) if row["reason"] else "",
        evidence="\n".join(_evidence(piece) for piece in row["evidence"]),
        legal_basis=clean(row["legal_basis"]),
        provenance=label(Provenance, row["provenance"]),
        origin=clean(taken_over[language]) if taken_over else "",
        nonconforming=row["judgement"] == Judgement.NONCONFORMING,
        action=action,
    )


def _evidence(piece: Data) -> str:
    said = piece["caption"] if piece["public"] else f"({_('not published')})"
    return clean(f"{piece['label']} {said}".strip())


def _action(row: Data, language: str) -> Action:
    repeat = row.get("repeat")
    return Action(
        **{
            name: clean(row[name])
            for name in ("root_cause", "correction", "prevention", "responsible")
        },
        plan_due=date.fromisoformat(row["plan_due_on"]),
        close_due=date.fromisoformat(row["close_due_on"]),
        verification=label(Verification, row["verification"]),
        status=label(CorrectionStatus, row["status"]),
        repeat=clean(repeat[language]) if repeat else "",
    )


def _facts(snapshot: Data, language: str) -> list[tuple[str, str | date]]:
    site, grade, dates = snapshot["site"], snapshot["grade"], snapshot["dates"]
    lead = next((row for row in snapshot["team"] if row["function"] == Level.LEAD), None)
    renewal = grade["renewal_due_on"]
    facts: list[tuple[str, str | date]] = [
        (_("Report number"), snapshot["number"]),
        (_("Revision"), str(snapshot["revision"])),
        (_("Supplier"), site["supplier"]["name"][language]),
        (_("Site"), site["name"][language]),
        (_("Address"), full_address(site["prefecture"]["code"], site["address"])),
        (_("Standard"), snapshot["standard"]["title"][language]),
        (_("Kind of audit"), label(AuditKind, snapshot["kind"])),
        (_("Designated secretariat"), snapshot["secretariat"][language]),
        (_("Audit body"), snapshot["body"][language] if snapshot["body"] else "–"),
        (_("Lead auditor"), lead["name"] if lead else "–"),
        (_("First day of the visit"), _day(dates["started_at"] or dates["planned_from"])),
        (_("Last day of the visit"), _day(dates["finished_at"] or dates["planned_until"])),
        (_("Issued"), date.fromisoformat(grade["issued_on"])),
        (_("Due for renewal (guideline)"), _day(renewal)),
        (_("Result"), label(GradeLetter, grade["letter"])),
        (_("Score"), grade["score"]),
        (_("Criteria for the grade"), _criteria(official=grade["official"])),
        (_("Verification code"), snapshot["verification_code"]),
        (_("Address for verification"), snapshot["verification_address"]),
    ]
    return [(name, clean(value) if isinstance(value, str) else value) for name, value in facts]


def _criteria(*, official: bool) -> str:
    return _("Official criteria of the scheme owner") if official else _("Provisional criteria")


def _day(iso: str | None) -> date | str:
    return date.fromisoformat(iso[:10]) if iso else "–"


def _counts(snapshot: Data, names: dict[int, str]) -> list[Counts]:
    counts = snapshot["counts"]
    rows = [
        (f"{number} {name}", counts["categories"][str(number)]) for number, name in names.items()
    ]
    return [
        Counts(
            name,
            (
                sum(row["judgements"].values()),
                *(row["judgements"][value] for value in JUDGED),
                *(row["severities"][value] for value in Severity.values),
            ),
        )
        for name, row in [*rows, (_("Total"), counts)]
    ]


def label(words: type[TextChoices], value: str) -> str:
    """Return the words for a value of a closed list; nothing for none, an unknown value as it is."""
    return str(words(value).label) if value in words.values else value
