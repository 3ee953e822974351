"""Letters of the clocks: what is due soon, due today or late."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from accounts.letters import Letter
from audits.change_terms import ChangeKind
from audits.letters.audiences import Audience, audit_letter
from audits.terms import Status

AROUND = _(
    "On the days around the deadline that the settings name; from the deadline itself on at once."
)
LATE = _("As many days after the deadline as the settings say.")

# Who is reminded of the step that a state waits for, and of what. The check of facts and the
# offers to auditors have clocks of their own.
STEPS: dict[Status, Letter] = {
    status: audit_letter(
        f"due-{status.replace('_', '-')}",
        sentence,
        audience,
        when=format_lazy("{}: {}", status.label, AROUND),
    )
    for status, audience, sentence in (
        (Status.SUBMITTED, Audience.BODY, _("The application is to be answered by %(due)s.")),
        (
            Status.TEAM_PROPOSED,
            Audience.BODY,
            _("The time to object ends on %(due)s. Then the visit can be fixed."),
        ),
        (Status.SCHEDULED, Audience.TEAM, _("The visit begins on %(due)s.")),
        (Status.DRAFTING, Audience.LEAD, _("The report is to be signed by %(due)s.")),
        (Status.IN_REVIEW, Audience.REVIEWERS, _("The review is due on %(due)s.")),
        (Status.DECISION, Audience.DECISION_MAKERS, _("The decision is due on %(due)s.")),
    )
}
STEP_LATE = audit_letter(
    "step-late",
    _("This audit is late: it stands at “%(status)s” and was due on %(due)s."),
    Audience.SECRETARIAT,
    when=LATE,
    urgent=True,
    examples={"status": Status.IN_REVIEW.label},
)

FACTS = audit_letter(
    "facts-due",
    _("Check the facts by %(due)s. Without an answer they count as accepted."),
    Audience.SUPPLIER,
    when=AROUND,
)
FACTS_OVER = audit_letter(
    "facts-over",
    _("No answer came by %(due)s: the facts count as accepted."),
    Audience.SUPPLIER,
    Audience.BODY,
    Audience.SECRETARIAT,
    when=_("The time to check the facts ended without an answer."),
)
ANSWERS = audit_letter(
    "answers-due",
    ngettext_lazy(
        "%(count)d comment waits for your answer before the report can be signed by %(due)s.",
        "%(count)d comments wait for your answer before the report can be signed by %(due)s.",
        "count",
    ),
    Audience.LEAD,
    when=AROUND,
)

OFFER = audit_letter(
    "offer-ending",
    _("Answer the offer of a place in the audit team by %(day)s."),
    Audience.OFFERED,
    when=_("On the last day to answer an offer and the day before it."),
    urgent=True,
)
OFFER_LAPSED = audit_letter(
    "offer-lapsed",
    _("%(name)s did not answer the offer in time. Propose somebody else."),
    Audience.BODY,
    when=_("An offer was not answered in time."),
)
OBJECTION = audit_letter(
    "objection-ending",
    _("You may object to the audit team until %(day)s. Without an answer it counts as agreed."),
    Audience.SUPPLIER,
    when=_("On the last day to object to a team and the day before it."),
    urgent=True,
)

RENEWAL = audit_letter(
    "renewal-due",
    _("The result is due for renewal by %(due)s (a guideline)."),
    Audience.SUPPLIER,
    Audience.BODY,
    Audience.SECRETARIAT,
    when=_("On the days before the renewal that the settings name."),
)

ALERT_HALF = audit_letter(
    "alert-half",
    _("A critical alert waits to be confirmed or cancelled by %(due)s."),
    Audience.SECRETARIAT,
    when=_("Half of the time to settle an alert has passed."),
    urgent=True,
)
ALERT_LATE = audit_letter(
    "alert-late",
    _(
        "A critical alert is overdue: it was to be settled by %(due)s. The scheme owner may settle "
        "it too."
    ),
    Audience.SECRETARIAT,
    Audience.OWNER,
    when=_("The time to settle an alert is over."),
    urgent=True,
)
APPEAL_DUE = audit_letter(
    "appeal-due",
    _("An appeal is to be decided by %(due)s."),
    Audience.SECRETARIAT,
    when=AROUND,
)
APPEAL_LATE = audit_letter(
    "appeal-late",
    _("An appeal has not been decided: it was due on %(due)s."),
    Audience.OWNER,
    when=LATE,
    urgent=True,
)
CHANGE_DUE = audit_letter(
    "change-due",
    _("A change that the supplier reported (%(kind)s) waits for a decision, due on %(due)s."),
    Audience.SECRETARIAT,
    when=_("On the last day to decide on a change, and after it."),
    urgent=True,
    examples={"kind": ChangeKind.MOVE.label},
)
CHANGE_LATE = audit_letter(
    "change-late",
    _(
        "Nobody has decided on a change that the supplier reported: it was due on %(due)s. "
        "The scheme owner may decide too."
    ),
    Audience.OWNER,
    when=LATE,
    urgent=True,
)
