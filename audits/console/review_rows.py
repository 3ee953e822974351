"""What stands beside each finding on the review desk, and which findings are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audits.conversations import Thread, threads
from audits.terms import Judgement, Method

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.functional import _StrPromise

    from audits.checks import Gap
    from audits.forms.review import ReviewForm
    from audits.models import Finding
    from audits.services.previous import Before


@dataclass(frozen=True)
class Row:
    """One finding with its comment field, its conversation, its remarks and the audit before."""

    finding: Finding
    field: BoundField
    methods: str
    before: Before | None
    talk: list[Thread]
    remarks: list[Gap]
    # The words of the site's representative at the closing meeting; blank unless contested.
    contested: str

    @property
    def code(self) -> str:
        """Return the code of the requirement."""
        return self.finding.requirement.code

    @property
    def changed(self) -> bool:
        """Say whether the site was judged otherwise the time before."""
        return self.before is not None and self.before.differs_from(self.finding)

    @property
    def repeats(self) -> bool:
        """Say whether an earlier audit of the site found it not met either."""
        nonconforming = self.finding.judgement == Judgement.NONCONFORMING
        return nonconforming and self.before is not None and self.before.repeat is not None

    @property
    def commented(self) -> bool:
        """Say whether there is a comment, sent or being written."""
        return bool(self.talk or self.field.value())

    @property
    def plain(self) -> bool:
        """Say whether there is nothing to read but the judgement."""
        finding = self.finding
        return (
            finding.judgement in (Judgement.CONFORMING, Judgement.NOT_APPLICABLE)
            and not finding.report_text
            and not finding.working_note
            and not finding.evidence.all()
            and (finding.preset or finding.carried_from_id is not None or not finding.reason)
            and not (
                self.commented
                or self.contested
                or self.remarks
                or self.changed
                or self.field.errors
            )
        )


# The ways to narrow the desk: name in the address, words, which rows.
SHOWN: dict[str, tuple[_StrPromise, Callable[[Row], bool]]] = {
    "": (_("All findings"), lambda row: True),
    "nonconforming": (
        _("Nonconforming"),
        lambda row: row.finding.judgement == Judgement.NONCONFORMING,
    ),
    "repeat": (_("Repeat findings"), lambda row: row.repeats),
    "changed": (_("Changed since the last audit"), lambda row: row.changed),
    "contested": (_("Contested on site"), lambda row: bool(row.contested)),
    "comments": (_("With a comment"), lambda row: row.commented),
    "remarks": (_("With a remark of a check"), lambda row: bool(row.remarks)),
}


@dataclass(frozen=True)
class Choice:
    """One way to narrow the desk, and how many findings it leaves."""

    name: str
    label: str
    count: int
    current: bool


def choices(rows: Iterable[Row], current: str) -> list[Choice]:
    """Return the ways to narrow the desk, each with its count."""
    rows = list(rows)
    return [
        Choice(name, str(label), sum(map(passes, rows)), name == current)
        for name, (label, passes) in SHOWN.items()
    ]


def rows_of(
    findings: Iterable[Finding],
    form: ReviewForm,
    before: dict[str, Before],
    remarks: list[Gap],
    contested: Mapping[str, str],
) -> list[Row]:
    """Return the rows of the desk; `findings` come with evidence and visible comments loaded.

    `contested` are the words of the closing meeting by code.
    """
    by_code: dict[str, list[Gap]] = defaultdict(list)
    for remark in remarks:
        by_code[remark.code].append(remark)
    return [
        Row(
            finding,
            form[f"on-{finding.requirement.code}"],
            " · ".join(str(Method(one).label) for one in finding.methods if one in Method.values),
            before.get(finding.requirement.code),
            threads(finding.comments.all()),
            by_code.get(finding.requirement.code, []),
            contested.get(finding.requirement.code, ""),
        )
        for finding in findings
    ]


def bands(rows: Iterable[Row], current: str) -> Iterator[tuple[object, list[Row], list[Row]]]:
    """Yield category, the findings to read, and those without anything but the judgement.

    Where the desk is narrowed, everything that is left is to be read.
    """
    shown = [row for row in rows if SHOWN[current][1](row)]
    for category, band in groupby(shown, key=lambda row: row.finding.requirement.category):
        listed = list(band)
        plain = [row for row in listed if row.plain and not current]
        yield category, [row for row in listed if row not in plain], plain
