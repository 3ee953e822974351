"""The overview of corrective actions: what it counts, that each number leads to its list, its cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Kind
from audits.models import Audit, CorrectiveAction
from audits.services.correction_figures import standings
from audits.terms import CorrectionStatus, Escalation, Severity, Status
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_organisation, make_site

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from audits.models.corrections import CorrectiveActionQuerySet

pytestmark = [pytest.mark.django_db, pytest.mark.past_the_record]
CODES = ("5-7", "4-1", "6-14")  # unacceptable, major, minor
PAGE = "console:corrections_overview"


def rows_of(*audits: Audit) -> CorrectiveActionQuerySet:
    return CorrectiveAction.objects.filter(finding__audit__in=audits).with_gravity()


def put(audit: Audit, code: str, **fields: Any) -> None:
    """Let a corrective action stand as given."""
    CorrectiveAction.objects.filter(finding__audit=audit, finding__requirement__code=code).update(
        **fields
    )


@pytest.mark.parametrize(
    ("days", "median"), [((4,), 4), ((4, 10), 7), ((30, 4, 10), 10), ((1, 2, 3, 50), 2.5)]
)
def test_median_is_that_of_what_was_closed(
    scheme: Scheme, days: tuple[int, ...], median: float
) -> None:
    codes = ("6-14", "8-1", "8-2", "8-4")  # all of one severity
    audit = audit_at(Status.ISSUED, scheme, nonconforming=(*codes, "4-1"))
    assert audit.issued_at is not None
    for code, day in zip(codes, days, strict=False):
        closed = audit.issued_at + timedelta(days=day)
        put(audit, code, status=CorrectionStatus.CLOSED, closed_at=closed)

    found = standings(rows_of(audit))

    for place in ((None, ""), (None, Severity.MINOR), (scheme.body.pk, Severity.MINOR)):
        assert found[place].median == median
    assert found[None, Severity.MAJOR].median is None


def test_counts_by_state_severity_and_body(scheme: Scheme) -> None:
    today = timezone.localdate()
    audit = audit_at(Status.ISSUED, scheme, nonconforming=CODES)
    put(audit, "5-7", close_due_on=today - timedelta(days=9), close_escalation="secretariat")
    put(audit, "4-1", plan_due_on=today - timedelta(days=2), plan_escalation="body")
    put(
        audit, "6-14", status=CorrectionStatus.CARRIED_OVER, close_due_on=today - timedelta(days=90)
    )

    found = standings(rows_of(audit))
    everything = found[None, ""]

    assert everything.states == {"open": 2, "carried_over": 1}
    assert (everything.overdue, everything.longest) == (2, 9)
    assert everything.escalated == {Escalation.BODY: 1, Escalation.SECRETARIAT: 1}
    major = found[scheme.body.pk, Severity.MAJOR]
    assert (major.states, major.overdue, major.longest) == ({"open": 1}, 1, 2)
    assert found[None, Severity.MINOR].overdue == 0


def test_each_number_leads_to_a_list_of_as_many(scheme: Scheme) -> None:
    today = timezone.localdate()
    audit = audit_at(Status.ISSUED, scheme, nonconforming=CODES)
    audit_at(Status.ISSUED, Scheme(), nonconforming=CODES)  # not theirs
    put(audit, "5-7", plan_due_on=today - timedelta(days=9), plan_escalation="secretariat")
    put(audit, "4-1", close_due_on=today - timedelta(days=1), close_escalation="body")
    put(audit, "6-14", repeat_since=today, repeat_audits=["JASTI-2020-0001"])
    client = client_of(scheme.coordinator)

    for query in ("", "?repeat=on", f"?q={audit.number}", f"?issued_from={today}"):
        context = client.get(reverse(PAGE) + query).context
        lines = [*context["totals"], *(line for _body, rows in context["bodies"] for line in rows)]
        cells = [cell for line in lines for cell in (*line.states, line.overdue, *line.escalated)]
        counted = [cell for cell in cells if cell.number]
        assert counted, query
        for cell in counted:
            listed = client.get(cell.url).context["page"].paginator.count
            assert listed == cell.number, cell.url
    tomorrow = today + timedelta(days=1)
    assert client.get(f"{reverse(PAGE)}?issued_from={tomorrow}").context["totals"] == []


def test_download_has_a_line_for_each_body_and_severity(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=CODES)
    answer = client_of(scheme.desk).get(f"{reverse(PAGE)}?format=csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").strip().splitlines()  # type: ignore[attr-defined]  # streams

    assert len(lines) == 1 + len(CODES)
    assert all(line.count(",") == lines[0].count(",") for line in lines)


@pytest.mark.parametrize("count", [1, 3])
def test_overview_needs_no_more_queries_for_more_bodies(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bodies = [make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat) for _one in range(3)]
    for body in bodies[:count]:
        audit = audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))
        Audit.objects.filter(pk=audit.pk).update(body=body)
    client = client_of(scheme.coordinator)
    with django_assert_num_queries(9):
        shown = client.get(reverse(PAGE))
    assert len(shown.context["bodies"]) == count
