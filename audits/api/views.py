"""Sites, results and corrective actions that were shared with a brand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.queries import RowQuery
from accounts.api.schema import documented, documented_list
from accounts.api.views import ExportView, ListView
from audits.api import examples
from audits.api.serializers import CorrectiveActionRow, ResultRow, SharedSiteRow
from audits.models import Appeal, CorrectiveAction, Result
from audits.terms import CorrectionStatus, GradeLetter, ResultStatus
from suppliers.api.queries import SitesQuery, by_site
from suppliers.api.sharing import shared, shared_since
from suppliers.models import Site

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User


class SiteQuery(RowQuery):
    """Which fields of a site."""

    row = SharedSiteRow


class SiteListQuery(SitesQuery):
    """Which sites."""

    row = SharedSiteRow


def visible_sites(reader: User) -> QuerySet[Site]:
    """Return the sites that are shared with the reader's brand, with the level."""
    return (
        Site.objects.visible_to(reader)
        .select_related("supplier")
        .annotate(level=shared(reader, "level"), shared_until=shared(reader, "ends_on"))
    )


def latest_results(reader: User, sites: list[Site]) -> dict[UUID, Result]:
    """Return the newest visible result of each site, in one query."""
    rows = (
        Result.objects.visible_to(reader)
        .filter(audit__site__in=[site.pk for site in sites])
        .select_related("audit")
        .order_by("issued_on", "revision", "pk")
    )
    return {row.audit.site_id: row for row in rows}


@documented_list(
    SiteListQuery,
    operation="sites_list",
    tag="sites",
    summary="Sites shared with you",
    example=examples.SITE,
)
class SiteListView(ListView):
    """Sites with a live grant."""

    query_class = SiteListQuery
    scope = "sites"

    def rows(self) -> QuerySet[Site]:
        """Return visible sites; newly shared ones and new results count as changes."""
        rows = by_site(visible_sites(self.reader), self.query)
        if since := self.query.get("updated_since"):
            results = Result.objects.visible_to(self.reader).filter(updated_at__gte=since)
            rows = rows.filter(
                Q(updated_at__gte=since)
                | Q(pk__in=shared_since(self.reader, since))
                | Q(pk__in=results.values("audit__site"))
            )
        return rows

    def context(self, rows: list[Any]) -> dict[str, Any]:
        """Read the newest results of the page."""
        return {**super().context(rows), "latest": latest_results(self.reader, rows)}


class SiteView(ExportView):
    """One site."""

    query_class = SiteQuery

    @documented(
        SiteQuery, operation="sites_read", tag="sites", summary="A site", example=examples.SITE
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the site, if it is shared with the reader's brand."""
        site = get_object_or_404(visible_sites(self.reader), pk=pk)
        context = {
            "fields": self.query.get("fields"),
            "latest": latest_results(self.reader, [site]),
        }
        return Response(SharedSiteRow(site, context=context).data)


class ResultQuery(RowQuery):
    """Which fields of a result."""

    row = ResultRow


class ResultListQuery(SitesQuery):
    """Which results."""

    row = ResultRow
    grade = serializers.ChoiceField(choices=GradeLetter.choices, required=False)
    status = serializers.ChoiceField(choices=ResultStatus.choices, required=False)
    standard = serializers.CharField(
        required=False, help_text="Version of the audit standard, such as 2025."
    )
    site = serializers.UUIDField(required=False)


def visible_results(reader: User) -> QuerySet[Result]:
    """Return the results of shared sites with everything a row says."""
    open_appeals = Appeal.objects.open().filter(result=OuterRef("pk"))
    return (
        Result.objects.visible_to(reader)
        .select_related("audit__site", "audit__standard", "audit__body")
        .annotate(under_appeal=Exists(open_appeals))
    )


def narrowed(rows: QuerySet[Any], reader: User, query: dict[str, Any], audit: str) -> QuerySet[Any]:
    """Return the rows that the parameters common to results and actions ask for."""
    rows = by_site(rows, query, f"{audit}site__")
    if "standard" in query:
        rows = rows.filter(**{f"{audit}standard__version": query["standard"]})
    if "site" in query:
        rows = rows.filter(**{f"{audit}site": query["site"]})
    if since := query.get("updated_since"):
        newly = Q(**{f"{audit}site__in": shared_since(reader, since)})
        rows = rows.filter(Q(updated_at__gte=since) | newly)
    return rows


@documented_list(
    ResultListQuery,
    operation="results_list",
    tag="results",
    summary="Results of sites shared with you",
    example=examples.RESULT,
)
class ResultListView(ListView):
    """Results, superseded and withdrawn ones with their status."""

    query_class = ResultListQuery
    scope = "results"

    def rows(self) -> QuerySet[Result]:
        """Return visible results as asked."""
        rows = narrowed(visible_results(self.reader), self.reader, self.query, "audit__")
        exact = {name: self.query[name] for name in ("grade", "status") if name in self.query}
        return rows.filter(**exact)


class ResultView(ExportView):
    """One result."""

    query_class = ResultQuery

    @documented(
        ResultQuery,
        operation="results_read",
        tag="results",
        summary="A result",
        example=examples.RESULT,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the result, if its site is shared with the reader's brand."""
        result = get_object_or_404(visible_results(self.reader), pk=pk)
        return Response(ResultRow(result, context={"fields": self.query.get("fields")}).data)


class ActionListQuery(SitesQuery):
    """Which corrective actions."""

    row = CorrectiveActionRow
    status = serializers.ChoiceField(choices=CorrectionStatus.choices, required=False)
    standard = serializers.CharField(
        required=False, help_text="Version of the audit standard, such as 2025."
    )
    site = serializers.UUIDField(required=False)
    audit = serializers.UUIDField(required=False)


@documented_list(
    ActionListQuery,
    operation="corrective_actions_list",
    tag="results",
    summary="Corrective actions of sites shared with you at level summary or full",
    example=examples.CORRECTIVE_ACTION,
)
class CorrectiveActionListView(ListView):
    """Corrective actions; what they say depends on the level."""

    query_class = ActionListQuery
    scope = "corrective-actions"

    def rows(self) -> QuerySet[CorrectiveAction]:
        """Return visible corrective actions as asked."""
        rows: QuerySet[Any] = (
            CorrectiveAction.objects.visible_to(self.reader)
            .select_related("finding__audit__site", "finding__requirement__category")
            .annotate(level=shared(self.reader, "level", "finding__audit__site"))
        )
        rows = narrowed(rows, self.reader, self.query, "finding__audit__")
        if "status" in self.query:
            rows = rows.filter(status=self.query["status"])
        if "audit" in self.query:
            rows = rows.filter(finding__audit=self.query["audit"])
        return rows
