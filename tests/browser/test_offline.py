"""A visit without a network: everything is kept on the tablet and reaches the server once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from reports.demo.sign_ins import PASSWORD, address
from tests.browser.tablets import (
    FIND,
    NAME,
    ask,
    at,
    camera,
    is_kept,
    open_card,
    ready,
    stored,
    take_along,
    take_photos,
)
from tests.factories import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, FilePayload, Page

    from tests.browser.conftest import Stack
    from tests.browser.people import Person

pytestmark = pytest.mark.browser
WRITE = """
from audits.models import Audit
from audits.services.fieldwork import save_finding
audit = Audit.objects.get(number="{number}")
finding = audit.findings.get(requirement__code="{code}")
colleague = audit.team.exclude(auditor__user__email="{email}").filter(answer="accepted")[0]
save_finding(
    actor=colleague.auditor.user, finding=finding, version=finding.version,
    judgement="unverifiable", reason="机上で書いた", working_note="同僚の覚え",
)
"""
# A network that takes what is sent and breaks before the answer. The browser's own interception
# does not see what passes a service worker.
LOSE = """
() => {
    const send = window.fetch;
    window.lost = [];
    window.fetch = async (address, options) => {
        const answer = await send(address, options);
        if (!String(address).endsWith("/sync/") || window.lost.length) return answer;
        window.lost.push(answer.status);
        throw new TypeError("lost");
    };
}
"""
# A tablet without any room left, until `window.room` is set.
FULL = """
() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value) {
        if (!window.room) throw new DOMException("full", "QuotaExceededError");
        return put.call(this, value);
    };
}
"""
# What was kept of photos fills the tablet: none of them can be written once more.
CROWDED = """
() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value) {
        if (value.kind === "photo") throw new DOMException("full", "QuotaExceededError");
        return put.call(this, value);
    };
}
"""
# A network that is there and takes nothing.
DEAF = """
() => {
    const send = window.fetch;
    window.fetch = (address, options) =>
        String(address).endsWith("/sync/") ? Promise.reject(new TypeError("deaf")) : send(address, options);
}
"""
# The machine may be busy with other things.
expect.set_options(timeout=20_000)


@pytest.fixture
def number(stack: Stack) -> str:
    return ask(stack, FIND)


def judge(page: Page, judgement: str, text: str) -> None:
    # The label, as a finger meets it: a forced click on its input lands on the bar that covers it.
    page.click(f"form[data-card] label:has([name=judgement][value={judgement}])")
    page.fill("form[data-card] [name=report_text]", text)


def test_whole_visit_without_a_network(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    before = stored(stack, number)

    def text(code: str) -> str:
        return f"網なし {code} {before['kept']}"

    codes = page.locator(".lines .line code").all_inner_texts()
    assert len(codes) == 84
    context = page.context
    context.set_offline(True)

    for code in codes:
        open_card(page, code)
        judge(page, "nonconforming" if code == "5-7" else "conforming", text(code))
        is_kept(page, "offline")
    page.fill("form.upload [name=caption]", "染色場")
    pictures: list[FilePayload] = [
        {"name": f"{one}.jpg", "mimeType": "image/jpeg", "buffer": picture().getvalue()}
        for one in range(3)
    ]
    page.set_input_files("[data-files]", pictures)
    expect(page.locator("[data-waiting] li")).to_have_count(3)
    lead.picture("offline-waiting")
    assert stored(stack, number)["findings"] == before["findings"]

    page.close()
    lead.page = page = context.new_page()
    page.goto(f"/portal/audits/{number}/fieldwork/")
    # Without a network the fieldwork page leads to what the tablet has.
    assert page.url.endswith(f"/{number}/tablet/")
    ready(page)
    expect(page.locator(".cell.is-waiting")).to_have_count(84)
    open_card(page, codes[0])
    expect(page.locator("[name=report_text]")).to_have_value(text(codes[0]))

    # The first answer is lost on its way: the server has everything, the tablet does not know it.
    page.evaluate(LOSE)
    context.set_offline(False)
    for _wait in range(200):
        if page.evaluate("window.lost.length"):
            break
        page.wait_for_timeout(100)
    at(page, "send").click()
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=60_000)
    assert page.evaluate("window.lost") == [200]

    after = stored(stack, number)
    assert {code: row["report_text"] for code, row in after["findings"].items()} == {
        code: text(code) for code in codes
    }
    assert after["findings"]["5-7"]["judgement"] == "nonconforming"
    for code, row in after["findings"].items():
        assert row["version"] == before["findings"][code]["version"] + 1, code
    assert len(after["photos"]) == len(before["photos"]) + 3
    assert [row["caption"] for row in after["photos"]].count("染色場") >= 3
    assert after["kept"] == before["kept"] + 87
    # Nothing is left to be sent, and sending again changes nothing.
    at(page, "send").click()
    page.wait_for_timeout(1500)
    again = stored(stack, number)
    assert (again["findings"], again["kept"]) == (after["findings"], after["kept"])
    assert len(again["photos"]) == len(after["photos"])
    assert lead.faults == []


def test_two_versions_are_compared_field_by_field(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    page.context.set_offline(True)
    open_card(page, "8-1")
    judge(page, "conforming", "現場で書いた")
    is_kept(page, "offline")
    ask(stack, WRITE, number=number, code="8-1")

    page.context.set_offline(False)
    expect(page.locator("form.conflict")).to_be_visible(timeout=30_000)
    assert stored(stack, number)["findings"]["8-1"]["working_note"] == "同僚の覚え"
    lead.picture("offline-two-versions")

    # Signing out now would leave it behind: the page says so, and staying keeps everything.
    said: list[str] = []

    def stay(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.click(".menu summary")
    page.click("form[data-person] button")
    expect(page.locator("form.conflict")).to_be_visible()
    assert len(said) == 1
    assert "1" in said[0]

    page.check("[name=which-judgement][value=mine]")
    page.check("[name=which-working_note][value=theirs]")
    page.check("[name=which-reason][value=mine]")
    page.click("[data-decide]")
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=30_000)
    row = stored(stack, number)["findings"]["8-1"]
    assert row["judgement"] == "conforming"
    assert row["report_text"] == "現場で書いた"
    assert row["working_note"] == "同僚の覚え"
    assert row["version"] >= 3
    assert lead.faults == []


def test_ended_sign_in_keeps_everything_until_the_next(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    page.context.set_offline(True)
    open_card(page, "9-1")
    judge(page, "conforming", "署名の前に")
    is_kept(page, "offline")
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)

    expect(at(page, "sign-in")).to_be_visible(timeout=30_000)
    expect(at(page, "summary")).to_have_attribute("data-state", "offline")
    at(page, "sign-in").click()
    lead.write(login=address(NAME), password=PASSWORD)
    page.click("form.card button.primary")
    page.wait_for_url(f"**/{number}/tablet/**")
    ready(page)

    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=30_000)
    assert stored(stack, number)["findings"]["9-1"]["report_text"] == "署名の前に"
    assert lead.faults == []


def test_full_tablet_says_so_and_leaves_the_text_in_the_form(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    page.context.set_offline(True)
    open_card(page, "9-2")
    page.evaluate(FULL)
    judge(page, "conforming", "入りきらない文")
    expect(at(page, "trouble")).not_to_be_empty()
    is_kept(page, "failed")

    # The card cannot be left behind with what is not kept.
    page.locator(".lines .line", has=page.locator("code:text-is('9-3')")).click()
    page.wait_for_timeout(500)
    expect(page.locator("article.req header code")).to_have_text("9-2")
    expect(page.locator("[name=report_text]")).to_have_value("入りきらない文")

    page.evaluate("window.room = true")
    open_card(page, "9-3")
    open_card(page, "9-2")
    is_kept(page, "offline")
    expect(page.locator("[name=report_text]")).to_have_value("入りきらない文")
    expect(at(page, "trouble-box")).to_be_hidden()
    assert lead.faults == []


def test_full_tablet_sends_its_photos_and_says_what_it_cannot_note(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    before = stored(stack, number)
    page.context.set_offline(True)
    take_photos(page, "9-4", [camera(94)])
    page.evaluate(CROWDED)
    page.context.set_offline(False)

    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=30_000)
    assert len(stored(stack, number)["photos"]) == len(before["photos"]) + 1

    page.context.set_offline(True)
    judge(page, "conforming", "送る前に満杯")
    is_kept(page, "offline")
    page.evaluate(FULL)
    page.context.set_offline(False)
    at(page, "send").click()
    expect(at(page, "network")).to_contain_text("QuotaExceededError")
    page.evaluate("window.room = true")
    at(page, "send").click()
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=30_000)
    assert stored(stack, number)["findings"]["9-4"]["report_text"] == "送る前に満杯"
    assert lead.faults == []


def test_what_was_written_last_stands_though_the_clock_was_put_back(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    context = page.context
    context.set_offline(True)
    page.evaluate(DEAF)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    open_card(page, "9-5")
    judge(page, "conforming", "時計が進んだ端末で")
    is_kept(page, "offline")
    # Sent, but it does not arrive: it may have reached the server, so it is not written over.
    context.set_offline(False)
    at(page, "send").click()
    expect(at(page, "network")).not_to_be_empty()
    context.set_offline(True)
    page.close()

    lead.page = page = context.new_page()
    page.goto(f"/portal/audits/{number}/tablet/")
    ready(page)
    # The clock is the context's: the new page has it too.
    page.clock.set_fixed_time(datetime.now(UTC))
    open_card(page, "9-5")
    judge(page, "conforming", "時計を直したあとで")
    is_kept(page, "offline")
    context.set_offline(False)
    at(page, "send").click()
    expect(at(page, "summary")).to_have_attribute("data-state", "saved", timeout=30_000)

    assert stored(stack, number)["findings"]["9-5"]["report_text"] == "時計を直したあとで"
    assert lead.faults == []
