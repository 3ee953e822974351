"""What is recorded about suppliers, in the words of the record of an organisation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from accounts import timeline

ACTS = {
    "supplier_merged": gettext_lazy("Supplier merged into this one"),
    "supplier_merged_into": gettext_lazy("Merged into another supplier"),
    "sites_merged": gettext_lazy("Two sites merged"),
    "duplicate_dismissed": gettext_lazy("Said not to be the same"),
}


def _merged(payload: dict[str, Any]) -> str:
    """Return what was merged into what, and how much went over, in one line."""
    went = ""
    if "memberships" in payload:
        went = _(" (sites: %(sites)d, audits: %(audits)d, people: %(people)d)") % {
            "sites": len(payload["sites"]),
            "audits": len(payload["audits"]),
            "people": len({row["user"] for row in payload["memberships"]}),
        }
    return f"{payload['was']} → {payload['into']}{went}"


def _pair(payload: dict[str, Any]) -> str:
    return " ≠ ".join(payload["names"])


DETAILS = {
    "supplier_merged": _merged,
    "supplier_merged_into": _merged,
    "sites_merged": _merged,
    "duplicate_dismissed": _pair,
}


def join() -> None:
    """Add the words of this room to the record of organisations."""
    timeline.ACTS.update(ACTS)
    timeline.DETAILS.update(DETAILS)
