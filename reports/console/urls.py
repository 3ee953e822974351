"""Pages of this room in the console."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.console import dashboard, papers, plans, reports, targets
from reports.console.statistics import pages as statistics

urlpatterns: list[URLPattern] = [
    path("", dashboard.home, name="home"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/results/", statistics.results, name="statistics_results"),
    path("targets/", targets.targets, name="targets"),
    path("targets/new/", targets.target_new, name="target_new"),
    path("targets/<uuid:pk>/", targets.target, name="target"),
    path("audits/<str:number>/plan/", plans.plans, name="plans"),
    path("plans/<uuid:pk>/file/", plans.plan_file, name="plan_file"),
    path("papers/", papers.papers, name="papers"),
    path("papers/again/", papers.reprints, name="reprints"),
    path("papers/again/<uuid:pk>/", papers.reprint, name="reprint"),
    path("papers/again/<uuid:pk>/pause/", papers.reprint_pause, name="reprint_pause"),
    path("papers/again/<uuid:pk>/resume/", papers.reprint_resume, name="reprint_resume"),
    path("papers/again/<uuid:pk>/retry/", papers.reprint_retry, name="reprint_retry"),
    path("papers/earlier/<uuid:pk>/", papers.earlier_file, name="earlier_file"),
    path("audits/<str:number>/reports/", reports.reports, name="reports"),
    path("reports/<uuid:pk>/file/", reports.report_file, name="report_file"),
    path("reports/<uuid:pk>/findings/<str:kind>/", reports.findings_file, name="findings_file"),
    path("reports/<uuid:pk>/retry/", reports.report_retry, name="report_retry"),
]
