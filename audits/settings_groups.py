"""In which groups the scheme's settings are shown, and what each of them is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Title, text, and the names of the settings of each group.
GROUPS: tuple[tuple[_StrPromise, _StrPromise, tuple[str, ...]], ...] = (
    (
        _("Before the visit"),
        _("From the application to the audit team."),
        (
            "profile_max_age_days",
            "intake_days",
            "offer_days",
            "objection_days",
        ),
    ),
    (
        _("Person-days by size"),
        _("Fewer days need a reason when the visit is fixed."),
        ("person_days",),
    ),
    (
        _("Interviews by size"),
        _("How many workers are heard at least; fewer need a reason at the end of the visit."),
        ("interview_minimums",),
    ),
    (
        _("Impartiality"),
        _("What keeps an auditor, reviewer or decision maker from an audit."),
        ("engagement_months", "rotation_audits"),
    ),
    (
        _("From the visit to the result"),
        _("Deadlines of the steps; each begins with the step before it."),
        (
            "drafting_days",
            "review_days",
            "fact_check_days",
            "decision_days",
            "similar_text_percent",
        ),
    ),
    (
        _("Evidence"),
        _("What an audit team may add. Files that are there already stay when a limit is lowered."),
        ("evidence_megabytes", "evidence_per_finding", "evidence_per_audit"),
    ),
    (
        _("Corrective actions"),
        _("Days from the issue of the result, for each severity."),
        (
            "corrective_deadlines",
            "correction_reminder_days",
            "correction_body_days",
            "correction_secretariat_days",
        ),
    ),
    (
        _("Repeat findings"),
        _("What was not met in an earlier audit of the site either. The severity stays the same."),
        ("repeat_months", "repeat_days_percent", "repeat_verified_on_site"),
    ),
    (
        _("Follow-up audits"),
        _("They look at what is still open, and at these requirements every time."),
        ("follow_up_core", "follow_up_person_days"),
    ),
    (
        _("Results"),
        _("How long a result stands."),
        ("renewal_months", "renewal_months_b", "expiry_months", "renewal_reminder_days"),
    ),
    (
        _("Changes at a site"),
        _("What a supplier reports while its result stands, and how fast it is decided on."),
        ("change_workers_percent", "change_notice_days"),
    ),
    (
        _("Suppliers registered twice"),
        _("Which are proposed for a merge, by what they have in common."),
        ("duplicate_least_score",),
    ),
    (
        _("Critical alerts and appeals"),
        _("How fast they are to be settled."),
        ("alert_hours", "appeal_days", "appeal_decision_days"),
    ),
    (
        _("Reminders"),
        _("When people are reminded, and when the next ones are told."),
        ("reminder_days", "escalation_days", "qualification_reminder_days"),
    ),
)

HELP: dict[str, _StrPromise] = {
    "profile_max_age_days": _("An older site profile has to be renewed before the application."),
    "intake_days": _("For body and secretariat to accept or return an application."),
    "offer_days": _("An offer that is not answered by then lapses."),
    "objection_days": _("For the supplier; after that the team counts as agreed to."),
    "engagement_months": _("Counted from the end of the engagement, for the whole office."),
    "rotation_audits": _("After so many audits of a site in a row somebody else leads."),
    "similar_text_percent": _("Findings of two audits that are as alike as this are pointed out."),
    "evidence_megabytes": _("Photos are made smaller on arrival; documents are kept as they are."),
    "evidence_per_finding": _("Several pages of a document belong into one PDF."),
    "evidence_per_audit": _("All requirements together."),
    "drafting_days": _("For the lead auditor, from the end of the visit."),
    "review_days": _("For the reviewer, from the signature."),
    "fact_check_days": _("For the supplier; after that the facts count as accepted."),
    "decision_days": _("For the secretariat, from the end of the check of facts."),
    "correction_reminder_days": _("Negative numbers are days before the date, 0 is the date."),
    "repeat_months": _("Counted back from the issue of the result."),
    "repeat_days_percent": _("100 gives as many days as the first time."),
    "repeat_verified_on_site": _("Otherwise as the severity says."),
    "correction_body_days": _("Until then the supplier alone is reminded."),
    "correction_secretariat_days": _("Until then it is for the audit body to see to it."),
    "follow_up_core": _(
        "Codes separated by commas; one that a version of the standard does not have is passed over."
    ),
    "follow_up_person_days": _("Whatever the size of the site; fewer need a reason."),
    "renewal_months": _("Counted from the day of issue."),
    "renewal_months_b": _("Counted from the day of issue; empty: a grade B has no such date."),
    "expiry_months": _("A result that is not renewed by then no longer stands."),
    "renewal_reminder_days": _("The supplier is reminded on each of these days."),
    "alert_hours": _("For the secretariat, to confirm or cancel the alert."),
    "appeal_days": _("For the supplier, from the issue of the result."),
    "appeal_decision_days": _("For the secretariat, from the day of the appeal."),
    "change_notice_days": _("For the secretariat, from the day on which the change is reported."),
    "change_workers_percent": _("Compared with the profile of the audit whose result stands."),
    "duplicate_least_score": _(
        "Same name 60, address 40, almost the same name 35, reading or English name 30, e-mail "
        "domain 25, prefecture 15; from 100 on there is no doubt."
    ),
    "reminder_days": _("Negative numbers are days before the deadline, 0 is the day itself."),
    "escalation_days": _("So long the person responsible alone is reminded."),
    "qualification_reminder_days": _("The auditor is reminded on each of these days."),
}
