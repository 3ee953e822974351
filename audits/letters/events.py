"""Letters of what happens beside the moves: team, documents, review, results, appeals, alerts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.letters import Letter
from audits.change_terms import ChangeDecision, ChangeKind
from audits.letters.audiences import Audience, audit_letter

DESKS = (Audience.SECRETARIAT, Audience.DECISION_MAKERS, Audience.OWNER, Audience.BODY)
PARTIES = (Audience.SUPPLIER, Audience.BODY, Audience.SECRETARIAT)

PLACE_LOST = audit_letter(
    "place-lost",
    _("Another audit team was proposed, without you. You need not do anything."),
    Audience.OFFERED,
    Audience.ACCEPTED,
    when=_("A new proposal gives a place in the team to somebody else."),
)
CONFLICT_FOUND = audit_letter(
    "conflict-found",
    _("A conflict of interest of the audit team was found. Propose another team."),
    Audience.BODY,
    Audience.SECRETARIAT,
    Audience.LEAD,
    when=_("An engagement ties somebody in the team to the supplier."),
)
CONFLICT_CLEARED = audit_letter(
    "conflict-cleared",
    _("The conflict of interest of the audit team is settled."),
    Audience.BODY,
    Audience.SECRETARIAT,
    Audience.LEAD,
    when=_("The tie between team and supplier is gone."),
)
CONFLICT_SETTLED = audit_letter(
    "conflict-settled",
    _("The secretariat settled the conflict of interest. Read why."),
    Audience.BODY,
    Audience.SECRETARIAT,
    Audience.LEAD,
    when=_("The secretariat settles a conflict of interest after the visit."),
    quotes=True,
)
REPINNED = audit_letter(
    "repinned",
    _("The audit is now made by version %(new)s of the standard, no longer by %(old)s."),
    Audience.BODY,
    Audience.SUPPLIER,
    Audience.SECRETARIAT,
    Audience.TEAM,
    when=_("The visit falls into the time of another version of the standard."),
    examples={"new": "2027.1", "old": "2025.2"},
)

DOCUMENT_FLAGGED = audit_letter(
    "document-flagged",
    _("What you sent or answered is not sufficient yet: %(document)s"),
    Audience.SUPPLIER,
    when=_("The audit team says what is missing in a document."),
    quotes=True,
    examples={"document": _("wage ledger")},
)
DOCUMENT_ASKED = audit_letter(
    "document-asked",
    _("The audit team asks for a further document: %(document)s"),
    Audience.SUPPLIER,
    when=_("The audit team asks for a document that the standard does not name."),
    examples={"document": _("wage ledger")},
)
DOCUMENTS_ANSWERED = audit_letter(
    "documents-answered",
    _("The supplier answered for documents. Look at what has come."),
    Audience.ACCEPTED,
    when=_("The supplier sends documents or answers for them, once a day."),
)
SUMMARY = audit_letter(
    "preliminary-summary",
    _("Read the preliminary summary of the audit, which was handed over."),
    Audience.SUPPLIER,
    when=_("The closing meeting is signed."),
)

REVIEW_RELEASED = audit_letter(
    "review-released",
    _("The review was released. Another reviewer can take it."),
    Audience.REVIEWERS,
    Audience.SECRETARIAT,
    when=_("A review is given back by who took it."),
    quotes=True,
)
GRADE_PROPOSED = audit_letter(
    "grade-proposed",
    _("A different grade is proposed. A second person must agree."),
    Audience.DECISION_MAKERS,
    when=_("Somebody proposes a grade that differs from the computed one."),
    quotes=True,
)
GRADE_REFUSED = audit_letter(
    "grade-refused",
    _("The grade that you proposed was refused."),
    Audience.DECISION_MAKERS,
    when=_("The second person refuses a proposed grade."),
    quotes=True,
)

RESULT_CHANGED: dict[str, Letter] = {
    change: audit_letter(f"result-{change}", sentence, *PARTIES, when=when, quotes=True)
    for change, sentence, when in (
        (
            "suspend",
            _("The result is suspended. Read the reason."),
            _("Secretariat or scheme owner suspend a result."),
        ),
        (
            "reinstate",
            _("The result stands again."),
            _("Secretariat or scheme owner reinstate a result."),
        ),
        (
            "withdraw",
            _("The result was withdrawn. Read the reason."),
            _("Secretariat or scheme owner withdraw a result."),
        ),
    )
}
RESULT_EXPIRED = audit_letter(
    "result-expired",
    _("The result has expired: it was not renewed in time."),
    *PARTIES,
    when=_("The last day of a result has passed."),
)

APPEAL_RAISED = audit_letter(
    "appeal-raised",
    _("The supplier appeals against the result, to be decided by %(due)s."),
    *DESKS,
    Audience.TEAM,
    when=_("A supplier appeals against its result."),
)
APPEAL_DISMISSED = audit_letter(
    "appeal-dismissed",
    _("The appeal was dismissed. The result is unchanged."),
    Audience.SUPPLIER,
    *DESKS,
    Audience.TEAM,
    when=_("An appeal is dismissed."),
    quotes=True,
)
APPEAL_UPHELD = audit_letter(
    "appeal-upheld",
    _("The appeal was upheld. A new revision of the result is issued."),
    Audience.SUPPLIER,
    *DESKS,
    Audience.TEAM,
    when=_("An appeal is upheld."),
    quotes=True,
)
APPEAL_UPHELD_SUSPENDED = audit_letter(
    "appeal-upheld-suspended",
    _(
        "The appeal was upheld. A new revision of the result is issued; it stays suspended "
        "for the same reason."
    ),
    Audience.SUPPLIER,
    *DESKS,
    Audience.TEAM,
    when=_("An appeal against a suspended result is upheld."),
    quotes=True,
)

ALERT_RAISED = audit_letter(
    "alert-raised",
    _("A critical alert was raised, to be settled by %(due)s. Do not mention it to the supplier."),
    Audience.SECRETARIAT,
    Audience.DECISION_MAKERS,
    Audience.OWNER,
    when=_("A lead auditor raises a critical alert."),
    urgent=True,
)
ALERT_CONFIRMED = audit_letter(
    "alert-confirmed",
    _("The critical alert was confirmed. Read what is done now."),
    Audience.LEAD,
    Audience.SECRETARIAT,
    Audience.OWNER,
    when=_("A critical alert is confirmed."),
    urgent=True,
)
ALERT_CANCELLED = audit_letter(
    "alert-cancelled",
    _("The critical alert was cancelled. Read why."),
    Audience.LEAD,
    Audience.SECRETARIAT,
    Audience.OWNER,
    when=_("A critical alert is cancelled."),
    urgent=True,
)
ALERT_TO_SUPPLIER = audit_letter(
    "alert-to-supplier",
    _("A message of the secretariat about a danger at your site."),
    Audience.SUPPLIER,
    when=_("The secretariat says that it is safe to tell the supplier of an alert."),
    quotes=True,
    urgent=True,
)
ALERT_TOLD = audit_letter(
    "alert-told",
    _("The supplier has been told of the critical alert."),
    Audience.LEAD,
    when=_("The secretariat says that it is safe to tell the supplier of an alert."),
    urgent=True,
)

CHANGE_REPORTED = audit_letter(
    "change-reported",
    _("The supplier reports a change (%(kind)s), to be decided by %(due)s."),
    Audience.SECRETARIAT,
    when=_("A supplier reports a change at a site whose result stands."),
    examples={"kind": ChangeKind.MOVE.label},
)
CHANGE_DECIDED: dict[ChangeDecision, Letter] = {
    decision: audit_letter(
        f"change-{decision}",
        sentence,
        Audience.SUPPLIER,
        when=_("The secretariat decides on a change that the supplier reported."),
        quotes=True,
    )
    for decision, sentence in (
        (
            ChangeDecision.NOTHING,
            _("The secretariat looked at the change you reported: nothing needs to be done."),
        ),
        (
            ChangeDecision.DESK,
            _(
                "The secretariat checks documents on the change you reported. Read which ones it "
                "asks for."
            ),
        ),
        (
            ChangeDecision.SPECIAL,
            _("The change you reported needs a special audit. Read the reason and apply for it."),
        ),
    )
}
