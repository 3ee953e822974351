"""Findings as a Word document: by category, with a block to fill in for each nonconformity."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, pgettext

from reports.working_copies.wordfile import NOTICE, written
from reports.working_copies.wordml import cell, paragraph, row, run, table
from ui.templatetags.ui import day as in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reports.working_copies.contents import Contents, Row

HEAD, OPEN = "E6EAF4", "FDF8EC"
# Widths of columns; the text is 174 mm wide.
FINDING = (17, 61, 29, 67)
BLOCK = (42, 132)
FACT = (52, 122)
COUNT = 17.5
# So much room is left where people write.
ROOM = 12


def write_word(contents: Contents) -> bytes:
    """Return the .docx: the same contents give the same bytes."""
    return written(contents, "".join(_body(contents)), mark=_("Working copy"))


def _body(contents: Contents) -> Iterator[str]:
    yield paragraph(run(contents.title), style="Title")
    yield paragraph(run(f"{contents.supplier} {contents.site}", bold=True))
    for line in contents.notice:
        yield paragraph(run(line), style=NOTICE)
    yield _heading(_("Summary"), 1)
    yield _pairs(FACT, [(name, value or "–") for name, value in contents.facts])
    yield _heading(_("Why this grade"), 2)
    for reason in contents.reasons:
        yield paragraph(run(reason), style="ListBullet")
    yield _heading(_("Judgements and severities by category"), 2)
    yield _counts(contents)
    yield _heading(_("Findings by requirement"), 1)
    for category, rows in groupby(contents.rows, key=lambda found: found.category):
        found = list(rows)
        yield _heading(category, 2)
        yield _findings(found)
        for each in found:
            if each.nonconforming:
                yield _block(each)


def _heading(text: str, level: int) -> str:
    return paragraph(run(text), style=f"Heading{level}")


def _head(texts: Sequence[str], size: float = 0) -> str:
    return row(
        *(cell(paragraph(run(text, bold=True, size=size)), fill=HEAD) for text in texts),
        is_heading=True,
    )


def _pairs(widths: tuple[int, int], pairs: Iterable[tuple[str, str | date]]) -> str:
    """Return names and values below each other; an empty value leaves room to write in."""
    return table(widths, [_pair(name, value) for name, value in pairs])


def _pair(name: str, value: str | date) -> str:
    text = str(in_words(value)) if isinstance(value, date) else value
    return row(
        cell(paragraph(run(name, bold=True)), fill=HEAD),
        cell(paragraph(run(text)), fill="" if text else OPEN),
        height=0 if text else ROOM,
    )


def _counts(contents: Contents) -> str:
    heads = contents.count_heads
    numbers = len(heads) - 1
    return table(
        [sum(FACT) - COUNT * numbers, *[COUNT] * numbers],
        [
            _head(heads, size=6),
            *(
                row(
                    cell(paragraph(run(counts.name))),
                    *(cell(paragraph(run(str(number)))) for number in counts.numbers),
                    whole=True,
                )
                for counts in contents.counts
            ),
        ],
        margin=0.7,
    )


def _findings(rows: Sequence[Row]) -> str:
    """Return the requirements of a category with what was found."""
    heads = (_("Code"), _("Requirement"), _("Judgement"), _("Finding"))
    return table(FINDING, [_head(heads), *(_finding(each) for each in rows)])


def _finding(found: Row) -> str:
    return row(
        cell(paragraph(run(found.code, bold=True))),
        cell(
            paragraph(run(found.title, bold=True)),
            paragraph(run(found.text)),
            *_named(
                (_("Legal basis"), found.legal_basis),
                (_("Wording of the requirements"), found.provenance),
            ),
        ),
        cell(
            paragraph(run(found.judgement, bold=True)),
            *_named((_("Severity"), found.severity), (_("Methods"), found.methods)),
        ),
        cell(
            *([paragraph(run(found.finding))] if found.finding else []),
            *_named(
                (_("Clauses not met"), found.clauses),
                (_("Reason"), found.reason),
                (_("Evidence"), found.evidence),
                (_("Taken over from"), found.origin),
            ),
        ),
    )


def _named(*pairs: tuple[str, str]) -> Iterator[str]:
    """Yield each text under its name, unless there is none."""
    for name, text in pairs:
        if text:
            yield paragraph(run(f"{name}: ", bold=True), run(text))


def _block(found: Row) -> str:
    """Return the plan of a nonconformity as it stood at the issue, with room to go on."""
    title = _("Corrective action %(code)s: %(title)s") % {"code": found.code, "title": found.title}
    action = found.action
    pairs: list[tuple[str, str | date]] = [(_("Severity"), found.severity)]
    if action:
        pairs += [
            (_("Plan due"), action.plan_due),
            (_("To be closed by"), action.close_due),
            (_("Verification"), action.verification),
            (_("Status at the issue"), action.status),
        ]
        if action.repeat:
            pairs.append((_("Repeat finding"), action.repeat))
    pairs += [
        (_("Root cause"), action.root_cause if action else ""),
        (_("Correction"), action.correction if action else ""),
        (_("Prevention"), action.prevention if action else ""),
        (_("Responsible"), action.responsible if action else ""),
        (_("What was done"), ""),
        (_("Carried out on"), ""),
        (_("Proved by"), ""),
        (pgettext("column to write in", "Remarks"), ""),
    ]
    return _heading(title, 3) + _pairs(BLOCK, pairs)
