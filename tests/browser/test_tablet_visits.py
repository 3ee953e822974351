"""A whole visit in a hall without signal, with the tablet switched off in between."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from reports.demo.sign_ins import PASSWORD, address
from tests.browser.tablets import (
    FIND,
    NAME,
    Tablet,
    ask,
    assert_arrived,
    at,
    camera,
    judge_by_keys,
    open_card,
    other_judgements,
    ready,
    receipts,
    stored,
    take_along,
    take_photos,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

    from tests.browser.conftest import Stack

pytestmark = pytest.mark.browser
PHOTOS = 12
# With a network again, everything has to be on the server within a minute.
SOON = 60

COLLEAGUE = """
from audits.models import Audit
from audits.services.fieldwork import save_finding
audit = Audit.objects.get(number="{number}")
colleague = audit.team.exclude(auditor__user__email="{email}").filter(answer="accepted")[0]
for finding in audit.findings.filter(requirement__code__in={codes}):
    save_finding(
        actor=colleague.auditor.user, finding=finding, version=finding.version,
        report_text="{text}", working_note="覚え {text}", reason="理由 {text}",
    )
"""


@pytest.fixture
def tablet(
    stack: Stack,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> Iterator[Tablet]:
    found = Tablet(playwright, browser_type_launch_args, stack, tmp_path / "profile")
    yield found
    found.switch_off()
    found.wire.cut()


@pytest.fixture
def number(stack: Stack) -> str:
    return ask(stack, FIND)


def visit(
    tablet: Tablet,
    number: str,
    before: dict[str, Any],
    photos: list[bytes],
    *,
    stay: bool = True,
) -> tuple[Page, list[str]]:
    """Judge everything and take all photos without a network; the tablet is off in between."""
    lead = tablet.switch_on()
    lead.sign_in(NAME, stay=stay)
    page = take_along(lead, number)
    codes = page.locator(".lines .line code").all_inner_texts()
    wanted = other_judgements(before["findings"])
    assert set(codes) == set(wanted)
    has = Counter(row["code"] for row in before["photos"])
    half, some = len(codes) // 2, len(photos) // 2
    tablet.cut()
    judge_by_keys(page, wanted, codes[:half])
    take_photos(page, min(codes[:half], key=has.__getitem__), photos[:some])

    tablet.switch_off()
    page = tablet.switch_on().page
    page.goto(f"/portal/audits/{number}/fieldwork/")
    # Without a network the fieldwork page leads to what the tablet has.
    assert page.url.endswith(f"/{number}/tablet/")
    ready(page)
    expect(page.locator(".cell.is-waiting")).to_have_count(half)
    judge_by_keys(page, wanted, codes[half:])
    take_photos(page, min(codes[half:], key=has.__getitem__), photos[some:])
    expect(page.locator(".cell.is-waiting")).to_have_count(len(codes))
    return page, codes


def test_visit_reaches_the_server_once_within_a_minute(
    stack: Stack, tablet: Tablet, number: str
) -> None:
    before = stored(stack, number)
    wanted = other_judgements(before["findings"])
    photos = [camera(before["kept"] + place) for place in range(PHOTOS)]
    page, codes = visit(tablet, number, before, photos)
    assert stored(stack, number)["findings"] == before["findings"]

    start = time.monotonic()
    tablet.mend()
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=SOON * 1000)
    took = time.monotonic() - start
    assert took < SOON

    after = stored(stack, number)
    assert {code: row["judgement"] for code, row in after["findings"].items()} == wanted
    for code, row in after["findings"].items():
        assert row["version"] == before["findings"][code]["version"] + 1, code
    assert after["kept"] == before["kept"] + len(codes) + PHOTOS
    assert_arrived(photos, before, after, receipts(stack, page))
    assert tablet.faults == []


def test_what_a_colleague_changed_meanwhile_is_decided_field_by_field(
    stack: Stack, tablet: Tablet, number: str
) -> None:
    before = stored(stack, number)
    wanted = other_judgements(before["findings"])
    photos = [camera(before["kept"] + place) for place in range(PHOTOS)]
    page, codes = visit(tablet, number, before, photos, stay=False)
    both = codes[10:15]
    text = f"同僚の文 {before['kept']}"
    ask(stack, COLLEAGUE, number=number, codes=repr(both), text=text)

    tablet.mend()
    # This sign-in ended with the browser: what was kept waits for the next one.
    at(page, "sign-in").click()
    page.fill("[name=login]", address(NAME))
    page.fill("[name=password]", PASSWORD)
    page.click("form.card button.primary")
    page.wait_for_url(f"**/{number}/tablet/**")
    ready(page)
    expect(at(page, "summary")).to_have_attribute("data-state", "failed", timeout=SOON * 1000)
    expect(page.locator(".cell.is-conflict")).to_have_count(len(both))
    expect(page.locator(".cell.is-waiting")).to_have_count(0, timeout=SOON * 1000)
    theirs = stored(stack, number)
    for code, row in theirs["findings"].items():
        if code in both:
            # What the colleague wrote stands until somebody has chosen.
            assert row["report_text"] == text
            assert row["judgement"] == before["findings"][code]["judgement"]
        else:
            assert row["judgement"] == wanted[code], code

    # Mine, theirs, and some of each.
    choices = [
        {"judgement": "mine", "report_text": "mine", "working_note": "mine", "reason": "mine"},
        {"judgement": "theirs", "report_text": "theirs", "working_note": "theirs", "reason": "theirs"},
        {"judgement": "mine", "report_text": "theirs", "working_note": "theirs", "reason": "theirs"},
        {"judgement": "theirs", "report_text": "mine", "working_note": "theirs", "reason": "mine"},
        {"judgement": "mine", "report_text": "theirs", "working_note": "mine", "reason": "mine"},
    ]  # fmt: skip
    for code, choice in zip(both, choices, strict=True):
        open_card(page, code)
        for field, side in choice.items():
            page.check(f"[name=which-{field}][value={side}]")
        page.click("[data-decide]")
        expect(page.locator("form.conflict")).to_have_count(0)
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=SOON * 1000)

    after = stored(stack, number)
    for code, choice in zip(both, choices, strict=True):
        mine = before["findings"][code] | {"judgement": wanted[code]}
        for field, side in choice.items():
            expected = (mine if side == "mine" else theirs["findings"][code])[field]
            assert after["findings"][code][field] == expected, (code, field)
    assert_arrived(photos, before, after, receipts(stack, page))
    assert tablet.faults == []


def test_killed_programs_lose_and_double_nothing(stack: Stack, tablet: Tablet, number: str) -> None:
    before = stored(stack, number)
    wanted = other_judgements(before["findings"])
    # Larger ones: a kill has to meet one on its way.
    photos = [camera(before["kept"] + place, (2400, 1800)) for place in range(PHOTOS)]
    page, codes = visit(tablet, number, before, photos)

    tablet.mend()
    wait_for_kept(stack, before["kept"] + len(codes) + 2)
    os.kill(stack.program("gunicorn"), signal.SIGKILL)
    expect(at(page, "network")).not_to_be_empty()
    wait_for_kept(stack, before["kept"] + len(codes) + 6)
    os.kill(stack.program("celery", "worker", "default"), signal.SIGKILL)
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=SOON * 1000)

    after = stored(stack, number)
    assert {code: row["judgement"] for code, row in after["findings"].items()} == wanted
    for code, row in after["findings"].items():
        assert row["version"] == before["findings"][code]["version"] + 1, code
    assert after["kept"] == before["kept"] + len(codes) + PHOTOS
    assert_arrived(photos, before, after, receipts(stack, page))
    assert tablet.faults == []


def wait_for_kept(stack: Stack, count: int) -> None:
    """Wait until the server has kept so many things that tablets sent."""
    deadline, kept = time.monotonic() + SOON, 0
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(stack.home / "orime.sqlite3", timeout=20)) as database:
            (kept,) = database.execute("SELECT count(*) FROM audits_syncitem").fetchone()
        if kept >= count:
            return
        time.sleep(0.02)
    pytest.fail(f"{kept} of {count} have arrived")
