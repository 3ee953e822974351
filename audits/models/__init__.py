"""Models of the room, one file per noun."""

from __future__ import annotations

from audits.models.audits import Audit, AuditCounter
from audits.models.changes import ChangeNotice
from audits.models.closing import ClosingMeeting, Told
from audits.models.contested import Alert, Appeal
from audits.models.corrections import CorrectiveAction
from audits.models.documents import RequestedDocument, SuppliedFile
from audits.models.drafts import CommentDraft
from audits.models.events import AuditEvent
from audits.models.evidence import Evidence
from audits.models.findings import Finding, FindingComment
from audits.models.interviews import Interpreter, InterviewNote, InterviewSample
from audits.models.readiness import SelfAnswer, SelfCheck
from audits.models.results import GradeProposal, Result
from audits.models.settings import SchemeSettings
from audits.models.syncing import SyncItem, SyncKind, SyncOutcome
from audits.models.team import TeamMember
from audits.models.uploads import Upload

__all__ = [
    "Alert",
    "Appeal",
    "Audit",
    "AuditCounter",
    "AuditEvent",
    "ChangeNotice",
    "ClosingMeeting",
    "CommentDraft",
    "CorrectiveAction",
    "Evidence",
    "Finding",
    "FindingComment",
    "GradeProposal",
    "Interpreter",
    "InterviewNote",
    "InterviewSample",
    "RequestedDocument",
    "Result",
    "SchemeSettings",
    "SelfAnswer",
    "SelfCheck",
    "SuppliedFile",
    "SyncItem",
    "SyncKind",
    "SyncOutcome",
    "TeamMember",
    "Told",
    "Upload",
]
