"""The report that is printed in every way: 84 requirements, 12 photos, Japanese and English."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audits.models import Audit, Evidence, Finding
from audits.services.evidence import add_evidence
from audits.services.fieldwork import save_finding
from audits.services.thumbnails import make_thumbnail
from audits.terms import EvidenceClass, Judgement, Method, Status
from benchmarks.printing.photos import photo
from reports.demo.texts import read
from reports.models import Snapshot
from reports.signing.keys import make_trial_key
from tests.factories import PATH, STEPS, Scheme, audit_at, finish_visit, hear_some

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = ("1-1", "2-3", "3-4", "4-2", "5-3", "5-6", "5-7", "6-2", "7-2", "8-2", "9-1", "9-2")


@dataclass(frozen=True)
class Content:
    """A folder with what is printed: a snapshot, its photos, the same photos made small.

    Beside them is a home with a key that signs.
    """

    folder: Path

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """The snapshot of the issued audit."""
        loaded: dict[str, Any] = json.loads((self.folder / "snapshot.json").read_text("utf-8"))
        return loaded

    @cached_property
    def pictures(self) -> dict[str, bytes]:
        """The small pictures by evidence id."""
        return {path.stem: path.read_bytes() for path in sorted(self.folder.glob("small/*.jpg"))}


def make_content(folder: Path) -> Content:
    """Take an audit with photos through the services to its issue and write what it prints."""
    scheme = Scheme()
    audit = audit_at(Status.FIELDWORK, scheme)
    for place, finding in enumerate(_applicable(audit)):
        _judge(scheme, finding, place)
    hear_some(scheme, audit)
    finish_visit(scheme, audit)
    for state in PATH[PATH.index(Status.DRAFTING) + 1 : PATH.index(Status.ISSUED) + 1]:
        STEPS[state](scheme, audit, CODES)
    frozen = Snapshot.objects.get(audit=audit)
    (folder / "snapshot.json").write_text(frozen.content, encoding="utf-8")
    for name in ("full", "small"):
        (folder / name).mkdir()
    for row in Evidence.objects.filter(audit=audit):
        shutil.copyfile(row.file.path, folder / "full" / f"{row.pk}.jpg")
        shutil.copyfile(row.thumbnail.path, folder / "small" / f"{row.pk}.jpg")
    (folder / "home").mkdir(mode=0o700)
    make_trial_key(folder / "home" / "signing")
    return Content(folder)


def _applicable(audit: Audit) -> Iterator[Finding]:
    rows = Finding.objects.filter(audit=audit).exclude(judgement=Judgement.NOT_APPLICABLE)
    return rows.in_order().select_related("requirement").iterator()


def _judge(scheme: Scheme, finding: Finding, place: int) -> None:
    code = finding.requirement.code
    known, remarks = read("findings")[code], read("remarks")["conforming"]
    bad = code in CODES
    save_finding(
        actor=scheme.lead.user,
        finding=finding,
        version=finding.version,
        judgement=Judgement.NONCONFORMING if bad else Judgement.CONFORMING,
        methods=[Method.DOCUMENT, Method.OBSERVATION],
        report_text=known["text"] if bad else remarks[place % len(remarks)],
    )
    if bad:
        evidence = add_evidence(
            actor=scheme.lead.user,
            audit=finding.audit,
            finding=finding,
            file=photo(place),
            name=f"IMG_{place:04d}.jpg",
            caption=known["caption"],
            evidence_class=EvidenceClass.PUBLIC,
        )
        make_thumbnail(evidence.pk)
