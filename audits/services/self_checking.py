"""What a supplier says of its own site is kept, and deleted, without a trace in any record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audits.models import SelfCheck
from audits.services.readiness import Readiness
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.services.readiness import Given
    from suppliers.models import Site


@transaction.atomic
def keep_answers(*, actor: User, site: Site, given: Mapping[str, Given]) -> int:
    """Keep what the supplier says, by code; returns how many. Nothing goes into a record.

    With the first answer under a version everything carried over from the one before is kept under
    it as well. Raises ValidationError for a code that the version does not have.
    """
    _require(actor, site)
    readiness = Readiness(site, actor)
    lines = {line.code: line for line in readiness.lines}
    if unknown := [code for code in given if code not in lines]:
        raise ValidationError(
            _("The standard that applies today has no requirement %(code)s."),
            params={"code": unknown[0]},
        )
    now = timezone.now()
    SelfCheck.objects.bulk_create(
        [
            SelfCheck(
                site=site,
                requirement=lines[code].requirement,
                answer=said.answer,
                note=said.note,
                changed_at=now,
            )
            for code, said in given.items()
        ],
        update_conflicts=True,
        unique_fields=["site", "requirement"],
        update_fields=["answer", "note", "changed_at"],
    )
    if not readiness.is_stored:
        # A colleague may have been first: what was said since is not overwritten.
        SelfCheck.objects.bulk_create(
            [
                SelfCheck(
                    site=site,
                    requirement=line.requirement,
                    answer=line.given.answer,
                    note=line.given.note,
                    changed_at=line.changed_at or now,
                )
                for code, line in lines.items()
                if line.carried and code not in given
            ],
            ignore_conflicts=True,
        )
    return len(given)


@transaction.atomic
def clear_answers(*, actor: User, site: Site) -> int:
    """Delete everything that was ever said of the site, under any version; returns how many."""
    _require(actor, site)
    count, _by_model = SelfCheck.objects.filter(site=site).delete()
    return count


def _require(actor: User, site: Site) -> None:
    if not suppliers.edits_site(actor, site):
        raise PermissionDenied
