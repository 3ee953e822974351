"""What tablets send once they have a network again: findings in batches, photos one by one."""

from __future__ import annotations

import hashlib
import json
from copy import copy
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Audit, Evidence, Finding, SyncItem, SyncKind, SyncOutcome
from audits.services.evidence import DuplicateEvidenceError, add_evidence
from audits.services.fieldwork import FIELDS, apply_fields
from audits.services.locking import lock
from audits.services.presetting import ORIGIN
from audits.standards.models import Clause

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from audits.terms import EvidenceClass

SALT = "audits.receipt"
# What one batch may bring: every finding of an audit, and no more than one statement can write.
MOST_ITEMS = 99
KEPT = (SyncOutcome.SAVED, SyncOutcome.SAME)


@dataclass(frozen=True)
class Item:
    """One finding as a tablet sends it; `wrong` says why it cannot even be looked at."""

    key: UUID
    sha256: str
    code: str = ""
    version: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    wrong: str = ""


@dataclass
class Done:
    """What became of one item; `current` is what is stored, when that is something else."""

    key: UUID
    sha256: str
    outcome: SyncOutcome
    version: int | None = None
    sentence: str = ""
    current: dict[str, Any] | None = None
    stored_sha256: str = ""
    code: str = ""
    # A photo that was not there before.
    evidence: Evidence | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as the answer says it; what is empty is left out."""
        data = {
            "key": str(self.key),
            "sha256": self.sha256,
            "outcome": self.outcome.value,
            "version": self.version,
            "sentence": self.sentence,
            "current": self.current,
            "stored_sha256": self.stored_sha256,
        }
        return {name: value for name, value in data.items() if value not in ("", None)}


def canonical(fields: dict[str, Any]) -> bytes:
    """Return fields as the bytes that are hashed: JSON in UTF-8, keys sorted, no spaces.

    JavaScript's JSON.stringify writes the same. Raises UnicodeEncodeError for half a character.
    """
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def receipt(*, audit: Audit, client: UUID, done: Sequence[Done]) -> str:
    """Return the signed receipt: what arrived in which form and what became of it.

    Each line: key, hash of what was sent, outcome, version, hash of the file as it is stored (blank
    for a finding), requirement.
    """
    items = [
        [str(row.key), row.sha256, row.outcome.value, row.version, row.stored_sha256, row.code]
        for row in done
    ]
    return signing.dumps(
        {
            "audit": audit.number,
            "client": str(client),
            "items": items,
            "at": timezone.now().isoformat(),
        },
        salt=SALT,
    )


def read_receipt(text: str) -> dict[str, Any]:
    """Return what a receipt says; raises signing.BadSignature when it is not ours."""
    content: dict[str, Any] = signing.loads(text, salt=SALT)
    return content


@transaction.atomic
def sync_findings(*, actor: User, audit: Audit, items: Sequence[Item]) -> list[Done]:
    """Save a batch of findings; each is dealt with alone and none twice.

    Nothing that somebody else saved is overwritten: such an item is a conflict with what is stored.
    The number of queries does not depend on the number of items, up to MOST_ITEMS (SQLite writes
    them in two statements). Raises PermissionDenied for people outside the team; everything else is
    an outcome.
    """
    audit = lock(audit)
    if policies.member_of(actor, audit) is None:
        raise PermissionDenied(_("You are not in the team of this audit."))
    batch = _Batch(actor, audit, items)
    done = [batch.take(item) for item in items]
    batch.write()
    return done


class _Batch:
    """What a batch is held against and what it leaves to be written, in one query each."""

    def __init__(self, actor: User, audit: Audit, items: Sequence[Item]) -> None:
        self.actor, self.audit, self.now = actor, audit, timezone.now()
        self.writable = policies.writes_findings(actor, audit)
        self.known = {
            row.key: row
            for row in SyncItem.objects.filter(audit=audit, key__in=[item.key for item in items])
        }
        findings = (
            Finding.objects.select_for_update(of=("self",))
            .filter(audit=audit, requirement__code__in={item.code for item in items})
            .select_related("requirement", "changed_by")
            .defer(
                "requirement__text_ja",
                "requirement__text_en",
                "requirement__guidance_ja",
                "requirement__guidance_en",
            )
            .order_by("pk")
        )
        self.findings = {row.requirement.code: row for row in findings}
        self.clauses = Clause.objects.filter(
            requirement__standard=audit.standard_id,
            requirement__code__in={item.code for item in items},
        ).codes()
        self.changed: dict[str, Finding] = {}
        self.fresh: list[SyncItem] = []

    def take(self, item: Item) -> Done:
        """Deal with one item in memory; what is kept is remembered by its key."""
        done = self._repeated(item) or self._judge(item)
        done.code = item.code
        if done.outcome in KEPT and item.key not in self.known:
            self.known[item.key] = SyncItem(
                audit=self.audit,
                key=item.key,
                kind=SyncKind.FINDING,
                finding=self.findings[item.code],
                sha256=item.sha256,
                outcome=done.outcome,
                version=done.version,
                sent_by=self.actor,
                at=self.now,
            )
            self.fresh.append(self.known[item.key])
        return done

    def _repeated(self, item: Item) -> Done | None:
        known = self.known.get(item.key)
        return _again(known, item.key, item.sha256) if known else None

    def _judge(self, item: Item) -> Done:
        def refused(sentence: str) -> Done:
            return Done(item.key, item.sha256, SyncOutcome.REFUSED, sentence=sentence)

        if item.wrong:
            return refused(item.wrong)
        finding = self.findings.get(item.code)
        if finding is None:
            return refused(_("There is no requirement “%s” in this audit.") % item.code)
        if not self.writable:
            return refused(str(policies.WHO_WRITES))
        wanted = copy(finding)
        try:
            changes = apply_fields(
                wanted, item.fields, clauses=self.clauses.get(finding.requirement_id, set())
            )
        except ValidationError as error:
            return refused(" ".join(error.messages))
        if not changes:
            return Done(item.key, item.sha256, SyncOutcome.SAME, finding.version)
        if finding.version != item.version:
            return Done(
                item.key,
                item.sha256,
                SyncOutcome.CONFLICT,
                finding.version,
                current=as_stored(finding),
            )
        wanted.version += 1
        wanted.changed_by, wanted.changed_at = self.actor, self.now
        self.findings[item.code] = self.changed[item.code] = wanted
        return Done(item.key, item.sha256, SyncOutcome.SAVED, wanted.version)

    def write(self) -> None:
        """Write everything at once; the rows have been locked since they were read."""
        # One row of values each: a CASE for every field and row, as bulk_update writes, took most of
        # a batch's time.
        Finding.objects.bulk_create(
            self.changed.values(),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*FIELDS, *ORIGIN, "version", "changed_by", "changed_at"],
        )
        SyncItem.objects.bulk_create(self.fresh)


def as_stored(finding: Finding) -> dict[str, Any]:
    """Return a finding as a tablet compares and keeps it; it comes with who changed it."""
    return {
        "version": finding.version,
        "fields": {name: getattr(finding, name) for name in FIELDS},
        "who": finding.changed_by.name if finding.changed_by else "",
        "at": finding.changed_at.isoformat(),
    }


def _again(known: SyncItem, key: UUID, sha256: str, code: str = "") -> Done:
    if known.sha256 != sha256:
        sentence = _("The tablet sent something else under this key before. Save the finding anew.")
        return Done(key, sha256, SyncOutcome.REFUSED, sentence=sentence, code=code)
    return Done(
        key,
        sha256,
        SyncOutcome(known.outcome),
        known.version,
        stored_sha256=known.evidence.sha256 if known.evidence else "",
        code=code,
    )


def sync_photo(
    *,
    actor: User,
    audit: Audit,
    key: UUID,
    sha256: str,
    file: IO[bytes],
    name: str,
    code: str,
    caption: str,
    evidence_class: EvidenceClass,
    taken_at: datetime | None = None,
) -> Done:
    """Keep a photo that a tablet sends; the same key twice keeps it once.

    Raises PermissionDenied for people outside the team; everything else is an outcome.
    """
    audit = Audit.objects.with_people().get(pk=audit.pk)
    if policies.member_of(actor, audit) is None:
        raise PermissionDenied(_("You are not in the team of this audit."))
    known = SyncItem.objects.filter(audit=audit, key=key).select_related("evidence").first()
    if known:
        return _again(known, key, sha256, code)

    def refused(sentence: str) -> Done:
        return Done(key, sha256, SyncOutcome.REFUSED, sentence=sentence, code=code)

    if not policies.writes_findings(actor, audit):
        return refused(str(policies.WHO_WRITES))
    finding = Finding.objects.filter(audit=audit, requirement__code=code).first()
    if finding is None:
        return refused(_("There is no requirement “%s” in this audit.") % code)
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]  # Django's files have readinto
        return refused(_("The photo did not arrive as it was sent. Send it again."))
    file.seek(0)
    outcome = SyncOutcome.SAVED
    try:
        evidence = add_evidence(
            actor=actor,
            audit=audit,
            finding=finding,
            file=file,
            name=name,
            caption=caption,
            evidence_class=evidence_class,
            taken_at=taken_at,
        )
    except DuplicateEvidenceError as known_by_content:
        evidence, outcome = known_by_content.evidence, SyncOutcome.SAME
        if evidence.finding_id != finding.pk:
            return refused(" ".join(known_by_content.messages))
    except ValidationError as error:
        return refused(" ".join(error.messages))
    # The content decides: a tablet that sends the photo twice at once finds it kept already.
    SyncItem.objects.get_or_create(
        audit=audit,
        key=key,
        defaults={
            "kind": SyncKind.PHOTO,
            "finding": finding,
            "sha256": sha256,
            "outcome": outcome,
            "evidence": evidence,
            "sent_by": actor,
        },
    )
    return Done(key, sha256, outcome, stored_sha256=evidence.sha256, code=code, evidence=evidence)
