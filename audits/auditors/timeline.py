"""What is recorded about auditors and engagements, in the words of the record of a body."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from accounts import timeline
from audits.auditors.terms import EngagementKind, Level, QualificationStatus
from ui.templatetags.ui import day

ACTS = {
    "auditor_registered": gettext_lazy("Auditor registered"),
    "auditor_changed": gettext_lazy("Languages or prefectures of an auditor changed"),
    "auditor_deactivated": gettext_lazy("Auditor deactivated"),
    "auditor_reactivated": gettext_lazy("Auditor reactivated"),
    "qualification_trained": gettext_lazy("Auditor trained"),
    "qualification_examined": gettext_lazy("Auditor examined"),
    "qualification_witnessed": gettext_lazy("Auditor witnessed during an audit"),
    "qualification_qualified": gettext_lazy("Auditor qualified"),
    "qualification_lapsed": gettext_lazy("Qualification of an auditor lapsed"),
    "qualification_suspended": gettext_lazy("Qualification of an auditor suspended"),
    "absence_added": gettext_lazy("Unavailable days of an auditor entered"),
    "absence_removed": gettext_lazy("Unavailable days of an auditor taken out"),
    "engagement_declared": gettext_lazy("Engagement declared"),
    "engagement_ended": gettext_lazy("End of an engagement entered"),
    "engagement_end_corrected": gettext_lazy("End of an engagement corrected"),
    "engagement_withdrawn": gettext_lazy("Engagement withdrawn"),
}
BAD = {
    "auditor_deactivated",
    "qualification_lapsed",
    "qualification_suspended",
    "engagement_declared",
}


def _period(payload: dict[str, Any]) -> str:
    last = payload.get("until")
    end = day(date.fromisoformat(last)) if last else ""
    return f"{day(date.fromisoformat(payload['from']))} – {end}".strip()


def _number(payload: dict[str, Any]) -> str:
    return str(payload["auditor"])


def _absent(payload: dict[str, Any]) -> str:
    return f"{payload['auditor']} · {_period(payload)}"


def _step(payload: dict[str, Any]) -> str:
    parts = [
        payload["auditor"],
        str(Level(payload["level"]).label),
        payload["standard"],
        day(date.fromisoformat(payload["on"])),
    ]
    if payload.get("until"):
        parts.append(_("until %(day)s") % {"day": day(date.fromisoformat(payload["until"]))})
    return " · ".join(parts)


def _tie(payload: dict[str, Any]) -> str:
    who = [payload["auditor"]] if payload.get("auditor") else []
    kind = str(EngagementKind(payload["kind"]).label)
    return " · ".join([*who, payload["with"], kind, _period(payload)])


DETAILS = {
    "auditor_registered": _number,
    "auditor_changed": _number,
    "auditor_deactivated": _number,
    "auditor_reactivated": _number,
    "absence_added": _absent,
    "absence_removed": _absent,
    "engagement_declared": _tie,
    "engagement_ended": _tie,
    "engagement_end_corrected": _tie,
    "engagement_withdrawn": _tie,
    **{f"qualification_{status}": _step for status in QualificationStatus.values},
}


def join() -> None:
    """Add the words of this room to the record of organisations."""
    timeline.ACTS.update(ACTS)
    timeline.BAD.update(BAD)
    timeline.DETAILS.update(DETAILS)
