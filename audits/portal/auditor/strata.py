"""The lines of the interview page: what is recorded, and what the site profile proposes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audits.models import SchemeSettings
from audits.sampling import ACROSS, GROUPS, Stratum, in_japanese, plan
from suppliers.terms import Language

if TYPE_CHECKING:
    from audits.models import Audit

EMPTY_ROWS = 2


@dataclass(frozen=True)
class Row:
    """One line of the sample: name of the group, head-count (None if unknown), initial values."""

    label: str
    heads: int | None
    initial: dict[str, Any]

    @property
    def named(self) -> bool:
        """Say whether the group is given; otherwise its name is typed."""
        return bool(self.label)

    @property
    def across(self) -> bool:
        """Say whether the line cuts across the groups."""
        return bool(self.initial.get("across"))


def rows_for(audit: Audit) -> list[Row]:
    """Return the recorded rows, those the profile proposes besides, and empty ones.

    What is proposed fills in how many to plan; nothing is kept before the page is saved.
    """
    proposed = _proposed(audit)
    by_name = {row.name: row for row in proposed}
    samples = list(audit.samples.all())
    recorded = {sample.stratum for sample in samples}
    rows = [
        Row(
            label=_in_words(sample.stratum),
            heads=by_name[sample.stratum].heads if sample.stratum in by_name else None,
            initial={
                "stratum": sample.stratum,
                "language": sample.language,
                "across": sample.across,
                "planned": sample.planned,
                "done": sample.done,
                "done_in_groups": sample.done_in_groups,
                "recorded": True,
            },
        )
        for sample in samples
    ]
    other = [code for code in (audit.profile.languages if audit.profile else []) if code != "ja"]
    for row in proposed:
        if row.name not in recorded:
            language = Language.JAPANESE if row.japanese or not other else other[0]
            initial = {
                "stratum": row.name,
                "language": language,
                "across": row.across,
                # Once a plan was saved, a group without a line was left out on purpose.
                "planned": row.planned if not samples else None,
            }
            rows.append(Row(_in_words(row.name), row.heads, initial))
    return [
        *(row for row in rows if not row.across),
        *(Row("", None, {"language": Language.JAPANESE}) for _row in range(EMPTY_ROWS)),
        *(row for row in rows if row.across),
    ]


def _proposed(audit: Audit) -> list[Stratum]:
    if audit.profile is None:
        return []
    least = SchemeSettings.objects.current().interviews_of(audit)
    return plan(audit.profile, least)


def _in_words(stratum: str) -> str:
    """Return a group in the reader's language; one that was typed stays as it is."""
    for _field, label, _japanese in GROUPS:
        if in_japanese(label) == stratum:
            return str(label)
    for other in ACROSS:
        if in_japanese(other) == stratum:
            return str(other)
    return stratum
