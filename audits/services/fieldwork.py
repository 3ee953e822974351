"""The visit: findings, its end, the signature of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits import policies
from audits.models import Audit, Finding, FindingComment
from audits.services.locking import lock_to_write
from audits.services.perform import perform
from audits.services.presetting import ORIGIN
from audits.services.records import append_event
from audits.terms import Act, CommentKind, Judgement, Method, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.models import User

FIELDS = (
    "judgement",
    "severity",
    "methods",
    "clauses_not_met",
    "report_text",
    "working_note",
    "reason",
)
LONGEST = 10_000  # characters of one text


class StaleFindingError(ValidationError):
    """Somebody saved the finding in the meantime; `current` is what is stored now."""

    def __init__(self, current: Finding) -> None:
        super().__init__(
            _("Somebody else saved this finding in the meantime. Compare both versions."),
            code="stale",
        )
        self.current = current


@transaction.atomic
def save_finding(*, actor: User, finding: Finding, version: int, **fields: Any) -> Finding:
    """Save one finding as seen at `version`; `fields` are some of FIELDS.

    Never overwrites what somebody else saved: raises StaleFindingError then. Raises PermissionDenied
    for people outside the team, ValidationError for values that are not in the lists.
    """
    finding = (
        # As everything on an audit does: it must not be signed between this look and the writing.
        Finding.objects.select_for_update(of=("audit",))
        .select_related("audit__site__supplier", "requirement")
        .prefetch_related("audit__team__auditor")
        .get(pk=finding.pk)
    )
    if not policies.writes_findings(actor, finding.audit):
        raise PermissionDenied(policies.WHO_WRITES)
    if finding.version != version:
        raise StaleFindingError(finding)
    clauses = finding.requirement.clauses.values_list("code", flat=True)
    known = clauses if fields.get("clauses_not_met") else ()
    if not apply_fields(finding, fields, clauses=known):
        return finding
    finding.version += 1
    finding.changed_by, finding.changed_at = actor, timezone.now()
    # Compare-and-set: who had to wait for the lock read the finding before it was free.
    moved = Finding.objects.filter(pk=finding.pk, version=version).update(
        **{name: getattr(finding, name) for name in FIELDS},
        **{name: getattr(finding, name) for name in ORIGIN},
        version=finding.version,
        changed_by=actor,
        changed_at=finding.changed_at,
    )
    if moved != 1:
        raise StaleFindingError(Finding.objects.select_related("requirement").get(pk=finding.pk))
    return finding


def apply_fields(finding: Finding, fields: Mapping[str, Any], *, clauses: Iterable[str]) -> bool:
    """Write some of FIELDS into the finding, not yet into the database; say whether any changed.

    The one rule of what a finding may say, for cards and for tablets; `clauses` are the codes of the
    requirement's clauses. Raises ValidationError for values that cannot be.
    """
    before = {name: getattr(finding, name) for name in FIELDS}
    for name, value in fields.items():
        if name not in FIELDS:
            raise ValidationError(_("There is no such field: %(name)s."), params={"name": name})
        setattr(finding, name, value)
    if all(getattr(finding, name) == before[name] for name in fields):
        return False
    _validate(finding, fields, clauses)
    changed = {name for name in FIELDS if getattr(finding, name) != before[name]}
    if {"judgement", "reason"} & changed:
        finding.preset = False
    if changed - {"working_note"}:
        finding.carried_from = None
    return bool(changed)


def _validate(finding: Finding, fields: Mapping[str, Any], clauses: Iterable[str]) -> None:
    if finding.judgement not in Judgement.values:
        raise ValidationError(_("Choose one of the judgements."))
    if finding.severity and finding.severity not in Severity.values:
        raise ValidationError(_("Choose one of the severities."))
    if not set(finding.methods) <= set(Method.values):
        raise ValidationError(_("Choose the methods from the list."))
    if not set(fields.get("clauses_not_met", ())) <= set(clauses):
        raise ValidationError(_("A clause does not belong to this requirement."))
    for text in (finding.report_text, finding.working_note, finding.reason):
        if "\x00" in text:
            raise ValidationError(_("The text has a character that cannot be kept (NUL)."))
        if len(text) > LONGEST:
            raise ValidationError(
                _("The text is longer than %(limit)d characters. Shorten it."),
                params={"limit": LONGEST},
            )
    if finding.judgement != Judgement.NONCONFORMING:
        # A severity belongs to a nonconformity only.
        finding.severity = ""
    elif not finding.severity:
        # The standard's severity is the starting point; the auditor may raise or lower it.
        finding.severity = finding.requirement.severity


def start(*, actor: User, audit: Audit) -> Audit:
    """Start the audit on a visit day; the profile is frozen."""
    return perform(audit, Act.START, actor=actor)


def finish_visit(*, actor: User, audit: Audit) -> Audit:
    """Finish the visit: every applicable requirement is judged, the closing meeting is signed."""
    return perform(audit, Act.FINISH_VISIT, actor=actor)


def sign(*, actor: User, audit: Audit) -> Audit:
    """Sign the report and hand it to the review."""
    return perform(audit, Act.SIGN, actor=actor)


@transaction.atomic
def answer_comment(*, actor: User, comment: FindingComment, text: str) -> FindingComment:
    """Answer a dispute or a review comment; only then can the report be signed again."""
    audit = lock_to_write(actor, comment.finding.audit)
    if not text.strip():
        raise ValidationError(_("Write an answer."))
    if comment.kind == CommentKind.ANSWER or comment.answered_at is not None:
        raise ValidationError(_("This comment was answered already."))
    FindingComment.objects.filter(pk=comment.pk).update(answered_at=timezone.now())
    answer = FindingComment.objects.create(
        finding=comment.finding,
        kind=CommentKind.ANSWER,
        text=text.strip(),
        author=actor,
        reply_to=comment,
    )
    append_event(
        audit=audit,
        actor=actor,
        act="answer_comment",
        payload={"code": comment.finding.requirement.code, "kind": comment.kind},
    )
    return answer
