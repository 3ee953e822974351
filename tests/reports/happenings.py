"""What happens in the demo besides the straight way, and who finds it on which page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.models import Designation, User
from audits.auditors.models import Auditor, Qualification
from audits.models import (
    Alert,
    Appeal,
    Audit,
    FindingComment,
    GradeProposal,
    Interpreter,
    InterviewNote,
    Result,
    TeamMember,
)
from audits.services.document_list import DocumentList
from audits.standards.models import Standard
from audits.terms import CommentKind, Status
from reports.demo.planned import MAIN
from reports.demo.sign_ins import address
from reports.models import ActionPlan, Submission


def check_what_happened() -> None:
    """What can come to an audit, a result, an auditor or a body is there, open and settled."""
    late = [alert.is_late for alert in Alert.objects.open()]
    assert late == [True]
    assert Alert.objects.filter(confirmed=True).exclude(told_at=None).exists()
    assert set(Appeal.objects.values_list("upheld", flat=True)) == {None, True}
    revised = Result.objects.get(revision=2)
    assert (revised.status, revised.audit.results.get(revision=1).status) == ("valid", "superseded")
    assert Result.objects.filter(status="suspended").exists()
    (suspended,) = Designation.objects.exclude(suspended_at=None)
    assert suspended.stops == ["accept", "schedule"]
    assert GradeProposal.objects.open().filter(audit__status=Status.DECISION).exists()
    assert Audit.objects.exclude(conflict_found_at=None).get().status == Status.TEAM_PROPOSED
    for kind in (CommentKind.DISPUTE, CommentKind.REVIEW):
        comments = FindingComment.objects.filter(kind=kind, finding__audit__status="drafting")
        assert {row.answered_at is None for row in comments} == {True, False}
    states = set(Qualification.objects.values_list("status", flat=True))
    assert states == {"qualified", "lapsed", "suspended", "examined"}
    assert Standard.objects.get(status="draft").previous is not None
    check_what_is_beside()
    # Each step of an audit is recorded after the one before.
    for audit in Audit.objects.all():
        moments = list(audit.events.order_by("sequence").values_list("at", flat=True))
        assert moments == sorted(moments), audit.number


def check_what_is_beside() -> None:
    """A visit that goes on has documents in every state, a divided team, interpreters and notes."""
    lead = User.objects.get(email=address("lead"))
    audit = Audit.objects.get(team__auditor__user=lead, status=Status.FIELDWORK)
    states = {item.state for item in DocumentList(audit, lead).items}
    assert states >= {"asked", "sent", "on_site", "none", "accepted", "flagged"}
    holders = set(audit.findings.values_list("assigned_to", flat=True))
    assert holders == set(audit.team.values_list("pk", flat=True))
    assert Interpreter.objects.filter(audit=audit).exists()
    assert InterviewNote.objects.filter(audit=audit).count() == 2


def pages() -> list[tuple[str, str, str]]:
    """A sign-in, a page that it can open, and what must stand there."""
    draft = Standard.objects.get(status="draft").version
    appeal = Appeal.objects.open().get()
    alert = Alert.objects.open().get()
    auditor = Auditor.objects.get(user__email=address("auditor"))
    ends_on = auditor.qualifications.get().ends_on
    assert ends_on is not None
    with override("ja"):
        last = date_format(ends_on)
    proposal = GradeProposal.objects.open().get()
    tied = Audit.objects.exclude(conflict_found_at=None).get()
    told = Alert.objects.exclude(told_at=None).get().audit
    disputed, commented = (
        Audit.objects.get(status="drafting", findings__comments__in=waiting)
        for waiting in (
            FindingComment.objects.filter(kind=kind, answered_at=None)
            for kind in (CommentKind.DISPUTE, CommentKind.REVIEW)
        )
    )
    suspended = Designation.objects.exclude(suspended_at=None).get()
    message = told.events.get(act="alert_told").comment
    ours = Submission.objects.get(result__audit__site__name_ja=MAIN)
    planned = ActionPlan.objects.get()
    offered = TeamMember.objects.get(auditor=auditor, answer="offered").audit
    return [
        ("owner", reverse("console:alerts"), alert.audit.number),
        ("owner", reverse("console:standard_change_over", args=[draft]), draft),
        ("secretariat", reverse("console:appeal", args=[appeal.pk]), appeal.grounds),
        ("secretariat", reverse("console:designations"), suspended.organisation.name_ja),
        ("secretariat", reverse("console:duplicates"), "㈱瀬戸内染晒"),
        ("reviewer", reverse("console:decide", args=[proposal.audit.number]), proposal.reason),
        ("body", reverse("console:assign", args=[tied.number]), tied.number),
        ("lead", reverse("portal:comments", args=[disputed.number]), disputed.number),
        ("lead", reverse("portal:comments", args=[commented.number]), commented.number),
        ("auditor", reverse("portal:offer", args=[offered.number]), offered.number),
        ("auditor", reverse("portal:qualifications"), last),
        (
            "supplier",
            reverse("portal:our_appeal", args=[appeal.result.audit.number]),
            appeal.grounds,
        ),
        ("supplier", reverse("portal:our_audit", args=[told.number]), message),
        (
            "supplier",
            reverse("portal:submission", args=[ours.result.audit.number]),
            ours.number,
        ),
        ("supplier", reverse("portal:plans", args=[planned.audit.number]), planned.number),
        ("supplier", reverse("portal:consents"), "CR-"),
        ("brand", reverse("portal:consents"), "CR-"),
        ("brand", reverse("portal:shared"), Result.objects.get(revision=2).audit.site.name_ja),
    ]
