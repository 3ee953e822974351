"""The console's first page: whose figures, what is hidden, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from audits.models import CorrectiveAction, Result
from audits.terms import Severity, Status
from reports.models import AuditFacts, Figure, FigureEntry
from reports.services import figures, overview
from tests.factories import Scheme, audit_at, make_site

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User
    from audits.models import Audit

pytestmark = pytest.mark.django_db
QUERIES = 15


def issued(scheme: Scheme, *codes: str) -> Audit:
    site = make_site(scheme.supplier)
    audit = audit_at(Status.ISSUED, scheme, site=site, nonconforming=codes)
    for entry in FigureEntry.objects.pending():
        figures.apply_entry(entry.pk)
    return audit


def page(client: Client, user: User, **asked: str) -> str:
    client.force_login(user)
    response = client.get(reverse("console:home"), asked)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_dashboard_costs_the_same_for_one_audit_and_for_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scheme = Scheme()
    for count in (1, 2):
        for _each in range(count):
            issued(scheme, "5-7")
            audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
        page(client, scheme.coordinator)
        with django_assert_num_queries(QUERIES):
            client.get(reverse("console:home"))


def test_without_a_result_it_says_so_and_shows_what_is_under_way(client: Client) -> None:
    scheme = Scheme()
    audit = audit_at(Status.IN_REVIEW, scheme)

    html = page(client, scheme.owner)

    assert "まだ集計された判定結果がありません" in html
    assert audit.number in html


def test_owner_and_observers_read_the_scheme_the_others_their_own(client: Client) -> None:
    ours, theirs = Scheme(), Scheme()
    issued(ours)
    issued(theirs)
    issued(theirs)

    def counted(user: User) -> int:
        client.force_login(user)
        return int(client.get(reverse("console:home")).context["issued"])

    assert counted(ours.owner) == counted(ours.observer) == 3
    assert counted(ours.coordinator) == counted(ours.desk) == 1
    assert counted(theirs.coordinator) == counted(theirs.desk) == 2


def test_it_is_not_for_suppliers_brands_and_auditors(client: Client) -> None:
    scheme = Scheme()
    for user in (scheme.manager, scheme.brand_user, scheme.lead.user):
        client.force_login(user)
        assert client.get(reverse("console:home")).status_code == 403


def test_rates_are_hidden_below_five_sites(client: Client) -> None:
    scheme = Scheme()
    for _each in range(4):
        issued(scheme, "5-7")
    assert "非表示" in page(client, scheme.owner)
    assert overview_rate(scheme.owner) is None

    issued(scheme, "5-7")

    assert overview_rate(scheme.owner) == 0.0
    assert overview_rate(scheme.coordinator) == 0.0


def overview_rate(user: User, code: str = "5-7") -> float | None:
    scope, (standard, *_older) = overview.scope_of(user), overview.standards_with_figures(user)
    rows = overview.conformity(user, scope, standard)
    return next(r.rate for c in rows for r in c.requirements if r.requirement.code == code)


def test_five_audits_of_one_site_are_still_one_site() -> None:
    scheme = Scheme()
    for _each in range(5):
        issued(scheme)
    # Rotation of leads keeps the scheme's people from auditing one site so often.
    AuditFacts.objects.update(site=scheme.site)

    assert Figure.objects.get(dimension="total", requirement__code="5-7").conforming == 5
    assert overview_rate(scheme.owner) is None


def test_late_corrective_actions_and_renewals_are_counted(client: Client) -> None:
    scheme = Scheme()
    audit = issued(scheme, "5-7")
    today = timezone.localdate()
    CorrectiveAction.objects.filter(finding__audit=audit).update(plan_due_on=today - timedelta(1))
    Result.objects.filter(audit=audit).update(renewal_due_on=today + timedelta(30))
    client.force_login(scheme.owner)

    context = client.get(reverse("console:home")).context

    assert context["overdue"]["total"] == 1
    severity = audit.findings.get(requirement__code="5-7").requirement.severity
    assert (Severity(severity).label, 1) in context["overdue"]["rows"]
    assert context["renewals"] == {"total": 1, "late": 0}


def test_every_picture_has_its_table_and_provisional_criteria_are_named(client: Client) -> None:
    scheme = Scheme()
    for _each in range(5):
        issued(scheme, "5-7")

    html = page(client, scheme.owner)

    assert html.count("<svg") - html.count('aria-hidden="true"') >= 5
    for caption in ("区分ごとの適合率", "要求事項ごとの適合率", "状態別の監査", "判定別の結果"):
        assert f">{caption}</caption>" in html
    assert "暫定基準" in html
    assert len(html.encode()) < 150_000


def test_an_unknown_version_shows_the_newest(client: Client) -> None:
    scheme = Scheme()
    assert scheme.standard.title_ja in page(client, scheme.owner, standard="1999")


def test_the_command_finds_wrong_rows_and_mends_them(capsys: pytest.CaptureFixture[str]) -> None:
    issued(Scheme(), "5-7")
    call_command("rebuild_figures", verify=True)
    Figure.objects.filter(dimension="total", requirement__code="5-7").update(nonconforming=7)

    with pytest.raises(CommandError, match="1 rows"):
        call_command("rebuild_figures", verify=True)
    assert "nonconforming +6" in capsys.readouterr().err

    call_command("rebuild_figures")
    call_command("rebuild_figures", verify=True)
    assert "The figures are right." in capsys.readouterr().out
