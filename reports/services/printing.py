"""One way to print: a job is claimed, what was frozen is checked, the file is made and kept once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, gettext_noop

from reports.models import Remaking
from reports.snapshot import fingerprint
from reports.terms import JobState, RemakingCause

if TYPE_CHECKING:
    from uuid import UUID

    from reports.models import Claim, Job
    from reports.models.frozen import Frozen
    from reports.models.papers import Paper

log = structlog.get_logger(__name__)

# Files begin here and are moved once they are whole; what a killed worker left is no paper.
UNFINISHED = "unfinished"
READ_ONLY = 0o440

# Called between the long steps with the percentage that is done: keeps the job for longer, or
# raises LostClaimError.
Renew = Callable[[int], None]


@dataclass(frozen=True)
class Printed:
    """A file as a typesetter returns it; `facts` are further columns of the paper, by name."""

    content: bytes
    pages: int
    template_version: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class LostClaimError(RuntimeError):
    """Another worker has taken the job over; what this one made is thrown away."""


def carry_out(model: type[Job], pk: UUID | str, make: Callable[[Claim], bool]) -> bool:
    """Do one job if nobody else does; say whether it is done. A failure is kept, not raised."""
    claim = model.jobs().claim(pk)
    if claim is None:
        return False
    facts = {"job": model.__name__, "key": str(claim.pk), "attempt": claim.attempt}
    try:
        return make(claim)
    except LostClaimError:
        log.warning("job_claim_lost", **facts)
        return False
    except Exception as error:
        log.exception("job_failed", **facts)
        model.jobs().fail(claim, failure_sentence(error))
        return False


def renewal(model: type[Job], claim: Claim) -> Renew:
    """Return what keeps the job of a claim for longer and notes how far it has come."""

    def renew(percent: int) -> None:
        if not model.jobs().renew(claim, progress=percent):
            raise LostClaimError

    return renew


def failure_sentence(error: Exception) -> str:
    """Return the reason that is kept: a sentence of ours, else on a second line what was raised.

    `Job.reason` translates the first line where it is shown.
    """
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    detail = f"{type(error).__name__}: {error}"[:500]
    return f"{PRINTING_FAILED}\n{detail}"


PRINTING_FAILED = gettext_noop("The report could not be printed.")


def is_as_frozen(frozen: Frozen) -> bool:
    """Say whether what was frozen still is what its hash was taken of."""
    return fingerprint(frozen.content) == frozen.sha256


def frozen_text(frozen: Frozen) -> str:
    """Return what was frozen; ValidationError when it is not what its hash was taken of."""
    if not is_as_frozen(frozen):
        raise ValidationError(
            _("%(what)s: the content no longer is what was frozen.") % {"what": frozen.noun()}
        )
    return frozen.content


def keep(claim: Claim, row: Paper, printed: Printed) -> bool:
    """Keep what was printed and finish its job; LostClaimError when somebody else has it by now."""
    jobs = type(row).jobs()
    if not jobs.renew(claim):
        raise LostClaimError
    return jobs.finish(claim, file=write_once(row, printed.content), **columns_of(printed))


def columns_of(printed: Printed) -> dict[str, Any]:
    """Return what a row says about its file."""
    return {
        "sha256": hashlib.sha256(printed.content).hexdigest(),
        "size": len(printed.content),
        "pages": printed.pages,
        "template_version": printed.template_version,
        "updated_at": timezone.now(),
        "checked_at": timezone.now(),
        **printed.facts,
    }


def place_of(row: Paper, digest: str) -> str:
    """Return where the file of a paper with this hash is kept."""
    name: str = row.file.field.generate_filename(row, f"{digest}.{row.suffix}")
    return name


def write_once(row: Paper, content: bytes) -> str:
    """Keep a file under its hash and return its name; the same bytes are kept once.

    Raises ValidationError when another file lies in the place: only `restore` may repair one.
    """
    digest = hashlib.sha256(content).hexdigest()
    name = place_of(row, digest)
    found = digest_at(name)
    if not found:
        _put(name, content)
    elif found != digest:
        raise ValidationError(_("A damaged file lies where this one is to be kept."))
    return name


def restore(row: Paper, content: bytes) -> str:
    """Put a file where its hash says it belongs, in the place of a damaged one; return its name."""
    digest = hashlib.sha256(content).hexdigest()
    name = place_of(row, digest)
    if digest_at(name) != digest:
        _put(name, content)
    return name


def digest_at(name: str) -> str:
    """Return the hash of what is kept under a name; empty when nothing readable is."""
    content = _read(name)
    return hashlib.sha256(content).hexdigest() if content is not None else ""


def _read(name: str) -> bytes | None:
    """Return what is kept under a name, None when it is missing or a disk cannot read it."""
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None
    except OSError:
        log.exception("file_unreadable", name=name)
        return None


def _put(name: str, content: bytes) -> None:
    """Write a whole file or none: a worker that is killed leaves nothing under the name."""
    try:
        place = Path(default_storage.path(name))
    except NotImplementedError:
        # An object store, where a file is whole as soon as it is there.
        default_storage.delete(name)
        saved = default_storage.save(name, ContentFile(content))
        if saved != name:  # another worker wrote the same bytes just now
            default_storage.delete(saved)
        return
    written = Path(
        default_storage.path(default_storage.save(f"{UNFINISHED}/{uuid4()}", ContentFile(content)))
    )
    written.chmod(READ_ONLY)
    with written.open("rb") as file:
        os.fsync(file.fileno())
    place.parent.mkdir(parents=True, exist_ok=True)
    written.replace(place)


def read_file(row: Paper) -> bytes:
    """Return the file of a ready paper, read back and checked against its hash.

    Raises ValidationError when it is missing or was changed; it is then made again by itself.
    """
    content = _read(str(row.file.name))
    digest = hashlib.sha256(content).hexdigest() if content is not None else ""
    if content is not None and digest == row.sha256:
        return content
    repair = report_damage(row, digest)
    if repair.state == JobState.FAILED:
        raise ValidationError(
            _("The file was found damaged and could not be made again. Ask the scheme owner."),
            code="damaged",
        )
    raise ValidationError(
        _("The file was found damaged and is being made again. Come back in a few minutes."),
        code="damaged",
    )


def read_version(row: Paper, sha256: str) -> bytes:
    """Return the file that a paper had under an earlier hash; ValidationError when it is not there."""
    content = _read(place_of(row, sha256))
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise ValidationError(_("The earlier file of this paper is no longer there."))
    return content


def report_damage(row: Paper, found: str) -> Remaking:
    """Have a damaged paper made again and say so in the log; `found` is empty when it is missing.

    The repair is a row; the sweep over the jobs sends it to a worker.
    """
    cause = RemakingCause.DAMAGED if found else RemakingCause.MISSING
    log.error("paper_damaged", paper=row.file_name, cause=cause.value, found=found)
    return Remaking.objects.ask(row, cause, found)
