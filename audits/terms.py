"""The words of this room: states, acts, judgements, kinds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.standards.terms import GradeLetter, Judgement, Severity

__all__ = [
    "TOLD_TO_SUPPLIER",
    "Act",
    "Actor",
    "Answer",
    "AuditKind",
    "CommentKind",
    "CorrectionStatus",
    "Document",
    "DocumentAnswer",
    "DocumentState",
    "Employer",
    "Escalation",
    "EvidenceClass",
    "GradeLetter",
    "InterviewForm",
    "Judgement",
    "Method",
    "Payer",
    "ResultStatus",
    "ReviewPool",
    "Severity",
    "Status",
    "SupplierAnswer",
    "Threat",
    "Verdict",
    "Verification",
]


class Status(models.TextChoices):
    """Where an audit stands."""

    DRAFT = "draft", _("Draft application")
    SUBMITTED = "submitted", _("Application submitted")
    ACCEPTED = "accepted", _("Accepted")
    TEAM_PROPOSED = "team_proposed", _("Team proposed")
    SCHEDULED = "scheduled", _("Visit scheduled")
    FIELDWORK = "fieldwork", _("Audit under way")
    DRAFTING = "drafting", _("Report being written")
    IN_REVIEW = "in_review", _("In review")
    FACT_CHECK = "fact_check", _("Facts being checked")
    DECISION = "decision", _("Awaiting decision")
    ISSUED = "issued", _("Result issued")
    CLOSED = "closed", _("Closed")
    ABORTED = "aborted", _("Aborted")
    WITHDRAWN = "withdrawn", _("Withdrawn by the supplier")
    CANCELLED = "cancelled", _("Cancelled")
    VOID = "void", _("Void")


# In these states there are findings that the team writes.
WRITABLE = (Status.FIELDWORK, Status.DRAFTING)


class Act(models.TextChoices):
    """What moves an audit from one state to another."""

    SUBMIT = "submit", _("Submit the application")
    RETURN = "return", _("Return to the supplier")
    ACCEPT = "accept", _("Accept the application")
    PROPOSE_TEAM = "propose_team", _("Propose the audit team")
    OBJECT = "object", _("Object to the team")
    SCHEDULE = "schedule", _("Fix the visit")
    START = "start", _("Start the audit")
    ABORT = "abort", _("Abort the audit")
    FINISH_VISIT = "finish_visit", _("Finish the visit")
    SIGN = "sign", _("Sign the report")
    SEND_BACK = "send_back", _("Send back to the team")
    PASS_REVIEW = "pass_review", _("Pass the review")
    DISPUTE = "dispute", _("Dispute facts")
    ACCEPT_FACTS = "accept_facts", _("Accept the facts")
    DEFER = "defer", _("Defer to the review")
    ISSUE = "issue", _("Issue the result")
    CLOSE = "close", _("Close the audit")
    WITHDRAW = "withdraw", _("Withdraw the application")
    CANCEL = "cancel", _("Cancel the audit")
    VOID = "void", _("Declare the audit void")


# What a supplier reads of the record. The rest stays with those who work on the audit: remarks of
# review and decision, answers and declarations of auditors, alerts, readings of sealed evidence.
TOLD_TO_SUPPLIER: tuple[str, ...] = (
    "open",
    Act.SUBMIT,
    Act.RETURN,
    Act.ACCEPT,
    Act.PROPOSE_TEAM,
    "agree_team",
    Act.OBJECT,
    Act.SCHEDULE,
    Act.START,
    Act.ABORT,
    "closing_signed",
    "closing_replaced",
    Act.FINISH_VISIT,
    Act.SIGN,
    Act.PASS_REVIEW,
    Act.DISPUTE,
    Act.ACCEPT_FACTS,
    Act.ISSUE,
    Act.CLOSE,
    Act.WITHDRAW,
    Act.CANCEL,
    Act.VOID,
    "supplier_merged",
    "sites_merged",
    "answer_comment",
    "document_sent",
    "document_answered",
    "document_asked",
    "document_accepted",
    "document_flagged",
    "standard_repinned",
    "alert_told",
    "appeal_raised",
    "appeal_dismissed",
    "appeal_upheld",
    "change_declared",
    "change_decided",
    "result_suspended",
    "result_reinstated",
    "result_withdrawn",
    "result_superseded",
    "result_expired",
    "submission_made",
    "corrective_action_plan",
    "corrective_action_accept_plan",
    "corrective_action_return_plan",
    "corrective_action_submit_evidence",
    "corrective_action_return_evidence",
    "corrective_action_close",
    "corrective_action_carry_over",
    "corrective_action_escalated_body",
    "corrective_action_escalated_secretariat",
)


class Actor(models.TextChoices):
    """In which capacity somebody acts on an audit."""

    SUPPLIER = "supplier", _("supplier's manager")
    BODY = "body", _("coordinator of the audit body")
    SECRETARIAT = "secretariat", _("coordinator of the secretariat")
    LEAD = "lead", _("lead auditor of the audit")
    REVIEWER = "reviewer", _("reviewer")
    DECISION_MAKER = "decision_maker", _("decision maker of the secretariat")
    OWNER = "owner", _("scheme owner")
    SYSTEM = "system", _("the clock")


class AuditKind(models.TextChoices):
    """Why a site is audited."""

    INITIAL = "initial", _("initial audit")
    RENEWAL = "renewal", _("renewal audit")
    FOLLOW_UP = "follow_up", _("follow-up audit")
    SPECIAL = "special", _("special audit")


class Payer(models.TextChoices):
    """Who pays for the audit; it is stated in the report."""

    SUPPLIER = "supplier", pgettext_lazy("payer", "the supplier")
    BRAND = "brand", pgettext_lazy("payer", "a brand")


class Method(models.TextChoices):
    """How it was found."""

    DOCUMENT = "document", _("document")
    OBSERVATION = "observation", _("observation")
    INTERVIEW = "interview", _("interview")


class Answer(models.TextChoices):
    """An auditor's answer to the offer of a place in a team."""

    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", pgettext_lazy("offer", "accepted")
    DECLINED = "declined", _("declined")


