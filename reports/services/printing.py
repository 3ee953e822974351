"""One way to print: a job is claimed, what was frozen is checked, the file is made and kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, gettext_noop

from reports.snapshot import fingerprint

if TYPE_CHECKING:
    from uuid import UUID

    from reports.models import Claim, Job
    from reports.models.frozen import Frozen
    from reports.models.papers import Paper

log = structlog.get_logger(__name__)

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


def frozen_text(frozen: Frozen) -> str:
    """Return what was frozen; ValidationError when it is not what its hash was taken of."""
    if fingerprint(frozen.content) != frozen.sha256:
        raise ValidationError(
            _("%(what)s: the content no longer is what was frozen.") % {"what": frozen.noun}
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
        **printed.facts,
    }


def write_once(row: Paper, content: bytes) -> str:
    """Keep the file under its hash and return its name; the same bytes are kept once.

    A file that a killed worker left half-written is replaced; one that is whole never is.
    """
    digest = hashlib.sha256(content).hexdigest()
    name: str = row.file.field.generate_filename(row, f"{digest}.{row.suffix}")
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            if hashlib.file_digest(kept, "sha256").hexdigest() == digest:
                return name
        default_storage.delete(name)
    saved = default_storage.save(name, ContentFile(content))
    if saved != name:
        default_storage.delete(saved)
        raise ValidationError(_("Another worker is writing the same report."))
    return name


def read_file(row: Paper) -> bytes:
    """Return the file of a ready paper; ValidationError when it is not what was printed."""
    try:
        with row.file.open("rb") as file:
            content = bytes(file.read())
    except (FileNotFoundError, ValueError) as error:
        raise ValidationError(_("The file of this report is missing.")) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise ValidationError(_("The file of this report was changed and is not handed out."))
    return content
