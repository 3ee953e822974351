"""Taking a filled-in workbook over: looking at what it would change, and doing it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Audit
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.syncing import KEPT, Item, canonical, sync_findings
from audits.services.workbook.comparing import Merge
from audits.services.workbook.outcome import MINE, STORED, Outcome
from audits.services.workbook.reading import Filled
from suppliers.imports.problems import FileRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User


def look(*, actor: User, audit: Audit, filled: Filled) -> Outcome:
    """Return what a workbook would do to an audit; nothing is kept.

    Raises PermissionDenied outside the team or once signed, FileRefused when the workbook is of
    another audit or of another version of the standard.
    """
    if not policies.writes_findings(actor, audit):
        raise PermissionDenied(policies.WHO_WRITES)
    _check_head(audit, filled)
    return Merge(audit, filled).outcome


def _check_head(audit: Audit, filled: Filled) -> None:
    if filled.head.audit != audit.number:
        raise FileRefused(
            _("This workbook is of the audit %(other)s, not of %(number)s. Choose the right file.")
            % {"other": filled.head.audit, "number": audit.number}
        )
    standard = audit.pinned_standard.version
    if filled.head.standard != standard:
        raise FileRefused(
            _(
                "This workbook was downloaded under version %(other)s of the standard; the audit "
                "now stands under %(version)s. Download it again and copy your answers into it."
            )
            % {"other": filled.head.standard, "version": standard}
        )


@transaction.atomic
def take_over(
    *,
    actor: User,
    audit: Audit,
    filled: Filled,
    seal: str,
    picks: Mapping[str, str],
    skip_bad: bool = False,
    sha256: str = "",
) -> list[str]:
    """Write what a workbook changes, all of it or nothing; return the codes that changed.

    `seal` is that of the outcome that was looked at, `picks` settles each conflict by its key as
    MINE or STORED. Raises as `look` does, and ValidationError with a sentence otherwise.
    """
    audit = lock(audit)
    outcome = look(actor=actor, audit=audit, filled=filled)
    if outcome.seal != seal:
        raise ValidationError(
            _("Findings were saved here while you were looking. See what would change now."),
            code="changed",
        )
    if outcome.problems and not skip_bad:
        raise ValidationError(_("Nothing was taken over, because some cells have errors."))
    if any(picks.get(change.key) not in (MINE, STORED) for change in outcome.conflicts):
        raise ValidationError(_("Choose one of the two versions for every conflict."))
    items = [
        Item(
            key=uuid4(),
            sha256=hashlib.sha256(canonical(fields)).hexdigest(),
            code=row.finding.requirement.code,
            version=row.finding.version,
            fields=fields,
        )
        for row in outcome.rows
        if (fields := row.settled(picks))
    ]
    for done, item in zip(sync_findings(actor=actor, audit=audit, items=items), items, strict=True):
        if done.outcome not in KEPT:
            raise ValidationError(f"{item.code}: {done.sentence or done.outcome.label}")
    codes = [item.code for item in items]
    if codes:
        append_event(
            audit=audit,
            actor=actor,
            act="workbook_taken_over",
            payload={"codes": codes, "sha256": sha256},
        )
    return codes
