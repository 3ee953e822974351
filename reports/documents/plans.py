"""The corrective action plan as PDF: overview, each action, lines to sign, with its data attached."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.terms import CorrectionStatus
from audits.timeline import act_title
from reports.documents.legible import legible
from reports.documents.papers import address_of, moment_of, print_frozen
from reports.documents.wording import Wording
from reports.template_versions import PLAN as TEMPLATE_VERSION

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from reports.services.printing import Printed

Data = dict[str, Any]
PLAN = ("root_cause", "correction", "prevention", "responsible")
# What the words of the report have no need for.
WORDS: dict[str, _StrPromise] = {
    "plan": pgettext_lazy("paper", "Corrective action plan"),
    "plan_number": _("Number of the plan"),
    "stands": _("As it stood at"),
    "zone": _("Japan time, UTC+9"),
    "made_by": _("Prepared by"),
    "parties": _("Parties"),
    "audit_number": _("Audit number"),
    "lead_auditor": _("Lead auditor"),
    "overview": pgettext_lazy("corrective actions", "Overview"),
    "each": _("The actions one by one"),
    "planned_on": _("To be carried out by"),
    "unplanned": _("No plan has been submitted yet."),
    "done": _("What was done"),
    "files": _("Files sent"),
    "course": _("Course so far"),
    "nothing_yet": _("Nothing yet."),
    "overdue": pgettext_lazy("corrective action", "overdue"),
    "signatures": _("Signatures"),
    "agreed": _(
        "The site carries the plan out by the days above; the audit body verifies it in the way "
        "named with each action."
    ),
    "for_site": _("For the site"),
    "for_body": _("For the audit body"),
    "name_of": _("Organisation"),
    "sign_function": pgettext_lazy("representative", "Function"),
    "sign_name": pgettext_lazy("of a person", "Name"),
    "sign_date": _("Date"),
    "sign_here": _("Signature or seal"),
    "dated": _(
        "This paper says how things stood at the moment named above. What came later is on the page "
        "of the audit."
    ),
    "check": _("How to check this paper"),
    "check_note": _(
        "The same content as data is attached to this file. The SHA-256 of the attached file is "
        "the value below; when it differs, one of the two was changed."
    ),
    "attached": _("Attached file"),
    "check_where": _("To check the file"),
    "check_anybody": _("open to anybody, without signing in"),
}


def typeset_plan(content: str, sha256: str, language: str) -> Printed:
    """Return the PDF of a plan's canonical text in ja or en, with that text attached.

    The bytes depend on nothing but the text, the language, the template and the signing key.
    """
    data: Data = json.loads(content)
    return print_frozen(
        "plan",
        data,
        content,
        context_of(legible(data, prose=True), sha256, language),
        f"{sha256}|{language}",
        version=TEMPLATE_VERSION,
        at=datetime.fromisoformat(data["made_at"]),
    )


def context_of(data: Data, sha256: str, language: str) -> Data:
    """Return the context of the template; every text in it is still unescaped."""
    say = Wording(language)
    words = say.words | {key: say.say(lambda key=key: str(WORDS[key])) for key in WORDS}  # type: ignore[misc]  # the default binds the key
    site = data["site"]
    return {
        "d": data,
        "w": words,
        "p": say.signs,
        "lang": say.main,
        "sha256": sha256,
        "at": moment_of(data["made_at"], say),
        "maker": _maker(data["made_by"], say),
        "supplier": say.pair(site["supplier"]["name"]),
        "supplier_line": say.one(site["supplier"]["name"]),
        "site": say.pair(site["name"]),
        "site_line": say.one(site["name"]),
        "site_address": address_of(site, say),
        "standard": say.one(data["standard"]["title"]),
        "body": say.one(data["body"]) if data["body"] else "—",
        "secretariat": say.one(data["secretariat"]),
        "visit": say.days(data["visit_from"], data["visit_until"]),
        "issued": say.day(data["result"]["issued_on"]),
        "tally": _tally(data["actions"], say, words),
        "actions": [_action(row, say) for row in data["actions"]],
    }


def _maker(by: Data, say: Wording) -> str:
    parts = [say.one(by[name]) for name in ("organisation", "function") if by[name]]
    return (
        f"{by['name']}{say.signs['open']}{say.signs['comma'].join(parts)}{say.signs['close']}"
        if parts
        else by["name"]
    )


def _tally(actions: list[Data], say: Wording, words: dict[str, str]) -> list[tuple[str, int]]:
    """Return how many actions stand where, those states left out in which none is."""
    counts = Counter(row["status"] for row in actions)
    late = sum(row["overdue"] for row in actions)
    rows = [(say.term("status", value), counts[value]) for value in CorrectionStatus.values]
    return [(name, number) for name, number in [*rows, (words["overdue"], late)] if number]


def _action(row: Data, say: Wording) -> Data:
    return {
        **row,
        "title": say.pair(row["title"]),
        "title_line": say.one(row["title"]),
        "severity_words": say.term("severity", row["severity"]),
        "status_words": say.term("status", row["status"]),
        "verification_words": say.term("verification", row["verification"]),
        "repeat": say.pair(row["repeat"]),
        "plan_due": say.day(row["plan_due_on"]),
        "close_due": say.day(row["close_due_on"]),
        "planned": say.day(row["planned_on"]),
        "plan": [(say.words[name], row[name]) for name in PLAN if row[name]],
        "files": say.signs["comma"].join(file["label"] for file in row["files"]),
        "steps": [
            {
                "act": say.say(lambda step=step: act_title(step["act"])),  # type: ignore[misc]  # the default binds the step
                "at": moment_of(step["at"], say),
                "comment": step["comment"],
            }
            for step in row["steps"]
        ],
    }
