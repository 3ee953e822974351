"""The lock under which everything on one audit happens."""

from __future__ import annotations

from audits.models import Audit


def lock(audit: Audit) -> Audit:
    """Return the audit's row, locked until the transaction ends, with what policies ask for."""
    row = Audit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
    return Audit.objects.with_people().select_related("profile").get(pk=row.pk)
