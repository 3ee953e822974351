"""Problem documents and the navigation items."""

from __future__ import annotations

import json

from django.utils.functional import lazystr

from ui.navigation import Group, Item, bar
from ui.problems import problem


def test_problem_has_the_members_of_rfc_9457() -> None:
    body = problem(
        409, "stale", lazystr("Stale"), "Somebody was faster.", instance="/a/1", version=4
    )
    assert json.loads(json.dumps(body)) == {
        "type": "urn:orime:problem:stale",
        "title": "Stale",
        "status": 409,
        "code": "stale",
        "detail": "Somebody was faster.",
        "instance": "/a/1",
        "version": 4,
    }


def test_problem_without_detail_leaves_it_out() -> None:
    assert "detail" not in problem(404, "not_found", "Not found")


def marked(path: str) -> list[str]:
    nouns = [
        ("", [Item("home", "/portal/"), Item("audits", "/portal/audits/")]),
        ("more", [Item("a", "/portal/a"), Item("b", "/portal/b/")]),
    ]
    return [str(entry.label) for entry in bar(nouns, path) if entry.current]


def test_navigation_marks_the_longest_beginning_at_a_segment_border() -> None:
    assert marked("/portal/audits/7/") == ["audits"]
    assert marked("/portal/") == ["home"]
    assert marked("/portal/about/") == ["home"]
    assert marked("/console/") == []


def test_a_noun_is_marked_with_its_entry() -> None:
    assert marked("/portal/a/1/") == ["more"]


def test_a_noun_with_one_entry_or_without_a_label_is_no_menu() -> None:
    one, two = Item("one", "/1/"), Item("two", "/2/")
    assert bar([("noun", [one])], "/") == [one]
    assert bar([("", [one, two])], "/") == [one, two]
    assert bar([("noun", [one, two]), ("other", [])], "/") == [Group("noun", (one, two))]
