"""Pages of the auditor."""

from __future__ import annotations

from django.urls import path, register_converter

from audits.portal import files
from audits.portal.auditor import (
    alerts,
    division,
    documents,
    evidence,
    fieldwork,
    interviews,
    lists,
    offers,
    offline,
    overview,
    qualifications,
    receipts,
    syncing,
    tablet,
    today,
    uploads,
    visit,
    wordings,
    workbook,
)


class NumberConverter:
    """The number of an audit, such as JASTI-2026-0412."""

    regex = r"[A-Z]+-[0-9]{4}-[0-9]+"

    def to_python(self, value: str) -> str:
        """Return the number as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the number as it is written in an address."""
        return value


register_converter(NumberConverter, "audit")

urlpatterns = [
    path("today/", today.today, name="today"),
    path("audits/", lists.my_audits, name="my_audits"),
    path("audits/<audit:number>/", overview.audit_page, name="audit"),
    path("audits/<audit:number>/offer/", offers.offer, name="offer"),
    path("audits/<audit:number>/act/<slug:act>/", overview.audit_act, name="audit_act"),
    path("audits/<audit:number>/alert/", alerts.raise_alert, name="alert"),
    path("audits/<audit:number>/fieldwork/", fieldwork.fieldwork, name="fieldwork"),
    path("audits/<audit:number>/fieldwork/<str:code>/", fieldwork.card, name="card"),
    path(
        "audits/<audit:number>/fieldwork/<str:code>/wordings/", wordings.wordings, name="wordings"
    ),
    path(
        "audits/<audit:number>/fieldwork/<str:code>/evidence/",
        evidence.finding_evidence,
        name="evidence_upload",
    ),
    path(
        "audits/<audit:number>/fieldwork/<str:code>/uploads/",
        uploads.start,
        name="upload_start",
    ),
    path("uploads/<uuid:pk>/", uploads.part, name="upload"),
    path("audits/<audit:number>/division/", division.division, name="division"),
    path("audits/<audit:number>/findings/", fieldwork.findings, name="findings"),
    path("audits/<audit:number>/documents/", documents.documents, name="documents"),
    path("audits/<audit:number>/documents/<str:key>/", documents.document, name="document"),
    path("audits/<audit:number>/interviews/", interviews.interviews, name="interviews"),
    path(
        "audits/<audit:number>/interviews/interpreters/<uuid:pk>/",
        interviews.take_out_interpreter,
        name="interpreter_removal",
    ),
    path("interview-notes/<uuid:pk>/", interviews.note, name="interview_note"),
    path("audits/<audit:number>/closing/", visit.closing, name="closing"),
    path("audits/<audit:number>/closing/finish/", visit.finish, name="finish"),
    path("audits/<audit:number>/check/", visit.completeness, name="completeness"),
    path("audits/<audit:number>/signature/", visit.signature, name="signature"),
    path("audits/<audit:number>/comments/", visit.comments, name="comments"),
    path("audits/<audit:number>/workbook/", workbook.choose, name="workbook"),
    path(
        "audits/<audit:number>/workbook/<str:language>.xlsx",
        workbook.download,
        name="workbook_file",
    ),
    path(
        "audits/<audit:number>/workbook/preview/<str:key>/",
        workbook.preview,
        name="workbook_preview",
    ),
    path("audits/<audit:number>/tablet/", tablet.tablet, name="tablet"),
    path("audits/<audit:number>/offline.json", offline.offline_data, name="offline_data"),
    path("tablet/keys.json", tablet.tablet_keys, name="tablet_keys"),
    path("manifest.webmanifest", tablet.manifest, name="manifest"),
    path("sw.js", tablet.service_worker, name="service_worker"),
    path("audits/<audit:number>/sync/", syncing.sync, name="sync"),
    path("audits/<audit:number>/sync/photo/", syncing.sync_photo, name="sync_photo"),
    path("audits/<audit:number>/receipts/", receipts.receipts, name="receipts"),
    path("qualifications/", qualifications.qualifications, name="qualifications"),
    path("qualifications/absence/", qualifications.remove_absence, name="absence_removal"),
    path("qualifications/engagements/new/", qualifications.declare, name="engagement_new"),
    path("qualifications/engagements/<uuid:pk>/", qualifications.end, name="engagement_end"),
    path("evidence/<uuid:pk>/edit/", evidence.evidence_edit, name="evidence_edit"),
    path("evidence/<uuid:pk>/", files.evidence_file, name="evidence_file"),
    path("evidence/<uuid:pk>/thumbnail/", files.evidence_thumbnail, name="evidence_thumbnail"),
]
