"""What is recorded about versions of the standard, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from accounts.timeline import ACTS, BAD, DETAILS

ACTS.update(
    {
        "standard_imported": gettext_lazy("Draft of the standard imported"),
        "standard_discarded": gettext_lazy("Draft of the standard discarded"),
        "standard_mapping_changed": gettext_lazy("Mapping of the requirements changed"),
        "standard_proposed": gettext_lazy("Activation of the standard proposed"),
        "standard_proposal_withdrawn": gettext_lazy("Proposed activation taken back"),
        "standard_activated": gettext_lazy("Standard activated"),
        "standard_mandatory_from": gettext_lazy("Start of mandatory use fixed"),
        "standard_sunset": gettext_lazy("Standard being phased out"),
        "standard_retired": gettext_lazy("Standard retired"),
    }
)
BAD.update({"standard_discarded", "standard_proposal_withdrawn"})


def _version(payload: dict[str, Any]) -> str:
    return _("Version %(version)s") % {"version": payload["version"]}


DETAILS.update({act: _version for act in ACTS if act.startswith("standard_")})
