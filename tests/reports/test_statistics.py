"""The statistics explorer: which results are counted, what is hidden, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from reports.figures import Step
from reports.models import AuditFacts
from reports.services import overview
from reports.services.statistics import Selection, summaries, summary
from tests.factories import Scheme
from tests.reports.statistics import counted

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User

pytestmark = pytest.mark.django_db
QUERIES = 25
HIDDEN = "5事業所未満"


def answer(client: Client, user: User, **asked: str) -> Any:
    client.force_login(user)
    response = client.get(reverse("console:statistics"), asked)
    assert response.status_code == 200
    return response


def page(client: Client, user: User, **asked: str) -> str:
    return str(answer(client, user, **asked).content.decode())


def test_it_costs_the_same_for_one_result_and_for_thirty(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scheme = Scheme()
    costs = []
    for number in (5, 30):
        facts = counted(scheme, number, "5-7")
        AuditFacts.objects.filter(pk__in=[row.pk for row in facts[::2]]).update(month="2026-01")
        for asked in ({}, {"compare": "on", "b-kind": "initial", "b-prefecture": "38"}):
            answer(client, scheme.owner, **asked)
            with django_assert_max_num_queries(QUERIES) as queries:
                client.get(reverse("console:statistics"), asked)
            costs.append(len(queries))
    assert costs[:2] == costs[2:]


def test_the_list_behind_costs_the_same_for_one_and_for_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scheme = Scheme()
    client.force_login(scheme.owner)
    for number in (1, 6):
        counted(scheme, number)
        client.get(reverse("console:statistics_results"))
        with django_assert_num_queries(8):
            client.get(reverse("console:statistics_results"))


def test_without_a_result_it_says_what_to_do(client: Client) -> None:
    html = page(client, Scheme().owner)

    assert "まだ集計された判定結果がありません" in html
    assert f'href="{reverse("console:board")}"' in html


def test_each_condition_narrows_and_several_narrow_together() -> None:
    scheme = Scheme()
    here = counted(scheme, 3, "5-7", prefecture=38, processes=["weaving"])
    counted(scheme, 2, prefecture=13, processes=["dyeing", "sewing"])
    AuditFacts.objects.filter(pk=here[0].pk).update(month="2026-01", size="1-9", kind="renewal")
    AuditFacts.objects.update(grade="B")
    AuditFacts.objects.filter(pk=here[1].pk).update(month="2026-03", grade="none")
    scope = overview.scope_of(scheme.owner)

    def results(**conditions: Any) -> int:
        return summary(Selection(scheme.standard, **conditions).facts(scope)).results

    assert results() == 5
    assert results(prefecture=38) == 3
    assert results(process="dyeing") == 2
    assert results(process="sew") == 0
    assert results(size="1-9") == 1
    assert results(kind="renewal") == 1
    assert results(grade="none") == 1
    assert results(since="2026-01", until="2026-01") == 1
    assert results(since="2026-01", until="2026-03") == 2
    assert results(until="2026-02") == 1
    assert results(body=scheme.body.pk) == results(secretariat=scheme.secretariat.pk) == 5
    assert results(body=Scheme().body.pk) == 0
    assert results(prefecture=38, until="2026-03", grade="none") == 1


def test_the_sums_are_those_of_the_rows() -> None:
    scheme = Scheme()
    rows = counted(scheme, 5, "5-7")
    scope = overview.scope_of(scheme.owner)

    whole = summary(Selection(scheme.standard).facts(scope))

    assert (whole.results, whole.sites) == (5, 5)
    assert whole.tally.conforming == sum(row.conforming for row in rows)
    assert whole.tally.nonconforming == 5
    assert whole.categories[5].tally.nonconforming == 5
    assert whole.categories[4].rate == 1.0
    assert sum(whole.grades.values()) == 5
    days = [row.days_total for row in rows if row.days_total is not None]
    assert whole.days[Step.TOTAL] == sum(days) / len(days)
    assert list(summaries(Selection(scheme.standard).facts(scope), "prefecture")) == [38]


def test_of_a_place_that_was_registered_twice_one_is_counted() -> None:
    scheme = Scheme()
    first, second, *_others = counted(scheme, 5)
    second.site.merged_into = first.site
    second.site.save()

    whole = summary(Selection(scheme.standard).facts(overview.scope_of(scheme.owner)))

    assert (whole.sites, whole.shown, whole.rate) == (4, False, None)


def test_owner_and_observers_read_all_the_others_their_own(client: Client) -> None:
    ours, theirs = Scheme(), Scheme()
    counted(ours, 5)
    counted(theirs, 6)

    def results(user: User) -> int:
        return int(answer(client, user).context["reading"].whole.results)

    assert results(ours.owner) == results(ours.observer) == 11
    assert results(ours.coordinator) == results(ours.desk) == 5
    # What belongs to others cannot be asked for either.
    asked = {"body": str(theirs.body.pk)}
    refused = answer(client, ours.desk, **asked)
    assert refused.context["reading"].whole.results == 5
    assert refused.context["form"].errors


def test_below_five_sites_nothing_is_shown_and_the_page_says_so(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 4, "5-7")
    response = answer(client, scheme.owner)
    assert HIDDEN in response.content.decode()
    assert response.context["panels"] == []
    files = client.get(reverse("console:statistics"), {"table": "grades", "format": "csv"})
    assert files.status_code == 404

    counted(scheme)

    assert len(answer(client, scheme.owner).context["panels"]) == 8


def test_small_groups_are_hidden_in_the_page_and_in_the_files(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, prefecture=38)
    counted(scheme, 3, prefecture=13)
    panels = {p.table.name: p for p in answer(client, scheme.owner).context["panels"]}

    rows = {row.label: cells for row, cells in panels["prefectures"].table.lines}
    assert rows["愛媛県"][1:] == ["5", "5"]
    assert rows["東京都"] == ["非表示"] * 3
    assert "東京 非表示" in panels["prefectures"].drawing
    assert ">京都</text>" in panels["prefectures"].drawing
    filed = {line[0]: line[1:] for line in panels["prefectures"].table.filed}
    assert filed["東京都"] == ["非表示"] * 3


def test_a_wrong_value_gets_its_sentence_and_the_rest_still_counts(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, prefecture=38)
    counted(scheme, 5, prefecture=13)
    wrong = {"prefecture": "38", "since": "April", "size": "huge", "standard": "1999"}

    response = answer(client, scheme.owner, **wrong)
    html = response.content.decode()

    assert set(response.context["form"].errors) == {"since", "size", "standard"}
    assert response.context["reading"].selection.standard == scheme.standard
    assert response.context["reading"].whole.results == 5
    assert 'value="April"' in html
    assert "使えない条件" in html


def test_a_period_that_ends_before_it_begins_is_refused(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5)
    response = answer(client, scheme.owner, since="2026-05", until="2026-04")
    assert set(response.context["form"].errors) == {"until"}


@pytest.mark.parametrize(
    ("asked", "medians"),
    [
        ({}, True),
        ({"prefecture": "38"}, True),
        ({"process": "weaving"}, True),
        ({"since": "2020-01"}, True),
        ({"until": "2120-01", "since": "2020-01"}, True),
        ({"prefecture": "38", "process": "weaving"}, False),
        ({"grade": "none"}, False),
    ],
)
def test_one_condition_is_read_from_the_counters(
    client: Client, asked: dict[str, str], medians: bool
) -> None:
    scheme = Scheme()
    counted(scheme, 5, "5-7", prefecture=38)
    AuditFacts.objects.update(grade="none")

    reading = answer(client, scheme.owner, **asked).context["reading"]

    assert reading.medians is medians
    assert (reading.requirements is not None) is medians
    if medians:
        sums = [category.tally for category in reading.requirements]
        assert sum(row.nonconforming for row in sums) == reading.whole.tally.nonconforming == 5
        assert sum(row.conforming for row in sums) == reading.whole.tally.conforming


def test_a_secretariat_reads_its_own_counters_only_without_a_condition(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5)
    counted(Scheme(), 5)
    reading = answer(client, scheme.coordinator).context["reading"]
    assert sum(row.tally.conforming for row in reading.requirements) == (
        reading.whole.tally.conforming
    )
    narrowed = answer(client, scheme.coordinator, prefecture="38").context["reading"]
    assert narrowed.requirements is None
    assert narrowed.whole.results == 5
