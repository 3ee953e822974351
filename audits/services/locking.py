"""The lock under which everything on one audit happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from audits import policies
from audits.models import Audit
from suppliers.models import Site

if TYPE_CHECKING:
    from accounts.models import User


def lock(audit: Audit) -> Audit:
    """Return the audit's row, locked until the transaction ends, with what policies ask for."""
    row = Audit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
    return Audit.objects.with_people().select_related("profile").get(pk=row.pk)


def lock_with_site(audit: Audit) -> Audit:
    """Return the audit locked as by `lock`, and its site before it: for whatever makes a result.

    A result supersedes what stood for the site, and writes into the record of that other audit.
    With the site first, two such at the same moment wait for each other and never across. A site
    that was merged stands for the one it was merged into.
    """
    sites = {audit.site_id, audit.site.home_id}
    rows = Site.objects.select_for_update(no_key=True).filter(pk__in=sites)
    list(rows.order_by("pk"))
    return lock(audit)


def lock_to_write(actor: User, audit: Audit) -> Audit:
    """Return the audit locked as by `lock`, for somebody who writes what the visit finds.

    Raises PermissionDenied for everybody else, and for all once the report is signed.
    """
    audit = lock(audit)
    if not policies.writes_findings(actor, audit):
        raise PermissionDenied(policies.WHO_WRITES)
    return audit
