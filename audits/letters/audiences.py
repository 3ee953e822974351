"""The people around an audit to whom letters are written, and how a letter about an audit looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.letters import Letter, letter

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Audience(TextChoices):
    """The people around one audit who can be told something."""

    SUPPLIER = "supplier", _("Managers of the supplier")
    BODY = "body", _("Coordinators of the body")
    SECRETARIAT = "secretariat", _("Coordinators of the secretariat")
    OWNER = "owner", _("Scheme owner")
    TEAM = "team", _("Audit team")
    OFFERED = "offered", _("Auditors who have an offer to answer")
    ACCEPTED = "accepted", _("Auditors who accepted their place")
    LEAD = "lead", _("Lead auditor")
    REVIEWERS = "reviewers", _("Reviewers")
    DECISION_MAKERS = "decision_makers", _("Decision makers of the secretariat")


PLACE = _("Mihon Weaving Co., Ltd. Main factory")
QUOTED = _("The text stands here as it was written, for example a reason or a comment.")


def audit_letter(
    code: str,
    sentence: _StrOrPromise,
    *to: Audience,
    when: _StrOrPromise,
    quotes: bool = False,
    **more: Any,
) -> Letter:
    """Enter a letter about one audit; `quotes` when something written by a person follows."""
    return letter(
        code,
        sentence,
        to=to,
        when=when,
        group=_("Audits"),
        numbered=True,
        example_body=format_lazy("{}\n{}", PLACE, QUOTED) if quotes else PLACE,
        **more,
    )
