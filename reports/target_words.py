"""The submission targets in words: how a recorded change of one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.models import fields_for_model
from django.utils.translation import gettext as _, gettext_lazy, pgettext

from accounts.terms import Locale
from accounts.timeline import ACTS, DETAILS
from reports.models import SubmissionTarget
from reports.terms import SubmissionPaper
from ui.language import active_language, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDED, CHANGED = "target_added", "target_changed"


def value_text(name: str, value: Any) -> str:
    """Return the value of a target's field in words; "–" for none."""
    if name == "requirements":
        return listed(requirement_text(row) for row in value) or "–"
    if isinstance(value, bool):
        return pgettext("setting", "yes") if value else pgettext("setting", "no")
    if name.endswith("_language"):
        return str(Locale(value).label) if value else _("not part of it")
    return str(value) or "–"


def requirement_text(row: Mapping[str, Any]) -> str:
    """Return a requirement with what proves it, in the reader's language."""
    language = active_language()
    text, proof = (row[name][language] or row[name]["ja"] for name in ("text", "proof"))
    return _("%(what)s (%(more)s)") % {"what": text, "more": proof} if proof else str(text)


def papers_text(target: SubmissionTarget) -> str:
    """Return which papers are submitted to the target, each with its language."""
    languages = {
        SubmissionPaper.COVER: target.cover_language,
        SubmissionPaper.STATEMENT: target.statement_language,
        SubmissionPaper.REPORT: target.report_language,
    }
    return listed(
        _("%(what)s (%(more)s)") % {"what": paper.label, "more": Locale(language).label}
        for paper, language in languages.items()
        if language
    )


def change_lines(payload: Mapping[str, Any]) -> str:
    """Return a recorded change: the target, and one line for each field, before and after."""
    labels = {name: str(field.label) for name, field in fields_for_model(SubmissionTarget).items()}
    lines = [str(payload["target"])]
    for name, change in payload.get("changes", {}).items():
        before, after = value_text(name, change["from"]), value_text(name, change["to"])
        lines.append(f"{labels.get(name, name)}: {before} → {after}")
    return "\n".join(lines)


ACTS[ADDED] = gettext_lazy("Submission target added")
ACTS[CHANGED] = gettext_lazy("Submission target changed")
DETAILS[ADDED] = DETAILS[CHANGED] = change_lines
