"""Problem documents and the navigation items."""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy

from ui.navigation import Item, current
from ui.problems import problem


def test_problem_has_the_members_of_rfc_9457() -> None:
    body = problem(
        409, "stale", gettext_lazy("Conflict"), "Somebody was faster.", instance="/a/1", version=4
    )
    assert json.loads(json.dumps(body)) == {
        "type": "urn:orime:problem:stale",
        "title": "Conflict",
        "status": 409,
        "code": "stale",
        "detail": "Somebody was faster.",
        "instance": "/a/1",
        "version": 4,
    }


def test_problem_without_detail_leaves_it_out() -> None:
    assert "detail" not in problem(404, "not_found", "Not found")


def test_navigation_marks_the_longest_beginning_at_a_segment_border() -> None:
    items = [Item("home", "/portal/"), Item("audits", "/portal/audits/"), Item("a", "/portal/a")]

    def marked(path: str) -> list[str]:
        return [str(item.label) for item in current(items, path) if item.current]

    assert marked("/portal/audits/7/") == ["audits"]
    assert marked("/portal/") == ["home"]
    assert marked("/portal/a/1/") == ["a"]
    assert marked("/portal/about/") == ["home"]
    assert marked("/console/") == []
