"""Pages of this room in the console."""

from __future__ import annotations

from django.urls import URLPattern, path

from audits.console import (
    alerts,
    appeals,
    assignment,
    audit,
    audits,
    board,
    corrections,
    decision,
    engagements,
    intake,
    records,
    register,
    results,
    review,
    settings,
)

urlpatterns: list[URLPattern] = [
    path("board/", board.board, name="board"),
    path("audits/", audits.audits, name="audits"),
    path("audits/<str:number>/", audit.audit, name="audit"),
    path("audits/<str:number>/intake/", intake.intake, name="intake"),
    path("audits/<str:number>/team/", assignment.assign, name="assign"),
    path("audits/<str:number>/visit/", assignment.schedule, name="schedule"),
    path("audits/<str:number>/review/", review.review, name="review"),
    path("audits/<str:number>/review/take/", review.take, name="take_review"),
    path("audits/<str:number>/decision/", decision.decide, name="decide"),
    path("audits/<str:number>/decision/second/", decision.second, name="second"),
    path("audits/<str:number>/act/<slug:act>/", audit.act, name="act"),
    path("corrective-actions/", corrections.corrections, name="corrections"),
    path("corrective-actions/<uuid:pk>/", corrections.correction, name="correction"),
    path("audits/<str:number>/result/<slug:change>/", results.result, name="result"),
    path("results/", results.results, name="results"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<uuid:pk>/", alerts.alert, name="alert"),
    path("appeals/", appeals.appeals, name="appeals"),
    path("appeals/<uuid:pk>/", appeals.appeal, name="appeal"),
    path("records/", records.records, name="records"),
    path("settings/", settings.settings, name="settings"),
    path("engagements/", engagements.engagements, name="engagements"),
    path("engagements/new/", engagements.declare, name="engagement_new"),
    path("engagements/<uuid:pk>/", engagements.engagement, name="engagement"),
    path("auditors/", register.auditors, name="auditors"),
    path("standard/", register.standard, name="standard"),
]
