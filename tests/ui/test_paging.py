"""Paging: bounded, forgiving, keeping the other parameters."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from ui.paging import MAX_PER_PAGE, paginate


@pytest.mark.parametrize(
    ("query", "number", "length"),
    [
        ("", 1, 50),
        ("page=2", 2, 50),
        ("page=99999", 20, 50),
        ("page=-3", 20, 50),
        ("page=x", 1, 50),
        ("page=" + "9" * 5000, 20, 50),
        ("per_page=10", 1, 10),
        ("per_page=0", 1, 50),
        ("per_page=-1", 1, 50),
        ("per_page=999", 1, MAX_PER_PAGE),
        ("per_page=" + "9" * 5000, 1, 50),
        ("per_page=²", 1, 50),
    ],
)
def test_paginate_takes_any_address(query: str, number: int, length: int) -> None:
    page = paginate(RequestFactory().get(f"/?{query}"), list(range(1000)))
    assert (page.number, len(page)) == (number, length)


def test_paginate_an_empty_list_has_one_empty_page() -> None:
    page = paginate(RequestFactory().get("/"), [])
    assert list(page) == []
    assert page.numbers == [1]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, [1, 2, None, 19, 20]),
        (4, [1, 2, 3, 4, 5, None, 19, 20]),
        (10, [1, 2, None, 9, 10, 11, None, 19, 20]),
        (20, [1, 2, None, 19, 20]),
    ],
)
def test_page_numbers_leave_out_the_far_ones(number: int, expected: list[int | None]) -> None:
    request = RequestFactory().get(f"/?page={number}")
    assert paginate(request, list(range(1000))).numbers == expected


def test_pager_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/?q=タオル&page=2")
    page = paginate(request, list(range(1234)))
    with translation.override("en"):
        html = render_to_string("ui/parts/pager.html", {"page": page}, request)
    assert "51–100 of 1,234" in html
    assert "q=%E3%82%BF%E3%82%AA%E3%83%AB&amp;page=3" in html
    assert 'aria-current="page">2<' in html