class Threat(models.TextChoices):
    """The four threats to impartiality that an auditor declares on."""

    SELF_INTEREST = "self_interest", _("self-interest")
    SELF_REVIEW = "self_review", _("self-review")
    FAMILIARITY = "familiarity", _("familiarity")
    INTIMIDATION = "intimidation", _("intimidation")


class EvidenceClass(models.TextChoices):
    """Who may see a piece of evidence."""

    PUBLIC = "public", _("may be shown in the report")
    RESTRICTED = "restricted", _("restricted to the scheme")
    SEALED = "sealed", _("sealed: team and reviewer only")


class ResultStatus(models.TextChoices):
    """Whether a result still stands."""

    VALID = "valid", _("valid")
    SUSPENDED = "suspended", pgettext_lazy("result", "suspended")
    WITHDRAWN = "withdrawn", pgettext_lazy("result", "withdrawn")
    SUPERSEDED = "superseded", _("superseded")
    EXPIRED = "expired", _("expired")


class CorrectionStatus(models.TextChoices):
    """Where a corrective action stands."""

    OPEN = "open", _("plan awaited")
    PLANNED = "planned", _("plan submitted")
    PLAN_ACCEPTED = "plan_accepted", _("plan accepted")
    EVIDENCE_SUBMITTED = "evidence_submitted", _("evidence submitted")
    CLOSED = "closed", _("closed")
    CARRIED_OVER = "carried_over", _("carried over")
    WITHDRAWN = "withdrawn", _("withdrawn after appeal")


class Verification(models.TextChoices):
    """How the closing of a corrective action is verified."""

    DESK = "desk", _("desk verification")
    ON_SITE = "on_site", _("on-site verification")


class Escalation(models.TextChoices):
    """Before whom a late corrective action was brought."""

    NONE = "", _("not escalated")
    BODY = "body", _("escalated to the audit body")
    SECRETARIAT = "secretariat", _("escalated to the secretariat")


class ReviewPool(models.TextChoices):
    """Whose reviewers review a report."""

    BODY = "body", _("reviewers of the audit body")
    SECRETARIAT = "secretariat", _("reviewer pool of the secretariat")


class CommentKind(models.TextChoices):
    """Which conversation a comment on a finding belongs to."""

    REVIEW = "review", _("review comment")
    DISPUTE = "dispute", _("dispute of facts")
    ANSWER = "answer", _("answer of the lead auditor")


class Document(models.TextChoices):
    """The documents a supplier answers for before it applies (監査時確認資料)."""

    WORK_RULES = "work_rules", _("Work rules and labour-management agreements")
    LABOUR_CONTRACTS = "labour_contracts", _("Labour contracts and notices of conditions")
    TIME_RECORDS = "time_records", _("Working time records (last 12 months)")
    WAGE_LEDGER = "wage_ledger", _("Wage ledger and payslips (last 12 months)")
    WORKER_LIST = "worker_list", _("Workers' roster with proof of age")
    SAFETY_RECORDS = "safety_records", _("Safety and health records, inspection results")
    FIRE_RECORDS = "fire_records", _("Fire-fighting equipment and evacuation drill records")
    CHEMICALS = "chemicals", _("Chemicals register and safety data sheets")
    FOREIGN_WORKERS = "foreign_workers", _("Documents on foreign workers and brokers")
    HUMAN_RIGHTS_POLICY = "human_rights_policy", _("Human rights policy and grievance records")


class DocumentAnswer(models.TextChoices):
    """What a supplier says about one document of the checklist."""

    READY = "ready", _("ready")
    ON_SITE = "on_site", _("to be seen on site")
    NONE = "none", _("does not exist")
    NOT_APPLICABLE = "not_applicable", _("does not concern us")


class SupplierAnswer(models.TextChoices):
    """What a supplier says about a requested document instead of sending it."""

    ON_SITE = "on_site", _("to be seen on site")
    NONE = "none", _("we do not have this")


class Verdict(models.TextChoices):
    """What the audit team says about a requested document."""

    ACCEPTED = "accepted", pgettext_lazy("document", "accepted")
    FLAGGED = "flagged", pgettext_lazy("document", "not sufficient")


class DocumentState(models.TextChoices):
    """Where a requested document stands: what was last said about it, by whichever side."""

    ASKED = "asked", pgettext_lazy("document", "not answered yet")
    FLAGGED = "flagged", pgettext_lazy("document", "not sufficient")
    SENT = "sent", pgettext_lazy("document", "sent")
    ON_SITE = "on_site", _("to be seen on site")
    NONE = "none", pgettext_lazy("document", "not held")
    ACCEPTED = "accepted", pgettext_lazy("document", "accepted")


class InterviewForm(models.TextChoices):
    """Whether a worker was heard alone or with others."""

    INDIVIDUAL = "individual", _("individual interview")
    GROUP = "group", _("group interview")


class Employer(models.TextChoices):
    """Who employs an interpreter: workers do not speak freely before the employer's own people."""

    AGENCY = "agency", _("an interpreting agency, or self-employed")
    BODY = "body", _("the audit body")
    SITE = "site", _("the site or its company")
    BROKER = "broker", _("a broker: supervising, supporting or sending organisation")

    @classmethod
    def dependent(cls) -> tuple[str, ...]:
        """Return the employers whose interpreters are in conflict."""
        return (cls.SITE.value, cls.BROKER.value)
