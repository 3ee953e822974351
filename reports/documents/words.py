"""The fixed words of the printed report; `wording` says them in Japanese, English, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDS: dict[str, _StrPromise] = {
    "title": _("Audit report"),
    "draft": pgettext_lazy("mark on every page", "DRAFT"),
    "draft_notice": _("This is a draft. Nothing in it has been decided or issued."),
    "confidential": _("Handle with care"),
    "contents": _("Contents"),
    "summary": _("Summary"),
    "method": _("Site and method"),
    "audit": _("Audit"),
    "findings": _("Findings by requirement"),
    "nonconformities": _("Nonconformities"),
    "corrections": _("Corrective action plan"),
    "provenance": _("Standard, wording and provisional criteria"),
    "impartiality": _("Conflicts of interest declared"),
    "verify": _("How to verify this report"),
    "site": _("Site"),
    "supplier": _("Supplier"),
    "corporate_number": _("Corporate number"),
    "address": _("Address"),
    "processes": _("Processes"),
    "standard": _("Standard"),
    "number": _("Report number"),
    "visit": _("Dates of the visit"),
    "issued": _("Issued"),
    "renewal": _("Due for renewal (guideline)"),
    "team": _("Audit team"),
    "body": _("Audit body"),
    "secretariat": _("Designated secretariat"),
    "result": _("Result"),
    "kind": _("Kind of audit"),
    "purpose": _("Purpose"),
    "payer": _("Paid by"),
    "score": _("Score"),
    "revised": _("Issued after an upheld appeal, in the place of the revision before it."),
    "computed": _("Computed grade"),
    "explanation": _("Why this grade"),
    "deviation": _("Reason for deciding differently from the computed grade"),
    "provisional": _("Provisional criteria"),
    "provisional_notice": _(
        "The grade was computed by provisional criteria that the scheme owner has not published as "
        "official. It may be assessed differently once official criteria are set."
    ),
    "states_only": _(
        "This report states what was found at one site during the visit. It vouches for neither "
        "products nor companies."
    ),
    "category": _("Category"),
    "total": _("Total"),
    "requirements": _("Requirements"),
    "conforming_rate": _("Conforming, by category (of the applicable requirements)"),
    "by_category": _("Judgements and severities by category"),
    "person_days": _("Person-days"),
    "person_days_reason": _("Reason for fewer person-days"),
    "started": _("Started"),
    "closing_meeting": _("Closing meeting"),
    "signed": _("Signed by the lead auditor"),
    "reviewed": _("Reviewed"),
    "decided": _("Decided by"),
    "seconded": _("Second person"),
    "workers": _("Workers"),
    "as_of": _("As of"),
    "by_sex": _("By sex"),
    "by_contract": _("By contract"),
    "foreign": _("Foreign workers"),
    "minors": _("Under 18"),
    "homeworkers": _("Homeworkers"),
    "facilities": _("Facilities and conditions"),
    "languages": _("Languages spoken"),
    "profile": _("Site profile"),
    "samples": _("Interviews with workers"),
    "samples_note": _(
        "Counts only. Workers are interviewed in private and are named neither here nor elsewhere."
    ),
    "no_samples": _("No interviews were recorded."),
    "stratum": _("Group"),
    "language": _("Language"),
    "planned": _("planned"),
    "done": _("interviewed"),
    "methods_note": _(
        "Each requirement was judged from documents, observation and interviews; the methods used "
        "are given with each finding."
    ),
    "code": _("Code"),
    "requirement": _("Requirement"),
    "judgement": _("Judgement"),
    "severity": _("Severity"),
    "finding": _("Finding"),
    "evidence": _("Evidence"),
    "restricted": _("not published"),
    "picture_missing": _("The picture is no longer available."),
    "taken": _("taken"),
    "methods": _("Methods"),
    "clauses_not_met": _("Clauses not met"),
    "reason": _("Reason"),
    "legal_basis": _("Legal basis"),
    "no_nonconformities": _("No nonconformities were found."),
    "status": _("Status"),
    "plan_due": _("Plan due"),
    "close_due": _("To be closed by"),
    "verification": _("Verification"),
    "root_cause": _("Root cause"),
    "correction": _("Correction"),
    "prevention": _("Prevention"),
    "responsible": _("Responsible"),
    "corrections_note": _(
        "As it stood when the report was issued. Later progress is not printed; ask the supplier."
    ),
    "repeat": _("Repeat finding"),
    "no_corrections": _("No corrective action is required."),
    "name": _("Name"),
    "affiliation": _("Affiliation"),
    "page": pgettext_lazy("number of the", "Page"),
    "registration": _("Registration number"),
    "function": _("Function"),
    "declared_on": _("Declared on"),
    "none_declared": _("none declared"),
    "is_declared": _("declared"),
    "impartiality_note": _(
        "Before the visit every member of the team declared whether one of the four threats to "
        "impartiality exists towards the supplier."
    ),
    "wording": _("Wording of the requirements"),
    "wording_of": pgettext_lazy("of the wording", "Source"),
    "wording_note": _(
        "The wording of a requirement is marked by where it comes from. Restated and provisional "
        "wording is not the official text of the standard."
    ),
    "content_hash": _("Fingerprint of the standard"),
    "criteria": _("Criteria for the grade"),
    "criteria_official": _("Official criteria of the scheme owner"),
    "verify_note": _(
        "Open the address below or scan the code. The page shows, without signing in, the number, "
        "site, grade and dates on record and whether the result still stands. If anything differs "
        "from this document, do not rely on it."
    ),
    "file_note": _(
        "This file carries an electronic signature over the whole of it, and the data that it was "
        "printed from. To learn whether it was altered, show it at the address below; the page also "
        "says how to check it without a network."
    ),
    "verification_code": _("Verification code"),
    "not_yet": _("A draft has no verification code."),
    "texts_note": _("Findings are printed in the language in which they were written (Japanese)."),
    "yes": pgettext_lazy("fact about a site", "yes"),
    "no": pgettext_lazy("fact about a site", "no"),
    "has_dormitory": _("Dormitory"),
    "has_canteen": _("Canteen"),
    "uses_brokers": _("Brokers or sending organisations"),
    "uses_chemicals": _("Chemicals"),
    "men": _("men"),
    "women": _("women"),
    "other": _("other or not stated"),
    "regular": _("regular employees"),
    "fixed_term": _("fixed-term and part-time"),
    "dispatched": _("dispatched workers"),
    "technical_interns": _("technical interns / trainees"),
    "specified_skilled": _("specified skilled workers"),
    "foreign_other": _("other foreign workers"),
    "shifts": _("Shifts"),
    "photo": _("Photo"),
    "qr": _("QR code of the address for verification"),
}
