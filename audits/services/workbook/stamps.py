"""What the hidden cells carry: of which audit a file is, and how each finding stood in it.

Signed, so that a row cannot be moved to another audit and a version not be made up.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core import signing

from audits.services.fieldwork import FIELDS
from audits.services.workbook.columns import clean

if TYPE_CHECKING:
    from audits.models import Audit, Finding

FORM = 1  # of the workbook: a reader that finds another one refuses
SALT = "audits.workbook"


@dataclass(frozen=True)
class Head:
    """Which audit and version of the standard a workbook was made from."""

    audit: str
    standard: str
    form: int


@dataclass(frozen=True)
class Stamp:
    """One finding as it was downloaded: its version, and a fingerprint of each field."""

    code: str
    version: int
    digests: dict[str, str]


def digest(value: Any) -> str:
    """Return a short fingerprint of a field; what a spreadsheet changes by itself is no change."""
    plain = sorted(value) if isinstance(value, list) else clean(value)
    text = json.dumps(plain, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def write_head(audit: Audit) -> str:
    """Return the cell that says whose workbook it is."""
    return signing.Signer(salt=SALT).sign_object(
        {"audit": audit.number, "standard": audit.pinned_standard.version, "form": FORM}
    )


def read_head(text: str) -> Head | None:
    """Return what such a cell says, or None when it is not ours."""
    try:
        return Head(**signing.Signer(salt=SALT).unsign_object(text))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def write_stamp(audit: Audit, finding: Finding) -> str:
    """Return the cell that says how a finding stood."""
    digests = [digest(getattr(finding, name)) for name in FIELDS]
    text = "|".join((finding.requirement.code, str(finding.version), *digests))
    return _signer(audit).sign(text)


def read_stamp(audit: Audit, text: str) -> Stamp | None:
    """Return what such a cell says, or None when it is not one of this audit."""
    try:
        code, version, *digests = _signer(audit).unsign(text).split("|")
        return Stamp(code, int(version), dict(zip(FIELDS, digests, strict=True)))
    except (signing.BadSignature, ValueError):
        return None


def _signer(audit: Audit) -> signing.Signer:
    return signing.Signer(salt=f"{SALT}.{audit.pk}")
