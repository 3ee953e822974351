"""Checking a file that somebody holds: by its fingerprint on record, else by its signature."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from audits.models import Result
from reports.models import ActionPlan, ConsentReceipt, Report, Snapshot, Submission
from reports.services.papers import PAPERS
from reports.services.printing import is_as_frozen
from reports.signing.keys import public_certificates
from ui.language import active_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from reports.models.frozen import Frozen
    from reports.models.papers import Paper

log = structlog.get_logger(__name__)

LONGEST_SECONDS = 20
# One file at a time in each of the web's processes, whoever shows it: a hostile one takes a core and
# most of a gigabyte until its process is ended. Who comes meanwhile holds a thread no longer than this.
ONE_AT_A_TIME = BoundedSemaphore()
WAIT_SECONDS = 1
# Run, never imported: what it needs would take 17 MB of each of the web's processes.
VERIFIER = Path(__file__).resolve().parent.parent / "verifier.py"
# Codes beside those of the verifier.
ON_RECORD, RECORD_DIFFERS, UNKNOWN_DATA = "on_record", "record_differs", "unknown_data"
UNEXAMINED = "unexamined"
# Whose data are attached to a paper, or handed out beside it.
FROZEN = (Snapshot, ConsentReceipt, ActionPlan, Submission)
# What `verifier.py --json` prints.
Verdict = dict[str, Any]


SENTENCES: dict[str, _StrPromise] = {
    ON_RECORD: _("This file is exactly as it was issued. Not one byte of it differs."),
    RECORD_DIFFERS: _(
        "The signature is valid, but the data inside are not those on record. Do not rely on the "
        "file and ask the designated secretariat."
    ),
    UNKNOWN_DATA: _(
        "These data are not on record. They were changed, or do not come from this system."
    ),
    UNEXAMINED: _("This file could not be examined. No paper of this system is like that."),
}


@dataclass(frozen=True)
class Checked:
    """What is known of a file: a code, what is on record for it, and the result that it is of."""

    code: str
    sha256: str
    record: Paper | Frozen | None = None
    result: Result | None = None
    verdict: Verdict = field(default_factory=dict)

    @property
    def genuine(self) -> bool:
        """Say whether the file is as it was issued."""
        return self.code in (ON_RECORD, "genuine", "trial")

    @property
    def kind(self) -> str:
        """Return what kind of paper is on record."""
        return self.record.noun() if self.record else ""

    @property
    def signed_at(self) -> datetime | None:
        """Return the moment that the signature is of."""
        at = self.verdict.get("signed_at")
        return datetime.fromisoformat(at) if at else None

    @property
    def sentence(self) -> str:
        """Return what was found, in the reader's language."""
        if self.code in SENTENCES:
            return str(SENTENCES[self.code])
        sentence: str = self.verdict["sentence"][active_language()]
        return sentence


class UnavailableError(RuntimeError):
    """No file can be examined at this moment; later it can, or elsewhere."""


def check_file(file: UploadedFile[bytes]) -> Checked:
    """Return what is known of an uploaded PDF or of the data of one (JSON); it is not kept.

    Raises UnavailableError when it is not on record and cannot be examined now.
    """
    content = file.read()
    sha256 = hashlib.sha256(content).hexdigest()
    if record := on_record(sha256):
        return Checked(ON_RECORD, sha256, record, _result_of(record))
    if content.lstrip()[:1] == b"{":
        return Checked(UNKNOWN_DATA, sha256)
    verdict = examined(content)
    found = Checked(verdict["code"], sha256, verdict=verdict)
    if not found.genuine or not verdict["verification_code"]:
        return found
    if differs(verdict):
        return replace(found, code=RECORD_DIFFERS)
    code = verdict["verification_code"]
    return replace(found, result=results().filter(verification_code=code).first())


def results() -> QuerySet[Result]:
    """Results with what the pages show of them."""
    return Result.objects.select_related("audit__site__supplier", "audit__standard", "audit__body")


def on_record(sha256: str) -> Paper | Frozen | None:
    """Return the paper that has or had this hash, or the frozen data that have it."""
    for model in PAPERS:
        paper: Paper | None = model.jobs().known_as(sha256).first()
        if paper:
            return paper
    for kind in FROZEN:
        if data := kind.objects.filter(sha256=sha256).first():
            return data
    return None


def _result_of(record: Paper | Frozen) -> Result | None:
    if not isinstance(record, Report | Snapshot):
        return None
    return results().filter(audit=record.audit_id, revision=record.revision).first()


def differs(verdict: Verdict) -> bool:
    """Say whether the data inside a signed report are others than those on record."""
    snapshot = Snapshot.objects.filter(
        audit__number=verdict["number"], revision=verdict["revision"]
    ).first()
    return (
        snapshot is None or snapshot.sha256 != verdict["data_sha256"] or not is_as_frozen(snapshot)
    )


def examined(content: bytes) -> Verdict:
    """Return what the signature of a PDF says, found by a process of its own without secrets.

    The file comes from a stranger: whatever it does to the reader ends with that process.
    Raises UnavailableError when too many are examined, or when there is nothing to check them by.
    """
    trusted = trusted_certificates()
    with _turn(), tempfile.TemporaryDirectory(prefix="orime-verify-") as folder:
        paper, certificates = Path(folder, "paper.pdf"), Path(folder, "certificates.pem")
        paper.write_bytes(content)
        certificates.write_text(trusted, encoding="ascii")
        program = [sys.executable, "-I", str(VERIFIER)]
        try:
            done = subprocess.run(  # noqa: S603  our own file, and names of our own
                [*program, str(paper), "--certificates", str(certificates), "--json"],
                capture_output=True,
                check=False,
                timeout=LONGEST_SECONDS,
                env={},
            )
            verdict: Verdict = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError) as error:
            log.info("verifier_ended", error=repr(error)[:300])
            return {"code": UNEXAMINED}
    return verdict


def trusted_certificates() -> str:
    """Return what signatures are checked by; UnavailableError when it is not set up as it has to be."""
    try:
        return public_certificates()
    except ImproperlyConfigured as error:
        log.exception("certificates_unusable")
        raise UnavailableError from error


@contextmanager
def _turn() -> Iterator[None]:
    if not ONE_AT_A_TIME.acquire(timeout=WAIT_SECONDS):
        log.warning("verifier_busy")
        raise UnavailableError
    try:
        yield
    finally:
        ONE_AT_A_TIME.release()
