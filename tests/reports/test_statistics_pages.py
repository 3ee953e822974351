"""The statistics explorer as it is read: comparison, tables, files, and the results behind."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from reports.models import AuditFacts
from tests.factories import Scheme
from tests.reports.statistics import counted
from tests.reports.test_statistics import HIDDEN, answer, page

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def file(client: Client, **asked: str) -> list[list[str]]:
    response = client.get(reverse("console:statistics"), {**asked, "format": "csv"})
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it streams
    return list(csv.reader(StringIO(text)))


def test_two_groups_stand_side_by_side_with_their_difference(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, "5-7", prefecture=38)
    there = counted(scheme, 10, prefecture=13)
    AuditFacts.objects.filter(pk__in=[row.pk for row in there]).update(grade="A")
    AuditFacts.objects.filter(prefecture=38).update(grade="B")

    asked = {"prefecture": "38", "compare": "on", "b-prefecture": "13"}
    context = answer(client, scheme.owner, **asked).context
    shares, numbers = context["both"]
    assert context["panels"] == []

    rows = {row.label: cells for row, cells in shares.table.lines}
    assert rows["A判定"][:3] == ["0.0 %", "100.0 %", "+100.0 ポイント"]
    assert rows["B判定"][:3] == ["100.0 %", "0.0 %", "-100.0 ポイント"]
    # One of 84 requirements at five sites: less than a single result could move.
    assert rows["適合率"][3] == "判定結果1件の幅以内"
    assert "20.0 %" in shares.hint
    assert [row.values for row in numbers.table.rows[:2]] == [(5, 10), (5, 10)]
    filed = {line[0]: line for line in file(client, **asked, table="shares")}
    assert filed["A判定"][1:4] == ["0.0", "100.0", "100.0"]


def test_a_second_group_that_is_too_small_is_not_compared(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, prefecture=38)
    counted(scheme, 2, prefecture=13)

    response = answer(client, scheme.owner, **{"compare": "on", "b-prefecture": "13"})
    assert response.context["both"] == []
    assert HIDDEN in response.content.decode()

    response = answer(client, scheme.owner, **{"compare": "on", "b-prefecture": "1"})
    assert "比較対象の条件に合う判定結果がありません" in response.content.decode()


def test_the_second_group_is_left_alone_until_it_is_asked_for(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5)
    response = answer(client, scheme.owner, **{"b-size": "huge"})
    assert response.context["other"] is None
    assert response.context["refused"] is False
    assert answer(client, scheme.owner, **{"b-size": "huge", "compare": "on"}).context["refused"]


def test_every_picture_has_its_table_and_both_files(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 6, "5-7")
    response = answer(client, scheme.owner)
    html = response.content.decode()

    panels = response.context["panels"]
    assert len({panel.table.name for panel in panels}) == len(panels) == 8
    assert len(panels[-1].multiples) == 9
    for panel in panels:
        drawings = [drawing for _name, drawing in panel.multiples] or [panel.drawing]
        assert all(drawing.startswith("<svg") for drawing in drawings)
        assert f">{panel.table.title}</caption>" in html
        header, *lines = file(client, table=panel.table.name)
        assert len(lines) == len(panel.table.rows)
        assert all(len(line) == len(header) for line in lines)
    sheet = client.get(reverse("console:statistics"), {"table": "grades", "format": "xlsx"})
    assert b"".join(sheet.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # it streams
    assert len(html.encode()) < 150_000
    assert "暫定基準" in html


def test_a_table_that_is_not_there_is_not_found(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5)
    client.force_login(scheme.owner)
    asked = {"table": "nothing", "format": "csv"}
    assert client.get(reverse("console:statistics"), asked).status_code == 404


def test_the_map_shows_rates_or_numbers(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, "5-7", prefecture=38)
    by_rate = page(client, scheme.owner)
    by_number = page(client, scheme.owner, shade="results")
    assert "愛媛 98." in by_rate
    assert "愛媛 5" in by_number


def test_each_figure_leads_to_the_results_behind_it(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, "5-7", prefecture=38)
    counted(scheme, 5, prefecture=13)
    panels = {p.table.name: p for p in answer(client, scheme.owner).context["panels"]}

    def behind(url: str) -> int:
        response = client.get(url)
        assert response.status_code == 200
        return int(response.context["page"].paginator.count)

    categories = panels["categories"].table.rows
    assert behind(categories[4].url) == 5
    assert behind(categories[3].url) == 0
    for row in panels["prefectures"].table.rows:
        assert behind(row.url) == row.values[1]
    for row in panels["grades"].table.rows:
        assert behind(row.url) == row.values[0]
    assert sum(behind(row.url) for row in panels["severities"].table.rows) == 5


def test_the_results_behind_are_those_that_the_reader_sees(client: Client) -> None:
    ours, theirs = Scheme(), Scheme()
    (mine,) = counted(ours)
    (other,) = counted(theirs)
    client.force_login(ours.desk)
    html = client.get(reverse("console:statistics_results")).content.decode()
    assert mine.audit.number in html
    assert other.audit.number not in html
    sent = client.get(reverse("console:statistics_results"), {"format": "csv"})
    lines = b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]  # it streams
    assert len(lines) == 2


def test_it_reads_in_english_too(client: Client) -> None:
    scheme = Scheme()
    counted(scheme, 5, "5-7")
    client.force_login(scheme.owner)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    html = client.get(reverse("console:statistics")).content.decode()
    assert "Conformity by category" in html
    assert "Ehime" in html
