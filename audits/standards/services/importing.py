"""Making a draft of a new version from an uploaded file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audits.standards.catalogue import Catalogue
from audits.standards.composing import compose
from audits.standards.contents import Contents
from audits.standards.models import Standard
from audits.standards.services.access import require_administrator
from audits.standards.services.loading import Loaded, load_catalogue
from audits.standards.terms import StandardStatus
from audits.standards.uploads import read_upload
from audits.standards.workbooks import write_workbook

if TYPE_CHECKING:
    from accounts.models import User
    from audits.standards.composing import Composed


@dataclass(frozen=True)
class Particulars:
    """What is said of a new version besides its rows; `grading` as `GradingParameters` reads it."""

    version: str
    title_ja: str
    title_en: str
    effective_on: date
    mandatory_from: date | None
    official: bool
    grading: dict[str, Any]


def look_into(
    *, actor: User, content: bytes, filename: str, base: Standard | None
) -> tuple[Composed, Contents | None]:
    """Return what a file would make of the base version, and the base's contents.

    Raises FileRefused when nothing can be read from it.
    """
    require_administrator(actor)
    contents = base.contents() if base else None
    return compose(read_upload(content, filename), contents), contents


def workbook_of(standard: Standard | None) -> bytes:
    """Return a version as a workbook to edit and upload, or the empty template."""
    return write_workbook(standard.contents() if standard else None)


@transaction.atomic
def import_version(
    *, actor: User, composed: Composed, base: Standard | None, particulars: Particulars
) -> Loaded:
    """Make a draft of the rows that were looked at, or replace the draft of that version.

    Raises ValidationError when the file has problems, or the version has been activated.
    """
    require_administrator(actor)
    if composed.problems:
        raise ValidationError(
            _("The file has problems. Mend them and upload it again."), code="problems"
        )
    named = Standard.objects.filter(version=particulars.version)
    if named.exclude(status=StandardStatus.DRAFT).exists():
        raise ValidationError(
            _("Version %(version)s has been activated. Give the new version another name."),
            code="immutable",
            params={"version": particulars.version},
        )
    if base is not None and base.is_draft:
        raise ValidationError(_("A draft cannot be the base. Choose a version in force."))
    if base is not None and particulars.effective_on <= base.effective_on:
        raise ValidationError(
            {"effective_on": _("The new version takes effect after the one that it follows.")}
        )
    contents = Contents(
        version=particulars.version,
        title_ja=particulars.title_ja,
        title_en=particulars.title_en,
        effective_on=particulars.effective_on,
        official=particulars.official,
        grading=particulars.grading,
        categories=composed.categories,
        requirements=composed.requirements,
        clauses=composed.clauses,
    )
    catalogue = Catalogue(contents, mandatory_from=particulars.mandatory_from, activate=False)
    return load_catalogue(catalogue=catalogue, actor=actor, previous=base)
