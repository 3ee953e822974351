"""How long a result is good for, in words: one way for the page and the papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _, gettext_lazy, ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What a recipient may not accept, by the codes of `reports.snapshot.submissions.warnings_of`.
WARNINGS: dict[str, _StrPromise] = {
    "no_renewal_day": gettext_lazy("No date of renewal is set for this grade."),
    "past_renewal": gettext_lazy("The date of renewal has passed."),
    "short": gettext_lazy("Fewer than %(months)d months remain until the date of renewal."),
    "no_grade": gettext_lazy("The audit ended without a grade."),
    "provisional": gettext_lazy("The grade was computed by provisional criteria."),
}


def warning(code: str, remaining: dict[str, Any]) -> str:
    """Return the sentence of a warning."""
    return str(WARNINGS[code]) % {"months": remaining["minimum_months"]}


def remaining_words(remaining: dict[str, Any]) -> str:
    """Return what is left, such as 14 months and 3 days; "–" without a date of renewal."""
    if remaining["until"] is None:
        return "–"
    months, days = remaining["months"], remaining["days"]
    return _("%(months)s and %(days)s") % {
        "months": ngettext("%(n)d month", "%(n)d months", months) % {"n": months},
        "days": ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
    }
