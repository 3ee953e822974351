"""Pages of the supplier, and the brand person's page."""

from __future__ import annotations

from django.urls import path

from audits.portal.supplier import (
    appeals,
    application,
    audits,
    brand_view,
    changes,
    correction_sites,
    corrections,
    documents,
    facts,
    readiness,
    result,
    routes,
    shared,
    sites,
    team,
    ties,
)

AUDIT = "our-audits/<str:number>/"

urlpatterns = [
    path("sites/", sites.list_sites, name="sites"),
    path("sites/<uuid:pk>/", sites.show_site, name="site"),
    path("sites/<uuid:pk>/as-a-brand/", brand_view.preview, name="sharing_preview"),
    path("sites/<uuid:pk>/readiness/", readiness.show_readiness, name="readiness"),
    path(
        "sites/<uuid:pk>/readiness/<int:number>/",
        readiness.show_category,
        name="readiness_category",
    ),
    path("sites/<uuid:pk>/readiness/print/", readiness.print_readiness, name="readiness_print"),
    path("sites/<uuid:pk>/readiness/clear/", readiness.clear_readiness, name="readiness_clear"),
    path("sites/<uuid:pk>/changes/", changes.list_changes, name="our_changes"),
    path("sites/<uuid:pk>/changes/new/", changes.declare, name="our_change_new"),
    path("sites/<uuid:pk>/changes/hints/", changes.show_hints, name="change_hints"),
    path("apply/", application.open_draft, name="apply"),
    path("our-audits/", audits.list_audits, name="our_audits"),
    path(AUDIT, audits.show_audit, name="our_audit"),
    path(f"{AUDIT}apply/", application.edit_wishes, name="apply_wishes"),
    path(f"{AUDIT}apply/profile/", application.edit_profile, name="apply_profile"),
    path(f"{AUDIT}apply/documents/", application.edit_documents, name="apply_documents"),
    path(f"{AUDIT}apply/terms/", application.accept_terms, name="apply_terms"),
    path(f"{AUDIT}apply/route/", routes.choose_route, name="apply_route"),
    path(f"{AUDIT}apply/check/", application.check_and_submit, name="apply_check"),
    path(f"{AUDIT}withdraw/", application.withdraw, name="our_withdraw"),
    path(f"{AUDIT}team/", team.show_team, name="our_team"),
    path(f"{AUDIT}team/agree/", team.agree, name="our_team_agree"),
    path(f"{AUDIT}documents/", documents.list_documents, name="our_documents"),
    path(f"{AUDIT}documents/<str:key>/", documents.show_document, name="our_document"),
    path(f"{AUDIT}facts/", facts.check_facts, name="facts"),
    path(f"{AUDIT}facts/accept/", facts.accept_facts, name="facts_accept"),
    path(f"{AUDIT}result/", result.show_result, name="our_result"),
    path(f"{AUDIT}inputs/<int:revision>/", result.inputs, name="our_result_inputs"),
    path(f"{AUDIT}appeal/", appeals.show_appeal, name="our_appeal"),
    path("our-corrections/", corrections.list_actions, name="our_corrections"),
    path("our-corrections/sites/", correction_sites.all_sites, name="our_correction_sites"),
    path("our-corrections/<uuid:pk>/copy/", corrections.copy_to_others, name="our_plan_copy"),
    path("our-corrections/<uuid:pk>/", corrections.show_action, name="our_correction"),
    path("advisers/", ties.list_ties, name="our_ties"),
    path("advisers/new/", ties.declare_tie, name="our_tie_new"),
    path("advisers/<uuid:pk>/", ties.end_tie, name="our_tie"),
    path("shared/", shared.list_shared, name="shared"),
    path("shared/<uuid:pk>/", brand_view.shared_site, name="shared_site"),
]
