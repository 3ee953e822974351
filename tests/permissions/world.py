"""One thing of every kind that addresses are about, and one person for each role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Notice
from accounts.services.inviting import invite
from accounts.terms import Role
from audits.models import CorrectiveAction, Evidence, Result
from audits.services.alerting import raise_alert
from audits.services.appealing import raise_appeal
from audits.services.documents import send_file
from audits.services.interviews import add_interpreter, write_note
from audits.services.noticing import declare_change
from audits.services.thumbnails import make_thumbnail
from audits.services.uploading import start_upload
from audits.terms import Employer, InterviewForm, Status
from reports.models import (
    ActionPlanPaper,
    ConsentPaper,
    Preliminary,
    Remaking,
    Report,
    Reprint,
    SubmissionFile,
    SubmissionTarget,
)
from reports.services.consents import issue_receipt, request_paper
from reports.services.papers import render
from reports.services.plans import make_plan
from reports.services.printing import Printed
from reports.services.submissions import make_submission
from reports.terms import ConsentAct, RemakingCause
from suppliers.terms import Language
from tests.factories import (
    Scheme,
    audit_at,
    make_engagement,
    make_grant,
    make_site,
    make_supplier,
    make_user,
    picture,
)
from tests.permissions.table import CARD, PAPER

if TYPE_CHECKING:
    from accounts.models import User


class World:
    """One scheme with an audit in every state that a page needs, and somebody in every role."""

    def __init__(self) -> None:
        scheme = Scheme()
        self.audits = {
            status: audit_at(status, scheme, site=make_site(scheme.supplier))
            for status in (
                Status.DRAFT,
                Status.SUBMITTED,
                Status.ACCEPTED,
                Status.TEAM_PROPOSED,
                Status.FIELDWORK,
                Status.DRAFTING,
                Status.IN_REVIEW,
                Status.FACT_CHECK,
                Status.DECISION,
                Status.ISSUED,
            )
        }
        issued = self.audits[Status.ISSUED]
        self.site = issued.site
        self.grant = make_grant(self.site, scheme.brand, granted_by=scheme.manager)
        self.consent = issue_receipt(grant=self.grant, act=ConsentAct.GIVEN)
        self.consent_file = request_paper(receipt=self.consent, language="ja")
        render(
            ConsentPaper,
            self.consent_file.pk,
            typeset=lambda *_: Printed(b"%PDF-1.7 receipt", 1, "1"),
        )
        self.supplied = send_file(
            actor=scheme.manager,
            audit=self.audits[Status.FIELDWORK],
            key=PAPER,
            file=picture(),
            name="台帳.jpg",
        )
        visited = self.audits[Status.FIELDWORK]
        self.interpreter = add_interpreter(
            actor=scheme.lead.user,
            audit=visited,
            language=Language.VIETNAMESE,
            employer=Employer.AGENCY,
        )
        self.note = write_note(
            actor=scheme.lead.user,
            audit=visited,
            stratum="正社員",
            language=Language.JAPANESE,
            form=InterviewForm.GROUP,
            text="休憩は取れているという。",
        )
        self.evidence = Evidence.objects.get(audit=issued)
        make_thumbnail(self.evidence.pk)
        self.upload = start_upload(
            actor=scheme.lead.user,
            finding=self.audits[Status.FIELDWORK].findings.get(requirement__code=CARD),
            fingerprint="0" * 64,
            name="photo.jpg",
            size=1000,
        )
        self.action = CorrectiveAction.objects.get(finding__audit=issued)
        self.result = Result.objects.get(audit=issued)
        self.target = SubmissionTarget.objects.offered()[0]
        self.submission = make_submission(
            actor=scheme.manager, result=self.result, target=self.target, answers={}, seen=1
        )
        render(
            SubmissionFile,
            self.submission.pk,
            typeset=lambda *_: Printed(b"%PDF-1.7 paper", 1, "1"),
        )
        self.report = Report.objects.filter(snapshot__audit=issued).order_by("language")[0]
        render(Report, self.report.pk, typeset=lambda *_: Printed(b"%PDF-1.7 paper", 1, "1"))
        self.report.refresh_from_db()
        # One at a time, also of two worlds in one database: this one is over.
        self.reprint = Reprint.objects.create(
            year=2026, template_version="1", started_by=scheme.owner, open=False
        )
        self.remaking = Remaking.objects.create(
            kind=Report.label(),
            paper=self.report.pk,
            name=self.report.file_name,
            cause=RemakingCause.BATCH,
            batch=self.reprint,
            before_sha256=self.report.sha256,
        )
        self.preliminary = Preliminary.objects.filter(
            closing__audit=self.audits[Status.DRAFTING]
        ).order_by("language")[0]
        render(
            Preliminary,
            self.preliminary.pk,
            typeset=lambda *_: Printed(b"%PDF-1.7 summary", 1, "1"),
        )
        self.plan = make_plan(actor=scheme.manager, audit=issued)[0]
        render(ActionPlanPaper, self.plan.pk, typeset=lambda *_: Printed(b"%PDF-1.7 plan", 1, "1"))
        self.alert = raise_alert(
            actor=scheme.lead.user,
            audit=self.audits[Status.DRAFTING],
            reason="非常口が施錠されている。",
        )
        self.appeal = raise_appeal(actor=scheme.manager, result=self.result, grounds="事実と違う。")
        self.change = declare_change(
            actor=scheme.manager,
            site=self.site,
            kind="dormitory",
            starts_on=timezone.localdate(),
            text="寮を新設した。",
        )
        self.invitation = invite(
            actor=scheme.manager,
            organisation=scheme.supplier.organisation,
            email=f"new-{scheme.manager.pk}@example.org",
            name="新任 担当",
            role=Role.READER,
        )
        self.scheme = scheme
        other = make_supplier()
        self.engagement = make_engagement(other, scheme.lead.user, body=scheme.body)
        # Made last: it keeps the lead from every audit of the supplier.
        self.tie = make_engagement(scheme.supplier, scheme.lead.user, body=scheme.body)
        self.notice = Notice.objects.filter(recipient=scheme.owner)[0]
        self.people: dict[str, User | None] = {
            "nobody": None,
            "owner": scheme.owner,
            "secretariat": scheme.coordinator,
            "reviewer": scheme.reviewer,
            "body": scheme.desk,
            "lead": scheme.lead.user,
            "member": scheme.member.user,
            "supplier": scheme.manager,
            "stranger": make_user(other.organisation, Role.MANAGER),
            "brand": scheme.brand_user,
            "observer": scheme.observer,
        }

    def arguments(self, kind: str) -> dict[str, Any]:
        """Return the arguments of an address: `number:<status>`, or the row it is about."""
        what, _colon, detail = kind.partition(":")
        numbered = ("number", "card", "paper", "interpreter", "act", "result", "inputs")
        if what in (*numbered, "workbook", "kept") and detail:
            status, _colon, act = detail.partition(":")
            rests: dict[str, dict[str, Any]] = {
                "number": {},
                "card": {"code": CARD},
                "paper": {"key": PAPER},
                "interpreter": {"pk": self.interpreter.pk},
                "act": {"act": act},
                "result": {"change": "suspend"},
                "inputs": {"revision": 1},
                "workbook": {"language": "both"},
                "kept": {"key": "0" * 64},
            }
            return {"number": self.audits[Status(status)].number, **rests[what]}
        rows: dict[str, dict[str, Any]] = {
            "": {},
            "site": {"pk": self.site.pk},
            "category": {"pk": self.site.pk, "number": 5},
            "grant": {"pk": self.site.pk, "grant": self.grant.pk},
            "consent": {"pk": self.consent.pk},
            "consent_file": {"pk": self.consent_file.pk},
            "evidence": {"pk": self.evidence.pk},
            "upload": {"pk": self.upload.pk},
            "supplied": {"pk": self.supplied.pk},
            "note": {"pk": self.note.pk},
            "action": {"pk": self.action.pk},
            "result": {"pk": self.result.pk},
            "audit": {"pk": self.audits[Status.ISSUED].pk},
            "report": {"pk": self.report.pk},
            "plan": {"pk": self.plan.pk},
            "findings": {"pk": self.report.pk, "kind": "xlsx"},
            "submission": {"pk": self.submission.pk},
            "submission_member": {"pk": self.submission.pk, "place": 1},
            "target": {"pk": self.target.pk},
            "reprint": {"pk": self.reprint.pk},
            "remaking": {"pk": self.remaking.pk},
            "preliminary": {"pk": self.preliminary.pk},
            "code": {"code": self.result.verification_code},
            "key": {"key": "0" * 64},
            "designation": {"pk": self.scheme.body.pk},
            "held": {
                "pk": self.scheme.body.pk,
                "held": self.scheme.body.designations.get().pk,
            },
            "engagement": {"pk": self.engagement.pk},
            "standard": {"version": self.scheme.standard.version},
            "standard_act": {"version": self.scheme.standard.version, "act": "retire"},
            "tie": {"pk": self.tie.pk},
            "auditor": {"pk": self.scheme.member.pk},
            "auditor_act": {"pk": self.scheme.member.pk, "act": "absence"},
            "client": {"pk": self.scheme.brand.pk},
            "registered": {"pk": self.engagement.supplier_id},
            "companies": {
                "pk": self.engagement.supplier_id,
                "other": self.scheme.supplier.pk,
            },
            "places": {"pk": self.site.pk, "other": self.audits[Status.DRAFT].site_id},
            "alert": {"pk": self.alert.pk},
            "appeal": {"pk": self.appeal.pk},
            "letter": {"code": "alert-raised"},
            "letter_mail": {"code": "alert-raised", "language": "ja"},
            "notice": {"pk": self.notice.pk},
            "change": {"pk": self.change.pk},
            "company": {"pk": self.invitation.organisation_id},
            "place": {
                "pk": self.invitation.organisation_id,
                "place": self.scheme.manager.memberships.get().pk,
            },
            "invitation": {
                "pk": self.invitation.organisation_id,
                "invitation": self.invitation.pk,
            },
            "invited": {"pk": self.invitation.pk},
            "token": {"token": "used"},
        }
        return rows[what]
