"""The groups of workers that interviews are drawn from, taken from the site profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from suppliers.terms import Language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from audits.models import Audit

# Head-count of the profile, what the group is called, whether its language is Japanese.
GROUPS: tuple[tuple[str, _StrPromise, bool], ...] = (
    ("workers_regular", _("Regular employees"), True),
    ("workers_fixed_term", _("Fixed-term and part-time"), True),
    ("workers_dispatched", _("Dispatched workers"), True),
    ("technical_interns", _("Technical interns / trainees"), False),
    ("specified_skilled", _("Specified skilled workers"), False),
    ("foreign_other", _("Other foreign workers"), False),
    ("minors", _("Workers under 18"), True),
    ("homeworkers", _("Homeworkers"), True),
)
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


def in_japanese(label: _StrPromise) -> str:
    """Return the name under which a group is kept: the report is Japanese first."""
    with translation.override("ja"):
        return str(label)


def rows_for(audit: Audit) -> list[Row]:
    """Return the recorded rows, then the groups of the profile without one, then empty rows."""
    names = {in_japanese(label): (field, label) for field, label, _ja in GROUPS}
    samples = list(audit.samples.all())
    rows = []
    for sample in samples:
        field, label = names.get(sample.stratum, ("", ""))
        rows.append(
            Row(
                label=str(label) or sample.stratum,
                heads=getattr(audit.profile, field, None) if field else None,
                initial={
                    "stratum": sample.stratum,
                    "language": sample.language,
                    "planned": sample.planned,
                    "done": sample.done,
                    "recorded": True,
                },
            )
        )
    recorded = {sample.stratum for sample in samples}
    other = [code for code in (audit.profile.languages if audit.profile else []) if code != "ja"]
    for field, label, japanese in GROUPS:
        heads = getattr(audit.profile, field, 0)
        kept = in_japanese(label)
        if heads and kept not in recorded:
            language = Language.JAPANESE if japanese or not other else other[0]
            rows.append(Row(str(label), heads, {"stratum": kept, "language": language}))
    return rows + [Row("", None, {"language": Language.JAPANESE}) for _row in range(EMPTY_ROWS)]
