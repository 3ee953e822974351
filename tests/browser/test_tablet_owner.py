"""A tablet that several people use: what it keeps belongs to one of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.tablets import (
    FIND,
    NAME,
    ask,
    at,
    is_kept,
    judge_by_keys,
    other_judgements,
    ready,
    shows,
    stored,
    take_along,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, Page

    from tests.browser.conftest import Stack
    from tests.browser.people import Person

pytestmark = pytest.mark.browser
SECRET = "染色場の主任の話"

# Everything that this origin keeps, as text: databases (their buffers too), caches, notes.
EVERYTHING = """
async () => {
    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const found = {};
    for (const { name } of await indexedDB.databases()) {
        const base = await asked(indexedDB.open(name));
        for (const store of base.objectStoreNames) {
            const rows = await asked(base.transaction(store).objectStore(store).getAll());
            found[`${name} ${store}`] = rows.map((row) => JSON.stringify(row, (_key, value) => {
                if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
                if (value instanceof CryptoKey) return `key, extractable: ${value.extractable}`;
                return value;
            }));
        }
        base.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            if (name === "orime-pages") found[request.url] = [await (await cache.match(request)).text()];
        }
    }
    return found;
}
"""

NOT_SENT = """
() => {
    const send = window.fetch;
    window.fetch = (address, more) =>
        String(address).endsWith("/sync/") ? Promise.reject(new TypeError()) : send(address, more);
}
"""


@pytest.fixture
def number(stack: Stack) -> str:
    return ask(stack, FIND)


def kept(page: Page) -> dict[str, list[str]]:
    """Return everything that the browser keeps of the site."""
    found: dict[str, list[str]] = page.evaluate(EVERYTHING)
    return found


def work_offline(stack: Stack, lead: Person, number: str) -> tuple[Page, str, str]:
    """Judge the first requirement without a network; return page, code and judgement."""
    page = take_along(lead, number)
    wanted = other_judgements(stored(stack, number)["findings"])
    code = page.locator(".lines .line code").first.inner_text()
    page.context.set_offline(True)
    judge_by_keys(page, wanted, [code])
    page.fill("[name=working_note]", SECRET)
    is_kept(page, "offline")
    expect(at(page, "summary")).to_contain_text("1")
    return page, code, wanted[code]


def sign_out(page: Page) -> list[str]:
    """Sign out by the menu and say yes to every question; return the questions."""
    said: list[str] = []

    def agree(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.click(".menu summary:has(.vh)")
    page.click("form[data-person] button")
    page.wait_for_timeout(500)
    return said


def test_nobody_else_reads_or_sends_what_was_not_sent(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page, code, judgement = work_offline(stack, lead, number)
    before = stored(stack, number)
    assert any(SECRET in row for rows in kept(page).values() for row in rows)

    # Without a network nobody can sign out, and nothing is taken away.
    assert len(sign_out(page)) == 2
    expect(page.locator("[name=working_note]")).to_have_value(SECRET)
    page.evaluate("() => { document.querySelector('details.menu[open]').open = false; }")

    # The sign-in ends, and the next person takes the tablet.
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(at(page, "sign-in")).to_be_visible()
    lead.sign_in("auditor")
    page.wait_for_function("() => window.orime.arrived.then(() => true)")
    left = kept(page)
    assert not [name for name, rows in left.items() for row in rows if SECRET in row or code in row]
    assert sum(len(rows) for name, rows in left.items() if name.endswith(" sealed")) == 1
    assert not [row for rows in left.values() for row in rows if "extractable: true" in row]
    lead.go("/portal/today/")
    expect(page.locator("[data-sealed-here]")).to_be_visible()
    lead.picture("tablet-sealed")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"/portal/audits/{number}/tablet/")
    page.context.set_offline(False)
    assert stored(stack, number)["findings"] == before["findings"]

    # Its own person gets it back, is led to it, and sends it.
    lead.go("/portal/today/")
    sign_out(page)
    page.wait_for_url("**/account/login/**")
    lead.sign_in(NAME)
    lead.go("/portal/today/")
    expect(page.locator("[data-waiting-here]")).to_contain_text(number)
    lead.picture("tablet-waiting")
    page.locator("[data-waiting-here] a").click()
    ready(page)
    expect(at(page, "summary")).to_have_attribute("data-state", "saved")
    row = stored(stack, number)["findings"][code]
    assert (row["judgement"], row["working_note"]) == (judgement, SECRET)
    assert lead.faults == []


def test_sign_out_leaves_nothing_behind_and_keeps_the_unsent_sealed(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page = take_along(lead, number)
    assert kept(page)
    assert sign_out(page) == []
    page.wait_for_url("**/account/login/**")
    assert kept(page) == {}

    lead.sign_in(NAME)
    page, code, judgement = work_offline(stack, lead, number)
    # The server is reached again, but not by what sends.
    page.evaluate(NOT_SENT)
    page.context.set_offline(False)
    (said,) = sign_out(page)
    assert "1" in said
    page.wait_for_url("**/account/login/**")
    left = kept(page)
    assert not [row for rows in left.values() for row in rows if SECRET in row or code in row]

    lead.sign_in(NAME)
    lead.go(f"/portal/audits/{number}/tablet/#{code}")
    ready(page)
    shows(page, code)
    expect(at(page, "summary")).to_have_attribute("data-state", "saved")
    row = stored(stack, number)["findings"][code]
    assert (row["judgement"], row["working_note"]) == (judgement, SECRET)


def test_receipts_are_shown_and_checked(
    stack: Stack, person: Callable[[str], Person], number: str
) -> None:
    lead = person(NAME)
    page, code, _judgement = work_offline(stack, lead, number)
    page.context.set_offline(False)
    expect(at(page, "summary")).to_have_attribute("data-state", "saved")

    shown: Any = at(page, "receipts")
    shown.locator("> summary").click()
    last = shown.locator("[data-receipts] > li").first
    last.locator("summary").click()
    expect(last).to_contain_text(code)
    code_hash = last.locator(".hash").first.inner_text()
    assert len(code_hash) == 64
    lead.picture("tablet-receipts")
    lead.press("[data-receipts] > li:first-child form button")
    expect(page.locator("section[aria-labelledby=checked] .tag.moss").first).to_be_visible()
    expect(page.locator("section[aria-labelledby=checked]")).to_contain_text(code_hash)
    lead.picture("receipts-checked")
    # One letter is another, and it is not genuine any more.
    text = page.input_value("[name=receipts]")
    page.fill("[name=receipts]", ("A" if text[0] != "A" else "B") + text[1:])
    page.click("main form button.primary")
    expect(page.locator(".errorlist, [role=alert]").first).to_be_visible()
    assert lead.faults == []
