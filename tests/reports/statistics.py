"""Issued results for the tests of the statistics: one is walked through, the others are like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.ids import uuid7
from audits.models import Audit, Result
from audits.terms import Status
from reports.models import AuditFacts, FigureEntry
from reports.services import figures
from tests.factories import Scheme, audit_at, make_site

if TYPE_CHECKING:
    from suppliers.models import Site


def counted(scheme: Scheme, number: int = 1, *codes: str, **site: Any) -> list[AuditFacts]:
    """Return the facts of so many results, each of a site of its own, held by the counters."""
    sites = [make_site(scheme.supplier, **site) for _each in range(number)]
    first = audit_at(Status.ISSUED, scheme, site=sites[0], nonconforming=codes)
    pattern = first.results.get()
    for other in sites[1:]:
        figures.enter_issue(result=_like(pattern, other))
    for entry in FigureEntry.objects.pending():
        figures.apply_entry(entry.pk)
    return list(AuditFacts.objects.filter(site__in=sites).order_by("pk"))


def _like(pattern: Result, site: Site) -> Result:
    audit = Audit.objects.get(pk=pattern.audit_id)
    key = uuid7()
    audit.pk, audit.number, audit.site = key, f"T-{key.hex[-10:]}", site
    audit.save(force_insert=True)
    result = Result.objects.get(pk=pattern.pk)
    result.pk, result.audit, result.number = uuid7(), audit, f"{audit.number}-1"
    result.verification_code = f"{key.hex[-12:]}".upper().replace("0", "I").replace("1", "I")
    result.save(force_insert=True)
    return result
