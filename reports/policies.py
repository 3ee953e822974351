"""Who may do what with reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import policies as accounts
from accounts.terms import Kind
from audits import policies as audits
from audits.terms import Actor
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit

# Who writes corrective actions, checks them, or answers for the scheme.
PLANNING = (Actor.SUPPLIER, Actor.BODY, Actor.SECRETARIAT, Actor.LEAD, Actor.OWNER)


def retries_reports(user: User, audit: Audit) -> bool:
    """Say whether the user may have a failed report of the audit printed again."""
    return (
        accounts.administers_scheme(user)
        or accounts.coordinates(user, audit.secretariat_id)
        or accounts.coordinates(user, audit.body_id)
    )


def reads_consents(user: User) -> bool:
    """Say whether receipts of consent concern the user: suppliers, brands, and who sees every supplier."""
    return bool(
        accounts.organisation_ids(user, Kind.SUPPLIER)
        or accounts.organisation_ids(user, Kind.BRAND)
        or suppliers.reads_every_supplier(user)
    )


def reads_submissions(user: User, audit: Audit) -> bool:
    """Say whether submission papers of the audit concern the user: its supplier, secretariat, the owner."""
    return (
        accounts.is_scheme_owner(user)
        or accounts.holds(user, audit.site.supplier.organisation_id)
        or accounts.holds(user, audit.secretariat_id)
    )


def reads_plans(user: User) -> bool:
    """Say whether papers of corrective action plans concern the user: all but brands."""
    return not accounts.organisation_ids(user, Kind.BRAND)


def makes_plans(user: User, audit: Audit) -> bool:
    """Say whether the user may have the corrective action plan made: whoever plans or checks it."""
    return not audits.capacities(user, audit).isdisjoint(PLANNING)
