"""How far a permission reaches: results still to come, and results without a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audits.models import Audit, CorrectiveAction, Finding, Result
from audits.terms import GradeLetter, Status
from suppliers.models import SharingGrant
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def seen(scheme: Scheme) -> tuple[int, int, int, int]:
    """Count what the brand's person sees: audits, results, findings, corrective actions."""
    user = scheme.brand_user
    return (
        Audit.objects.visible_to(user).count(),
        Result.objects.visible_to(user).count(),
        Finding.objects.visible_to(user).count(),
        CorrectiveAction.objects.visible_to(user).count(),
    )


def test_permission_for_what_exists_does_not_reach_what_is_issued_later(scheme: Scheme) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL, future=False, ungraded=False)
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    assert seen(scheme) == (0, 0, 0, 0)

    SharingGrant.objects.all().delete()
    make_grant(scheme.site, scheme.brand, Level.FULL, future=False, ungraded=False)
    assert seen(scheme) == (1, 1, 84, 1)


def test_standing_permission_reaches_what_is_issued_later(scheme: Scheme) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL, future=True, ungraded=False)
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))

    assert seen(scheme) == (1, 1, 84, 1)


def test_no_grade_is_shown_only_where_the_supplier_says_so(scheme: Scheme) -> None:
    grant = make_grant(scheme.site, scheme.brand, Level.FULL, ungraded=False)
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    Result.objects.filter(audit=audit).update(grade=GradeLetter.NONE)
    assert seen(scheme) == (0, 0, 0, 0)

    SharingGrant.objects.filter(pk=grant.pk).update(ungraded=True)
    assert seen(scheme) == (1, 1, 84, 1)


def test_newest_revision_decides_whether_there_is_a_grade(scheme: Scheme) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL, ungraded=False)
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    first = audit.results.get()
    Result.objects.filter(pk=first.pk).update(grade=GradeLetter.NONE, status="superseded")
    first.pk, first.revision, first.number = None, 2, f"{audit.number}-2"
    first.verification_code, first.grade, first._state.adding = "ZZZZ22223333", "B", True
    first.save()

    assert seen(scheme) == (1, 1, 84, 1)
    assert Result.objects.visible_to(scheme.brand_user).get().revision == 2


def test_reach_costs_no_further_query(
    scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL, ungraded=False)
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    list(Audit.objects.visible_to(scheme.brand_user))  # reads the person's memberships
    with django_assert_num_queries(1):
        list(Result.objects.visible_to(scheme.brand_user))
