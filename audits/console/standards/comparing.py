"""Differences between versions, as a page shows them: counted, and one category at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django.views.decorators.http import require_GET

from audits.console.standards.access import for_scheme_desk, trail, version_or_404
from audits.standards.differences import between
from audits.standards.headings import WORDS
from ui.language import active_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from accounts.http import UserRequest
    from audits.standards.contents import CategoryRow
    from audits.standards.differences import Change, Difference

KINDS = {
    "added": (pgettext_lazy("requirements", "Added"), "moss"),
    "changed": (pgettext_lazy("requirements", "Changed"), "amber"),
    "dropped": (pgettext_lazy("requirements", "Dropped"), "red"),
    "same": (pgettext_lazy("requirements", "Unchanged"), ""),
}
LABELS = {
    "title_ja": _("title (Japanese)"),
    "text_ja": _("text (Japanese)"),
    "title_en": _("title (English)"),
    "text_en": _("text (English)"),
    "guidance_ja": _("guidance (Japanese)"),
    "guidance_en": _("guidance (English)"),
    "evidence_hint_ja": _("evidence hint (Japanese)"),
    "evidence_hint_en": _("evidence hint (English)"),
    "legal_basis": _("legal basis"),
    "severity": _("severity"),
    "condition": _("condition"),
    "provenance": _("provenance"),
    "category": _("category"),
    "subcategory": _("subcategory"),
}


class Fact(NamedTuple):
    """A changed fact in words."""

    label: str
    old: str
    new: str


class Text(NamedTuple):
    """A changed text: what it is called, its language, and the change."""

    label: str
    language: str
    change: Change


@dataclass(frozen=True)
class Shown:
    """One difference in words."""

    row: Difference
    kind: str
    tone: str
    facts: list[Fact]
    texts: list[Text]


class Band(NamedTuple):
    """One category of the comparison: how much differs in it, and whether it is shown."""

    number: int
    name: str
    differing: int
    current: bool


def comparison(
    request: HttpRequest, found: list[Difference], categories: Iterable[CategoryRow]
) -> dict[str, Any]:
    """Return what `parts/standard_differences.html` shows; `?category=` chooses."""
    counts = Counter(row.kind for row in found)
    differing = Counter(row.category for row in found if row.kind != "same")
    wanted = request.GET.get("category", "")
    first = min(differing, default=0)
    english = active_language() == "en"
    current = int(wanted) if wanted.isdecimal() and int(wanted) in differing else first
    return {
        "counts": [(kind, *KINDS[kind], counts[kind]) for kind in KINDS],
        "bands": [
            Band(
                row.number,
                row.name_en if english else row.name_ja,
                differing[row.number],
                row.number == current,
            )
            for row in categories
            if differing[row.number]
        ],
        "differences": [
            _shown(row) for row in found if row.category == current and row.kind != "same"
        ],
        "any": bool(differing),
    }


def _shown(row: Difference) -> Shown:
    kind, tone = KINDS[row.kind]
    return Shown(
        row,
        str(kind),
        tone,
        [
            Fact(str(LABELS[fact.name]), _word(fact, fact.old), _word(fact, fact.new))
            for fact in row.facts
        ],
        [
            Text(str(LABELS[text.name]), "en" if text.name.endswith("_en") else "ja", text)
            for text in row.texts
        ],
    )


def _word(change: Change, value: str) -> str:
    if change.name in WORDS and value in WORDS[change.name].values:
        return str(WORDS[change.name](value).label)
    if change.name == "condition":
        return str(_("Always"))
    return value or "–"


@require_GET
@for_scheme_desk
def differences(request: UserRequest, version: str) -> HttpResponse:
    """Compare a version with the one that it follows, word by word."""
    standard = version_or_404(request, version)
    contents = standard.contents()
    previous = standard.previous
    found = between(previous.contents() if previous else None, contents)
    return render(
        request,
        "audits/console/standards/differences.html",
        {
            "standard": standard,
            "previous": previous,
            **comparison(request, found, contents.categories),
            "trail": trail(standard),
        },
    )
