"""The papers of a submission set: the statement of result, and the cover sheet with the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

from reports.documents.legible import legible
from reports.documents.pages.drawings import grouped, qr_of
from reports.documents.papers import address_of, moment_of, person_of, print_paper
from reports.documents.wording import Wording
from reports.remaining import remaining_words, warning
from reports.snapshot import canonical
from reports.template_versions import SUBMISSION as TEMPLATE_VERSION
from reports.terms import SubmissionPaper
from ui.templatetags import ui

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from reports.services.printing import Printed

Data = dict[str, Any]
# What the words of the report have no need for.
WORDS: dict[str, _StrPromise] = {
    "statement": _("Statement of result"),
    "stated": _("The result of the audit of the site named below is stated as follows."),
    "result_number": _("Number of the result"),
    "made": _("Made from the record"),
    "cover": _("Submission papers: cover sheet"),
    "submission_number": _("Submission number"),
    "submitted_by": _("Submitted by"),
    "made_by": _("Prepared by"),
    "made_on": _("Prepared on"),
    "remaining": _("Remaining until then"),
    "demanded": _("Should remain"),
    "warned": pgettext_lazy("cover sheet", "Please note"),
    "others": _("Further requirements"),
    "demand": _("Requirement of the recipient"),
    "confirmed": pgettext_lazy("requirement", "confirmed"),
    "unconfirmed": pgettext_lazy("requirement", "not confirmed"),
    "by_supplier": _("Confirmed by the supplier itself, not by the audit."),
    "proof": _("Proved by"),
    "proof_wanted": _("To be proved by"),
    "published_on": _("Day"),
    "enclosed": _("Enclosed"),
    "paper": _("Paper"),
    "file": _("File"),
    "pages_head": pgettext_lazy("number of", "Pages"),
    "state": _("State"),
    "verify_statement": _("How to verify this statement"),
    "states_site_only": _(
        "The result says what was found at one site during the visit. It vouches for neither "
        "products nor companies."
    ),
}


def typeset_submission(paper: str, data: Data, language: str) -> Printed:
    """Return the PDF of a paper of a set in ja or en.

    `data` is the statement for one, and the whole submission with what is enclosed for the cover.
    The bytes depend on nothing but paper, data, language and template.
    """
    say = Wording(language)
    words = say.words | {key: say.say(lambda key=key: str(WORDS[key])) for key in WORDS}  # type: ignore[misc]  # the default binds the key
    name, fill = TEMPLATES[SubmissionPaper(paper)]
    shown = legible(data, prose=True)
    return print_paper(
        name,
        fill(shown, say) | {"d": shown, "w": words, "p": say.signs, "lang": say.main},
        f"{canonical(data)}|{language}",
        version=TEMPLATE_VERSION,
        at=datetime.fromisoformat(data["made_at"]),
        styles=("report", "paper"),
    )


def _statement(data: Data, say: Wording) -> Data:
    return {
        **_result(data, say),
        "site_address": address_of(data["site"], say),
        "kind": say.term("kind", data["kind"]),
        "visit": say.days(data["visit_from"], data["visit_until"]),
        "standard": say.pair(data["standard"]["title"]),
        "standard_line": say.one(data["standard"]["title"]),
        "secretariat": say.one(data["secretariat"]),
        "revision": say.revision(data["revision"]),
        "address": data["verification_address"],
        "qr": qr_of(data, say),
        "made": moment_of(data["made_at"], say),
    }


def _cover(data: Data, say: Wording) -> Data:
    statement, remaining = data["statement"], data["remaining"]
    minimum = remaining["minimum_months"]
    return {
        **_result(statement, say),
        "recipient": say.pair(data["target"]["recipient"]),
        "recipient_line": say.one(data["target"]["recipient"]),
        "target": say.one(data["target"]["name"]),
        "supplier_address": address_of(statement["site"]["supplier"], say),
        "site_address": address_of(statement["site"], say),
        "person": person_of(data["made_by"], say),
        "made_on": say.day(remaining["counted_on"]),
        "remaining": say.say(
            lambda: (
                gettext("%(remaining)s, counted on %(day)s")
                % {
                    "remaining": remaining_words(remaining),
                    "day": ui.day(date.fromisoformat(remaining["counted_on"])),
                }
            )
        )
        if remaining["until"]
        else "—",
        "demanded": say.say(lambda: gettext("at least %(months)d months") % {"months": minimum}),
        "warnings": [
            say.say(lambda code=code: warning(code, remaining))  # type: ignore[misc]  # the default binds the code
            for code in data["warnings"]
        ],
        "requirements": [
            {
                **row,
                "text": say.one(row["text"]),
                "wanted": say.one(row["proof"]),
                "on": say.day(row["day"]) if row["day"] else "",
            }
            for row in data["requirements"]
        ],
        "enclosed": [
            {**row, "title": say.say(lambda row=row: str(SubmissionPaper(row["paper"]).label))}  # type: ignore[misc]  # as above
            for row in data["enclosed"]
        ],
    }


def _result(data: Data, say: Wording) -> Data:
    """Return what both papers say of site and result."""
    site = data["site"]
    return {
        "supplier": say.pair(site["supplier"]["name"]),
        "supplier_line": say.one(site["supplier"]["name"]),
        "corporate_number": site["supplier"]["corporate_number"],
        "site": say.pair(site["name"]),
        "grade": {
            "letter": "—" if data["grade"] == "none" else data["grade"],
            "words": say.term("grade", data["grade"]),
            "value": data["grade"],
            "official": data["official"],
        },
        "issued": say.day(data["issued_on"]),
        "renewal": say.day(data["renewal_due_on"]),
        "body": say.one(data["body"]) if data["body"] else "—",
        "code": grouped(data["verification_code"]),
    }


TEMPLATES: dict[SubmissionPaper, tuple[str, Callable[[Data, Wording], Data]]] = {
    SubmissionPaper.STATEMENT: ("statement", _statement),
    SubmissionPaper.COVER: ("submission", _cover),
}
