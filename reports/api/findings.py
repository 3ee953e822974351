"""The findings of an audit, as far as the supplier shares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Case, CharField, Count, F, Prefetch, Q, When
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.api.queries import RowQuery
from accounts.api.schema import documented
from accounts.api.views import ExportView
from audits.api.serializers import criteria_notice
from audits.models import Audit, Evidence, Finding
from audits.standards.models import Category
from audits.terms import Judgement, Severity
from reports.api.examples import FINDINGS
from reports.api.serializers import AuditFindings
from reports.models.reads import What
from reports.services.reads import record_read
from suppliers.api.sharing import shared
from suppliers.terms import Level

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User


def require(level: str | None, least: Level) -> None:
    """Refuse, with a code of its own, what the grant does not reach."""
    if level not in Level.at_least(least):
        raise PermissionDenied(
            _("The supplier shares this site with you at a level that does not include it."),
            code="level_too_low",
        )


class FindingsQuery(RowQuery):
    """Which fields of the answer."""

    row = AuditFindings


class FindingsView(ExportView):
    """Counts by category and severity, and at level full the 84 findings."""

    query_class = FindingsQuery
    audit: Audit
    full = False

    @documented(
        FindingsQuery,
        operation="findings_read",
        tag="results",
        summary="The findings of an audit",
        description="Level summary: counts by category and severity. Level full: every finding as "
        "well; each such answer is recorded and shown to the supplier.",
        example=FINDINGS,
        low_level=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Return what the level allows; 403 at level status."""
        audits = Audit.objects.visible_to(self.reader).select_related("site", "standard")
        audit = get_object_or_404(
            audits.annotate(level=shared(self.reader, "level", "site")), pk=pk
        )
        level: str | None = cast("Any", audit).level
        require(level, Level.SUMMARY)
        self.audit = audit
        wanted = self.query.get("fields")
        self.full = level == Level.FULL and (wanted is None or "findings" in wanted)
        content = {
            "id": audit.pk,
            "number": audit.number,
            "site": audit.site,
            "standard": audit.pinned_standard,
            "level": level,
            "criteria_notice": criteria_notice(audit.pinned_standard.official),
            "counts": counts(self.reader, audit),
            "findings": findings(self.reader, audit) if self.full else None,
        }
        return Response(AuditFindings(content, context={"fields": wanted}).data)

    def delivered(self) -> None:
        """Full findings went out: the supplier is to see it."""
        if self.full:
            record_read(reader=self.reader, audit=self.audit, what=What.FINDINGS)


def findings(reader: User, audit: Audit) -> QuerySet[Finding]:
    """Return the findings in the order of the standard with their public evidence."""
    evidence = Evidence.objects.visible_to(reader).order_by("number")
    return (
        Finding.objects.visible_to(reader)
        .filter(audit=audit)
        .in_order()
        .select_related("carried_from__audit")
        .prefetch_related(Prefetch("evidence", evidence, to_attr="public_evidence"))
    )


def counts(reader: User, audit: Audit) -> list[dict[str, Any]]:
    """Return one row of counts per category, from level summary on."""
    severity = Case(
        When(severity="", then=F("requirement__severity")),
        default=F("severity"),
        output_field=CharField(),
    )
    rows = (
        Finding.objects.counted_by(reader)
        .filter(audit=audit)
        .annotate(grave=severity)
        .values(number=F("requirement__category"))
        .annotate(
            requirements=Count("pk"),
            **{each.value: Count("pk", filter=Q(judgement=each)) for each in Judgement},
            **{
                each.value: Count("pk", filter=Q(judgement=Judgement.NONCONFORMING, grave=each))
                for each in Severity
            },
        )
    )
    by_category = {row["number"]: row for row in rows}
    categories = Category.objects.visible_to(reader).filter(pk__in=by_category).order_by("order")
    return [{"category": each, **by_category[each.pk]} for each in categories]
