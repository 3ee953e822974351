"""The receipt of consent as PDF: one page that says what its data say, with the data attached."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

from reports.documents.legible import legible
from reports.documents.papers import address_of, moment_of, person_of, print_frozen
from reports.documents.wording import Wording
from reports.template_versions import CONSENT as TEMPLATE_VERSION
from reports.terms import ConsentAct

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from reports.services.printing import Printed

Data = dict[str, Any]
# What the words of the report have no need for.
WORDS: dict[str, _StrPromise] = {
    "receipt": _("Receipt of consent to share audit results"),
    "receipt_number": _("Receipt number"),
    "act": pgettext_lazy("consent", "What was done"),
    "at": pgettext_lazy("consent", "When"),
    "by": pgettext_lazy("consent", "By whom"),
    "zone": _("Japan time, UTC+9"),
    "scheme": _("Scheme"),
    "who": _("Who consents, and to whom"),
    "consenting": _("Supplier that consents"),
    "person": _("Person acting for it"),
    "controller": _("Data controller"),
    "recipient": _("Recipient (brand)"),
    "what": _("What is shown"),
    "level": _("Sharing level"),
    "shown": _("Shown to the recipient"),
    "future": _("Results issued later"),
    "ungraded": _("Results without a grade"),
    "included": pgettext_lazy("results", "included"),
    "excluded": pgettext_lazy("results", "not included"),
    "no_future": _("not included: only what was issued before the consent"),
    "period": _("Period"),
    "consent_purpose": _("What for"),
    "no_purpose": _("none stated"),
    "withdrawing": _("Taking the consent back"),
    "replaces": _("Replaces"),
    "no_receipt": _("a permission without a receipt"),
    "record": _("What was done, and by whom"),
    "over": pgettext_lazy("consent", "No longer in force"),
    "check": _("How to check this receipt"),
    "check_note": _(
        "The same content as data is attached to this file. The SHA-256 of the attached file is "
        "the value below; when it differs, one of the two was changed."
    ),
    "attached": _("Attached file"),
}


def typeset_consent(content: str, sha256: str, language: str) -> Printed:
    """Return the PDF of a receipt's canonical text in ja or en, with that text attached.

    The bytes depend on nothing but the text, the language and the template.
    """
    data: Data = json.loads(content)
    return print_frozen(
        "consent",
        data,
        content,
        context_of(legible(data, prose=True), sha256, language),
        f"{sha256}|{language}",
        version=TEMPLATE_VERSION,
        at=datetime.fromisoformat(data["events"][-1]["at"]),
    )


def context_of(data: Data, sha256: str, language: str) -> Data:
    """Return the context of the template; every text in it is still unescaped."""
    say = Wording(language)
    words = say.words | {key: say.say(lambda key=key: str(WORDS[key])) for key in WORDS}  # type: ignore[misc]  # the default binds the key
    consent, parties, site = data["consent"], data["parties"], data["site"]
    last = data["events"][-1]
    supplier = parties["consenting"]
    return {
        "d": data,
        "w": words,
        "p": say.signs,
        "lang": say.main,
        "made": last["at"],
        "act": _act(data["act"], say),
        "at": moment_of(last["at"], say),
        "scheme": say.one(data["scheme"]["name"]),
        "supplier": say.pair(supplier["name"]),
        "supplier_line": say.one(supplier["name"]),
        "supplier_address": address_of(supplier, say),
        "person": person_of(data["events"][0]["by"], say),
        "controller": say.one(parties["controller"]["name"]) if parties["controller"] else "—",
        "recipient": say.pair(parties["recipient"]["name"]),
        "recipient_line": say.one(parties["recipient"]["name"]),
        "site": say.pair(site["name"]),
        "site_address": address_of(site, say),
        "level": say.one(consent["level"]["name"]),
        "shows": [say.one(piece["text"]) for piece in consent["shows"]],
        "future": words["included"] if consent["future_results"] else words["no_future"],
        "ungraded": words["included" if consent["ungraded_results"] else "excluded"],
        "period": say.days(consent["starts_on"], consent["ends_on"]),
        "how": say.one(data["withdrawal"]["how"]),
        "effect": say.one(data["withdrawal"]["effect"]),
        "replaces": _replaces(data["replaces"], say, words),
        "events": [
            {
                "act": _act(row["act"], say),
                "at": moment_of(row["at"], say),
                "by": person_of(row["by"], say),
            }
            for row in data["events"]
        ],
        "sha256": sha256,
        "over": not data["in_force"],
    }


def _act(value: str, say: Wording) -> str:
    return say.say(lambda: str(ConsentAct(value).label))


def _replaces(before: Data | None, say: Wording, words: dict[str, str]) -> str:
    if before is None:
        return ""
    name = before["number"] or words["no_receipt"]
    values = {"number": name, "at": moment_of(before["ended_at"], say)}
    return say.say(lambda: gettext("%(number)s, ended %(at)s") % values)
