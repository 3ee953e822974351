"""Checks that keep a report from being signed: each is a named function of one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.personal_data import personal_data_in
from audits.terms import EvidenceClass, Judgement

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from audits.models import Finding


@dataclass(frozen=True)
class Gap:
    """What a check found: the requirement's code (blank: the whole report) and the sentence.

    `field` is where it is mended: a field of the card or, for the whole report, the name of a page.
    """

    code: str
    sentence: str | _StrPromise
    field: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}" if self.code else str(self.sentence)


Check = Callable[["Finding"], Iterator["str | _StrPromise"]]


def judged(finding: Finding) -> Iterator[str | _StrPromise]:
    """Every applicable requirement has been judged."""
    if finding.judgement == Judgement.UNASSESSED:
        yield _("This requirement has not been assessed yet.")


def severity_given(finding: Finding) -> Iterator[str | _StrPromise]:
    """A nonconformity has a severity."""
    if finding.judgement == Judgement.NONCONFORMING and not finding.severity:
        yield _("A nonconformity needs a severity.")


def text_given(finding: Finding) -> Iterator[str | _StrPromise]:
    """A nonconformity has a text for the report."""
    if finding.judgement == Judgement.NONCONFORMING and not finding.report_text.strip():
        yield _("A nonconformity needs a text for the report.")


def evidence_given(finding: Finding) -> Iterator[str | _StrPromise]:
    """A nonconformity rests on at least one piece of evidence."""
    if finding.judgement == Judgement.NONCONFORMING and not finding.evidence.all():
        yield _("A nonconformity needs at least one piece of evidence.")


def not_applicable_reasoned(finding: Finding) -> Iterator[str | _StrPromise]:
    """Not applicable needs a reason, unless the site profile set it."""
    if (
        finding.judgement == Judgement.NOT_APPLICABLE
        and not finding.preset
        and not finding.reason.strip()
    ):
        yield _("Say why this requirement does not apply to the site.")


def unverifiable_reasoned(finding: Finding) -> Iterator[str | _StrPromise]:
    """Could not be verified needs a reason."""
    if finding.judgement == Judgement.UNVERIFIABLE and not finding.reason.strip():
        yield _("Say why this could not be verified.")


def without_personal_data(finding: Finding) -> Iterator[str | _StrPromise]:
    """Public text names no worker and carries no number that leads to one."""
    yield from looks_personal(finding.report_text, finding.reason)


def captions_without_personal_data(finding: Finding) -> Iterator[str | _StrPromise]:
    """Neither do the captions of pictures that the report prints."""
    yield from looks_personal(
        *(
            piece.caption
            for piece in finding.evidence.all()
            if piece.evidence_class == EvidenceClass.PUBLIC
        )
    )


def told_without_personal_data(finding: Finding) -> Iterator[str | _StrPromise]:
    """What the site is told at the closing meeting gives no worker away either."""
    if finding.judgement in (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE):
        yield from without_personal_data(finding)


def looks_personal(*texts: str) -> Iterator[_StrPromise]:
    """Yield a sentence for each passage of the texts that may lead to a worker."""
    for text in texts:
        for label, passage in personal_data_in(text):
            yield format_lazy(
                _("“{passage}” looks like {label}. Take it out: no worker may be identifiable."),
                passage=passage,
                label=label,
            )


VISIT_CHECKS: tuple[Check, ...] = (judged, told_without_personal_data)
SIGN_CHECKS: tuple[Check, ...] = (
    judged,
    severity_given,
    text_given,
    evidence_given,
    not_applicable_reasoned,
    unverifiable_reasoned,
    without_personal_data,
    captions_without_personal_data,
)
# In which field of the card each is mended.
FIELDS: dict[Check, str] = {
    judged: "judgement",
    severity_given: "severity",
    text_given: "report_text",
    evidence_given: "evidence",
    not_applicable_reasoned: "reason",
    unverifiable_reasoned: "reason",
    without_personal_data: "report_text",
    told_without_personal_data: "report_text",
    captions_without_personal_data: "evidence",
}


def gaps(findings: Iterable[Finding], checks: Iterable[Check]) -> list[Gap]:
    """Return every gap the checks find, in the order of the findings.

    `findings` come with their requirement and evidence loaded.
    """
    checks = tuple(checks)
    return [
        Gap(finding.requirement.code, sentence, FIELDS[check])
        for finding in findings
        for check in checks
        for sentence in check(finding)
    ]
