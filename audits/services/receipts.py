"""What tablets have as proof that their work arrived, held against what the server has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from audits.models import SyncItem, SyncOutcome
from audits.services.syncing import read_receipt

if TYPE_CHECKING:
    from datetime import datetime

    from audits.models import Audit

# Receipts that are looked at together: those of a long visit with its photos.
MOST = 300


@dataclass(frozen=True)
class Line:
    """One thing that a receipt names, and what the server has of it."""

    code: str
    sha256: str
    outcome: SyncOutcome
    version: int | None
    stored_sha256: str
    kept: SyncItem | None

    @property
    def was_kept(self) -> bool:
        """Say whether the receipt says that the server keeps it."""
        return self.outcome in (SyncOutcome.SAVED, SyncOutcome.SAME)

    @property
    def stands(self) -> bool:
        """Say whether the server still has what the receipt says, in the same form."""
        if self.kept is None or self.kept.sha256 != self.sha256:
            return False
        if not self.stored_sha256:
            return self.kept.version == self.version
        return self.kept.evidence is not None and self.kept.evidence.sha256 == self.stored_sha256


@dataclass(frozen=True)
class Receipt:
    """One receipt of this server: when it was given, and its lines."""

    at: datetime | None
    lines: list[Line]

    @property
    def stands(self) -> bool:
        """Say whether the server has everything that it says it keeps."""
        return all(line.stands for line in self.lines if line.was_kept)


def check_receipts(audit: Audit, text: str) -> list[Receipt]:
    """Return what receipts (one each line) say, and what the server has of it, in two queries.

    Raises ValidationError for none or too many, for one that this server did not give or that was
    changed since, and for one of another audit.
    """
    texts = text.split()
    if not texts:
        raise ValidationError(_("Paste at least one receipt from the tablet."))
    if len(texts) > MOST:
        raise ValidationError(
            _("At most %(limit)d receipts can be checked at once."), params={"limit": MOST}
        )
    contents = [_content(audit, place, one) for place, one in enumerate(texts, start=1)]
    keys = [UUID(line[0]) for content in contents for line in content["items"]]
    known = {row.key: row for row in SyncItem.objects.filter(audit=audit, key__in=keys).with_what()}
    return [
        Receipt(
            parse_datetime(content["at"]),
            [_line(line, known.get(UUID(line[0]))) for line in content["items"]],
        )
        for content in contents
    ]


def _content(audit: Audit, place: int, text: str) -> dict[str, Any]:
    try:
        content = read_receipt(text)
    except signing.BadSignature as error:
        raise ValidationError(
            _(
                "Receipt %(place)d is not genuine: this server did not give it, or it was changed "
                "since. Copy it from the tablet once more, whole."
            ),
            params={"place": place},
        ) from error
    if content["audit"] != audit.number:
        raise ValidationError(
            _("Receipt %(place)d belongs to audit %(number)s. Check it on the page of that audit."),
            params={"place": place, "number": content["audit"]},
        )
    return content


def _line(line: list[Any], kept: SyncItem | None) -> Line:
    # Receipts from before had neither hash nor requirement where there was nothing to say.
    _key, sha256, outcome, version, stored, code = [*line, "", ""][:6]
    if kept and kept.finding:
        code = kept.finding.requirement.code
    return Line(code, sha256, SyncOutcome(outcome), version, stored, kept)
