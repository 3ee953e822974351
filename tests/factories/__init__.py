"""Typed, plain factories: `make_*` returns a saved row, `audit_at` walks an audit to a state."""

from __future__ import annotations

from tests.factories.auditors import make_auditor, make_engagement
from tests.factories.corrections import correct, plan_for, show
from tests.factories.people import make_organisation, make_user
from tests.factories.pictures import picture
from tests.factories.standards import make_next_standard, make_standard, next_catalogue, shipped
from tests.factories.suppliers import make_grant, make_profile, make_site, make_supplier
from tests.factories.walks import (
    PATH,
    STEPS,
    Scheme,
    answer_offers,
    audit_at,
    finish_visit,
    hear_some,
    hold_closing,
    judge_all,
    open_draft,
)

__all__ = [
    "PATH",
    "STEPS",
    "Scheme",
    "answer_offers",
    "audit_at",
    "correct",
    "finish_visit",
    "hear_some",
    "hold_closing",
    "judge_all",
    "make_auditor",
    "make_engagement",
    "make_grant",
    "make_next_standard",
    "make_organisation",
    "make_profile",
    "make_site",
    "make_standard",
    "make_supplier",
    "make_user",
    "next_catalogue",
    "open_draft",
    "picture",
    "plan_for",
    "shipped",
    "show",
]
