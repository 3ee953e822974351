"""Who may open which address: one table, complete. An address missing from it fails the test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.terms import Role
from audits.models import CorrectiveAction, Evidence, Result
from audits.services.alerting import raise_alert
from audits.services.appealing import raise_appeal
from audits.services.documents import send_file
from audits.services.interviews import add_interpreter, write_note
from audits.services.thumbnails import make_thumbnail
from audits.services.uploading import start_upload
from audits.standards.documents import key_of
from audits.terms import Employer, InterviewForm, Status
from reports.models import Preliminary, Report
from reports.services.preliminary import render as render_preliminary
from reports.services.reporting import Printed, render
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

ROLES = (
    "nobody",
    "owner",
    "secretariat",
    "reviewer",
    "body",
    "lead",
    "member",
    "supplier",
    "stranger",  # a manager of another supplier
    "brand",
    "observer",
)
CARD = "5-7"
PAPER = key_of("賃金台帳")
# What no other address of the API answers.
UNKNOWN = "/api/v1/nothing/"
# Addresses that Django, allauth and the API framework bring and test themselves.
NOT_OURS = ("admin/", "account/")

# Name of the address, its arguments (see `arguments`), and the answer to a GET for each role in
# the order of ROLES. 302 for nobody leads to the sign-in; elsewhere it leads to the right page.
TABLE: dict[str, tuple[str, str]] = {
    "home": ("", "302 302 302 302 302 302 302 302 302 302 302"),
    "set_language": ("", "405 405 405 405 405 405 405 405 405 405 405"),
    "notices": ("", "302 200 200 200 200 200 200 200 200 200 200"),
    "verify_ask": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "livez": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "readyz": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "portal:home": ("", "302 302 302 302 302 302 302 302 302 302 302"),
    "portal:today": ("", "302 403 403 403 403 200 200 403 403 403 403"),
    "portal:my_audits": ("", "302 403 403 403 403 200 200 403 403 403 403"),
    "portal:sites": ("", "302 403 403 403 403 403 403 200 200 403 403"),
    "portal:apply": ("", "302 403 403 403 403 403 403 200 200 403 403"),
    "portal:our_audits": ("", "302 403 403 403 403 403 403 200 200 403 403"),
    "portal:our_corrections": ("", "302 403 403 403 403 403 403 200 200 403 403"),
    "portal:shared": ("", "302 403 403 403 403 403 403 403 403 200 403"),
    "portal:site_add": ("", "302 403 403 403 403 403 403 200 200 403 403"),
    "console:home": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:board": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:audits": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:corrections": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:alerts": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:appeals": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:alert": ("alert", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:appeal": ("appeal", "302 200 200 200 200 403 403 403 403 403 200"),
    "portal:alert": ("number:fieldwork", "302 403 403 403 403 200 403 403 404 404 403"),
    "portal:our_appeal": ("number:issued", "302 404 404 404 404 404 404 200 404 404 404"),
    "console:records": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:auditors": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:standards": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:import_standard": ("", "302 200 403 403 403 403 403 403 403 403 403"),
    "console:standard_template": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:standard_preview": ("key", "302 302 403 403 403 403 403 403 403 403 403"),
    "console:standard_workbook": ("standard", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:standard_differences": ("standard", "302 200 403 403 403 403 403 403 403 403 403"),
    "console:standard_mapping": ("standard", "302 200 403 403 403 403 403 403 403 403 403"),
    "console:standard_change_over": ("standard", "302 200 403 403 403 403 403 403 403 403 403"),
    "console:standard_act": ("standard_act", "302 200 403 403 403 403 403 403 403 403 403"),
    "console:standard": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:import_suppliers": ("", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:designations": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:api_clients": ("", "302 200 403 403 403 403 403 403 403 403 403"),
    "api:schema": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "api:docs": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "api:sites": ("", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:results": ("", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:corrective_actions": ("", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:requirements": ("", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:reports": ("", "401 401 401 401 401 401 401 401 401 401 401"),
    "verify": ("code", "200 200 200 200 200 200 200 200 200 200 200"),
    "console:import_template": ("", "302 200 200 403 403 403 403 403 403 403 403"),
    "portal:reports": ("number:issued", "302 200 200 200 200 200 200 200 404 200 200"),
    "console:reports": ("number:issued", "302 200 200 200 200 403 403 403 403 403 200"),
    "portal:report_file": ("report", "302 200 200 200 200 200 200 200 404 200 200"),
    "console:report_file": ("report", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:report_retry": ("report", "302 405 405 405 405 405 405 405 405 405 405"),
    "api:report_pdf": ("report", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:report_data": ("report", "401 401 401 401 401 401 401 401 401 401 401"),
    "portal:audit": ("number:issued", "302 403 403 403 403 200 200 403 404 403 403"),
    "portal:offer": ("number:team_proposed", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:audit_act": ("act:fieldwork:abort", "302 403 403 403 403 200 403 403 404 404 403"),
    "portal:fieldwork": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:findings": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:documents": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:document": ("paper:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:our_documents": ("number:fieldwork", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_document": ("paper:fieldwork", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:supplied_file": ("supplied", "302 404 404 200 404 200 200 200 404 404 404"),
    "portal:interviews": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:interpreter_removal": (
        "interpreter:fieldwork",
        "302 405 405 405 405 405 405 405 405 405 405",
    ),
    "portal:interview_note": ("note", "302 404 404 200 404 200 200 404 404 404 404"),
    "portal:closing": ("number:fieldwork", "302 403 403 403 403 200 403 403 404 404 403"),
    "portal:finish": ("number:fieldwork", "302 405 405 405 405 405 405 405 405 405 405"),
    "portal:workbook": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:workbook_file": ("workbook:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:workbook_preview": ("kept:fieldwork", "302 403 403 403 403 302 302 403 404 404 403"),
    "portal:completeness": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:preliminary": ("number:drafting", "302 200 200 200 200 200 200 200 404 404 200"),
    "portal:preliminary_file": ("preliminary", "302 200 200 200 200 200 200 200 404 404 200"),
    "portal:card": ("card:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:evidence_upload": ("card:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:upload_start": ("card:fieldwork", "302 405 405 405 405 405 405 405 405 405 405"),
    "portal:upload": ("upload", "302 404 404 404 404 200 404 404 404 404 404"),
    "portal:evidence_edit": ("evidence", "302 403 403 403 403 403 403 403 404 403 403"),
    "portal:manifest": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "portal:service_worker": ("", "200 200 200 200 200 200 200 200 200 200 200"),
    "portal:tablet": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:offline_data": ("number:fieldwork", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:sync": ("number:fieldwork", "302 405 405 405 405 405 405 405 405 405 405"),
    "portal:sync_photo": ("number:fieldwork", "302 405 405 405 405 405 405 405 405 405 405"),
    "portal:signature": ("number:drafting", "302 403 403 403 403 200 403 403 404 404 403"),
    "portal:comments": ("number:drafting", "302 403 403 403 403 200 200 403 404 404 403"),
    "portal:evidence_file": ("evidence", "302 200 200 200 200 200 200 200 404 200 200"),
    "portal:evidence_thumbnail": ("evidence", "302 200 200 200 200 200 200 200 404 200 200"),
    "portal:site": ("site", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:site_edit": ("site", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:profile_edit": ("site", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:sharing": ("site", "302 404 404 404 404 404 404 200 404 404 404"),
    "api:site": ("site", "401 401 401 401 401 401 401 401 401 401 401"),
    "portal:sharing_revoke": ("grant", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_audit": ("number:issued", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_result_inputs": (
        "inputs:issued",
        "302 404 404 404 404 404 404 200 404 404 404",
    ),
    "portal:our_result": ("number:issued", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:apply_wishes": ("number:draft", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:apply_profile": ("number:draft", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:apply_documents": ("number:draft", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:apply_terms": ("number:draft", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:apply_check": ("number:draft", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_withdraw": ("number:submitted", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_team": ("number:team_proposed", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_team_agree": (
        "number:team_proposed",
        "302 405 405 405 405 405 405 405 405 405 405",
    ),
    "portal:facts": ("number:fact_check", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:facts_accept": ("number:fact_check", "302 404 404 404 404 404 404 200 404 404 404"),
    "portal:our_correction": ("action", "302 404 404 404 404 404 404 200 404 404 404"),
    "console:correction": ("action", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:audit": ("number:issued", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:intake": ("number:submitted", "302 403 200 403 200 403 403 403 403 403 403"),
    "console:assign": ("number:accepted", "302 403 200 403 200 403 403 403 403 403 403"),
    "console:schedule": ("number:team_proposed", "302 403 200 403 200 403 403 403 403 403 403"),
    "console:review": ("number:in_review", "302 403 403 200 403 403 403 403 403 403 403"),
    "console:take_review": (
        "number:in_review",
        "302 405 405 405 405 403 403 403 403 403 405",
    ),
    # The reviewer has not taken it, and the coordinator of the secretariat is no administrator.
    "console:release_review": (
        "number:in_review",
        "302 403 403 403 403 403 403 403 403 403 403",
    ),
    "console:decide": ("number:decision", "302 403 403 200 403 403 403 403 403 403 403"),
    "console:second": ("number:decision", "302 403 403 302 403 403 403 403 403 403 403"),
    "console:auditor": ("auditor", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:auditor_act": ("auditor_act", "302 200 200 403 200 403 403 403 403 403 403"),
    "console:auditor_new": ("", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:import_auditors": ("", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:auditor_template": ("", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:auditor_preview": ("key", "302 302 302 403 403 403 403 403 403 403 403"),
    "portal:qualifications": ("", "302 403 403 403 403 200 200 403 403 403 403"),
    "portal:absence_removal": ("", "302 405 405 405 405 405 405 405 405 405 405"),
    "portal:engagement_new": ("", "302 403 403 403 403 200 200 403 403 403 403"),
    "portal:engagement_end": ("tie", "302 403 403 403 403 200 403 403 403 403 403"),
    "portal:our_ties": ("", "302 404 404 404 404 404 404 200 200 404 404"),
    "portal:our_tie_new": ("", "302 404 404 404 404 404 404 200 200 404 404"),
    "portal:our_tie": ("tie", "302 404 404 404 404 404 404 200 404 404 404"),
    "console:engagements": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:engagement_new": ("", "302 200 200 403 200 403 403 403 403 403 403"),
    "console:engagement": ("engagement", "302 200 200 200 200 403 403 403 403 403 404"),
    "console:results": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:result_inputs": ("inputs:issued", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:result": ("result:issued", "302 200 403 200 403 403 403 403 403 403 403"),
    # For administrators of the secretariat: tests/audits/test_settling.py.
    "console:settle_conflict": (
        "number:decision",
        "302 403 403 403 403 403 403 403 403 403 403",
    ),
    "console:act": ("act:submitted:cancel", "302 403 200 403 200 403 403 403 403 403 403"),
    "console:import_preview": ("key", "302 302 302 403 403 403 403 403 403 403 403"),
    "console:designate": ("designation", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:organisation": ("designation", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:suspend_designation": ("held", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:lift_designation": ("held", "302 302 302 403 403 403 403 403 403 403 403"),
    "console:end_designation": ("held", "302 200 200 403 403 403 403 403 403 403 403"),
    "console:organisation_records": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:settings": ("", "302 200 200 200 200 403 403 403 403 403 200"),
    "console:api_client": ("client", "302 200 403 403 403 403 403 403 403 403 403"),
    "console:end_api_client": ("client", "302 405 405 405 405 405 405 405 405 405 405"),
    "api:result": ("result", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:findings": ("audit", "401 401 401 401 401 401 401 401 401 401 401"),
    "api:unknown": ("unknown", "404 404 404 404 404 404 404 404 404 404 404"),
}


def ours(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name with namespace, pattern) of every address of the project."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, (space, entry.namespace)))
            yield from ours(entry, prefix + str(entry.pattern), inner)
        elif not prefix.startswith(NOT_OURS):
            yield ":".join(filter(None, (space, entry.name))), prefix + str(entry.pattern)


def test_every_address_is_in_the_table_once() -> None:
    names = [name for name, _pattern in ours(get_resolver())]

    assert sorted(names) == sorted(TABLE)
    assert all(len(answers.split()) == len(ROLES) for _kind, answers in TABLE.values())


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
        self.report = Report.objects.filter(snapshot__audit=issued).order_by("language")[0]
        render(self.report.pk, typeset=lambda *_: Printed(b"%PDF-1.7 paper", 1, "1"))
        self.preliminary = Preliminary.objects.filter(
            closing__audit=self.audits[Status.DRAFTING]
        ).order_by("language")[0]
        render_preliminary(
            self.preliminary.pk, typeset=lambda *_: Printed(b"%PDF-1.7 summary", 1, "1")
        )
        self.alert = raise_alert(
            actor=scheme.lead.user,
            audit=self.audits[Status.DRAFTING],
            reason="非常口が施錠されている。",
        )
        self.appeal = raise_appeal(actor=scheme.manager, result=self.result, grounds="事実と違う。")
        self.scheme = scheme
        other = make_supplier()
        self.engagement = make_engagement(other, scheme.lead.user, body=scheme.body)
        # Made last: it keeps the lead from every audit of the supplier.
        self.tie = make_engagement(scheme.supplier, scheme.lead.user, body=scheme.body)
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
            "grant": {"pk": self.site.pk, "grant": self.grant.pk},
            "evidence": {"pk": self.evidence.pk},
            "upload": {"pk": self.upload.pk},
            "supplied": {"pk": self.supplied.pk},
            "note": {"pk": self.note.pk},
            "action": {"pk": self.action.pk},
            "result": {"pk": self.result.pk},
            "audit": {"pk": self.audits[Status.ISSUED].pk},
            "report": {"pk": self.report.pk},
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
            "alert": {"pk": self.alert.pk},
            "appeal": {"pk": self.appeal.pk},
        }
        return rows[what]


@pytest.mark.django_db
def test_each_role_gets_the_expected_answer() -> None:
    world = World()
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in clients.items():
        if person := world.people[role]:
            client.force_login(person)
    wrong = []
    for name, (kind, answers) in TABLE.items():
        address = UNKNOWN if kind == "unknown" else reverse(name, kwargs=world.arguments(kind))
        for role, expected in zip(ROLES, answers.split(), strict=True):
            answer = clients[role].get(address)
            if isinstance(answer, FileResponse):
                answer.getvalue()  # read to its end, which closes the file
            if str(answer.status_code) != expected:
                wrong.append(f"{name} as {role}: {answer.status_code}, not {expected}")

    assert wrong == []
