"""The preliminary summary as PDF: what the site was told and signed, marked as not yet confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from reports.documents.legible import legible
from reports.documents.papers import print_paper
from reports.documents.wording import Wording
from reports.snapshot import canonical
from reports.template_versions import PRELIMINARY as TEMPLATE_VERSION
from ui.templatetags import ui

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from reports.services.printing import Printed

Data = dict[str, Any]
# What the words of the report have no need for.
WORDS: dict[str, _StrPromise] = {
    "summary_title": _("Preliminary summary"),
    "mark": pgettext_lazy("mark on every page", "PRELIMINARY, NOT CONFIRMED"),
    "notice": _(
        "This is what the audit team told the site at the closing meeting. Nothing in it is decided: "
        "findings may change in report, review and check of facts, and the grade is decided "
        "afterwards."
    ),
    "audit_number": _("Audit number"),
    "for_site": _("For the site"),
    "for_team": _("For the audit team"),
    "remarks": _("What else was said"),
    "again": _("Held again because"),
    "list": _("Findings nonconforming or not verified"),
    "none": _("Nothing was found nonconforming, and everything could be verified."),
    "answer": _("Answer of the site"),
    "acknowledged": pgettext_lazy("finding", "Acknowledged"),
    "contested": pgettext_lazy("finding", "Contested"),
    "in_words": _("In the representative's words"),
    "unwritten": _("The text is written for the report."),
    "signature": _("Signature of the site's representative"),
    "told": _("I was told the findings above today. Acknowledging is not agreeing to a grade."),
    "by_hand": _("Signed by hand"),
    "by_name": _("Signed by typing the name"),
    "what_follows": _("What follows"),
    "follows": _(
        "The team completes the report and the review looks at it, also at what is contested. Then "
        "you check the facts and may dispute them, before the secretariat decides."
    ),
}


def typeset_preliminary(data: Data, language: str) -> Printed:
    """Return the PDF of a closing meeting (`preliminary.contents_of`) in ja, en or both.

    The bytes depend on nothing but the contents, the language and the template.
    """
    # The signature is a drawing and no text.
    shown = legible(data, prose=True) | {"signature": data["signature"]}
    return print_paper(
        "preliminary",
        context_of(shown, language),
        f"{canonical(data)}|{language}",
        version=TEMPLATE_VERSION,
        at=datetime.fromisoformat(data["signed_at"]),
        styles=("report", "preliminary"),
    )


def context_of(data: Data, language: str) -> Data:
    """Return the context of the template; every text in it is still unescaped."""
    say = Wording(language)
    words = say.words | {key: say.say(lambda key=key: str(WORDS[key])) for key in WORDS}  # type: ignore[misc]  # the default binds the key
    return {
        "d": data,
        "w": words,
        "title": str(words["summary_title"]),
        "signature": str(words["signature"]),
        "p": say.signs,
        "lang": say.main,
        "site": say.pair(data["site"]),
        "supplier": say.pair(data["supplier"]),
        "line": f"{say.one(data['supplier'])} {say.one(data['site'])}",
        "standard": say.one(data["standard"]),
        "body": say.one(data["body"]) if data["body"] else "—",
        "started": say.day(data["first_day"]),
        "held": _moment(data["held_at"], say),
        "signed": _moment(data["signed_at"], say),
        "team": [
            {**row, "function": say.term("function", row["function"])} for row in data["team"]
        ],
        "findings": [
            {
                **row,
                "title": say.pair(row["title"]),
                "judgement_words": say.term("judgement", row["judgement"]),
                "severity_words": say.term("severity", row["severity"]) if row["severity"] else "",
            }
            for row in data["findings"]
        ],
    }


def _moment(iso: str, say: Wording) -> str:
    when = datetime.fromisoformat(iso)
    return say.say(lambda: ui.moment(when))
