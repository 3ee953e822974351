"""Fieldwork with a finger on a tablet: large targets, no sideways scrolling, nothing behind the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from reports.demo.sign_ins import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Stack
    from tests.browser.people import Person

pytestmark = pytest.mark.browser

FIND = """
from audits.models import TeamMember
place = TeamMember.objects.filter(
    auditor__user__email="{email}", function="lead", audit__status="{status}"
).first()
print(place.audit.number)
"""
# Of an audit under way, and of one whose report is being written.
PAGES = (
    "fieldwork/", "fieldwork/?show=mine", "fieldwork/5-4/", "fieldwork/6-13/",
    "fieldwork/6-13/wordings/?judgement=nonconforming", "documents/", "interviews/", "closing/",
    "check/", "workbook/", "division/",
)  # fmt: skip
# Everything that can be pressed and is lower or narrower than 44 px. Left out are links within
# sentences, and the cells of the weave, beside which the same leads from the list (WCAG 2.5.5).
SMALL = """
() => {
    const found = [];
    const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    for (const each of document.querySelectorAll(pressed)) {
        if (each.closest("svg, .skip, dialog:not([open])")) continue;
        if (!each.checkVisibility({ visibilityProperty: true })) continue;
        let box = each.getBoundingClientRect();
        const label = each.matches("[type=radio], [type=checkbox], [type=file]") && each.labels[0];
        if (label) {
            const around = label.getBoundingClientRect();
            box = box.height > around.height ? box : around;
        }
        if (!box.width || !box.height) continue;
        if (each.matches("a") && getComputedStyle(each).display === "inline") {
            const text = each.closest("p, li, dd, td, th, figcaption")?.innerText.trim() || "";
            if (text.length > each.innerText.trim().length + 3) continue;
        }
        if (Math.min(box.width, box.height) < 43.5) {
            const size = `${Math.round(box.width)}x${Math.round(box.height)}`;
            found.push(`${size} ${each.outerHTML.slice(0, 120)}`);
        }
    }
    return found;
}
"""
# The narrowest cell of the weave: 44 px would be too much for 22 in a row, 24 px are not (2.5.8).
CELL = """
() => Math.min(...Array.from(
    document.querySelectorAll(".side-weave a .w-area"), (each) => each.getBoundingClientRect().width
))
"""
# What is hidden behind the bar of a card when it has the focus, but for a strip to press.
HIDDEN = """
() => {
    const bar = document.querySelector(".req > footer");
    const found = [];
    const focused = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    for (const each of document.querySelectorAll(`#card :is(${focused})`)) {
        if (bar.contains(each) || !each.checkVisibility({ visibilityProperty: true })) continue;
        each.focus();
        if (document.activeElement !== each) continue;
        const box = each.getBoundingClientRect();
        const top = bar.getBoundingClientRect().top;
        if (top - box.top < Math.min(box.height, 44) && box.top < bar.getBoundingClientRect().bottom)
            found.push(each.outerHTML.slice(0, 120));
    }
    return found;
}
"""


def number_of(stack: Stack, status: str) -> str:
    found = stack.manage(
        "shell", "-v", "0", "-c", FIND.format(email=address("lead"), status=status)
    )
    return found.splitlines()[-1]


def is_for_fingers(page: Page) -> None:
    assert page.evaluate(SMALL) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, page.url


def test_fieldwork_can_be_done_with_a_finger(stack: Stack, person: Callable[[str], Person]) -> None:
    lead = person("lead")
    page = lead.page
    page.set_viewport_size({"width": 820, "height": 1180})
    audit = f"/portal/audits/{number_of(stack, 'fieldwork')}/"
    for path in PAGES:
        lead.go(audit + path)
        is_for_fingers(page)
        if page.locator(".side-weave").count():
            assert page.evaluate(CELL) >= 24
    lead.go(f"/portal/audits/{number_of(stack, 'drafting')}/signature/")
    is_for_fingers(page)
    lead.go(audit + "tablet/")
    page.wait_for_selector("body[data-tablet=ready]")
    is_for_fingers(page)
    expect(page.locator("[data-show=mine]")).to_be_visible()
    assert lead.faults == []


def test_nothing_that_has_the_focus_is_behind_the_bar(
    stack: Stack, person: Callable[[str], Person]
) -> None:
    lead = person("lead")
    page = lead.page
    page.set_viewport_size({"width": 820, "height": 1180})
    lead.go(f"/portal/audits/{number_of(stack, 'fieldwork')}/fieldwork/6-13/")
    page.check("[name=judgement][value=nonconforming]", force=True)
    page.click(".wordings-part a")
    page.wait_for_selector("#wordings > *")
    is_for_fingers(page)
    assert page.locator(".req > footer").evaluate("bar => getComputedStyle(bar).position") == (
        "sticky"
    )
    assert page.evaluate(HIDDEN) == []
    assert lead.faults == []
