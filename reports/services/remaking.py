"""Making a paper again from what was frozen: the same bytes go back, others are told of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.letters import letter
from accounts.services.notices import notify
from accounts.services.people import scheme_office
from audits.models import Audit
from audits.services.records import append_event
from audits.timeline import OTHER_ACTS
from reports.models import Remaking
from reports.services.papers import PAPERS
from reports.services.printing import (
    LostClaimError,
    carry_out,
    columns_of,
    renewal,
    restore,
)
from reports.terms import JobState, RemakingCause

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from reports.models import Claim
    from reports.models.papers import Paper
    from reports.services.printing import Printed

log = structlog.get_logger(__name__)

OTHER_ACTS["paper_remade"] = _("Printed paper made again, with other bytes than before")
DIFFERS = letter(
    "paper-differs",
    _("%(name)s was damaged, and what was made in its place differs from it"),
    to=(_("Scheme owner"),),
    when=_("A damaged file was made again and did not come out as the same bytes"),
    group=_("Printed papers"),
    examples={"name": "JASTI-2026-0123_r1_ja.pdf"},
)


def remake(pk: UUID | str, *, typeset: Callable[..., Printed] | None = None) -> bool:
    """Make one paper again if nobody else does; say whether it is done. A failure is kept."""
    done = carry_out(Remaking, pk, partial(_make, typeset=typeset))
    # What is to be tried again waits with the rest of its batch while that is paused.
    Remaking.objects.filter(pk=pk, batch__paused_at__isnull=False).hold()
    return done


def _make(claim: Claim, *, typeset: Callable[..., Printed] | None) -> bool:
    remaking = Remaking.objects.select_related("batch").get(pk=claim.pk)
    row = remaking.row()
    printing = PAPERS[type(row)]
    printed = printing.prints(row, typeset or printing.typeset, renewal(Remaking, claim))
    if not Remaking.objects.renew(claim):
        raise LostClaimError
    name = restore(row, printed.content)
    columns = columns_of(printed)
    identical = columns["sha256"] == row.sha256
    with transaction.atomic():
        # First the audit, as everybody who writes into its record does.
        if not identical and row.concerned:
            Audit.objects.select_for_update().get(pk=row.concerned.pk)
        done = Remaking.objects.finish(
            claim,
            before_sha256=row.sha256,
            before_version=row.template_version,
            after_sha256=columns["sha256"],
            after_version=columns["template_version"],
            identical=identical,
        )
        if not done:
            raise LostClaimError
        kept = type(row).jobs().filter(pk=row.pk, state=JobState.READY, sha256=row.sha256)
        if identical:
            # A newer template may give the same bytes; then the paper is in that one.
            kept.update(template_version=columns["template_version"])
        else:
            if not kept.update(file=name, **columns):
                raise ValidationError(_("The paper was changed in the meantime."))
            _tell(remaking, row, columns["sha256"])
    return True


def _tell(remaking: Remaking, row: Paper, sha256: str) -> None:
    """Say that a paper no longer is the bytes it was: in the log, the record, and to the owner."""
    facts = {"paper": row.file_name, "before": row.sha256, "after": sha256}
    if audit := row.concerned:
        append_event(
            audit=audit,
            actor=remaking.batch.started_by if remaking.batch else None,
            act="paper_remade",
            payload=facts,
        )
    if remaking.cause == RemakingCause.BATCH:
        # Asked for, and told by the list of the batch.
        log.info("paper_differs", **facts)
        return
    log.error("paper_differs", **facts)
    notify(
        scheme_office(),
        f"paper-differs:{remaking.pk}",
        lambda: DIFFERS.message({"name": row.file_name}, path=reverse("console:papers")),
    )
